/** How PostgreSQL performs the statements of an act: which tables it reads whole, and how many rows. */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { expect } from "vitest";
import { z } from "zod";
import type { Edge } from "../../src/context.ts";
import { type Key, type KeyedRead, textOfKeys } from "../../src/db/keyed.ts";
import { insideEdge } from "./in-process.ts";
import { LARGE } from "./large-tables.ts";
import { edge } from "./shared-pipeline.ts";

/** The edge with a database that records every statement. */
export function recording(): { inside: Edge; asked: SQL[] } {
  const asked: SQL[] = [];
  const inside = insideEdge(edge);
  const db = new Proxy(inside.db, {
    get(target, name) {
      if (name === "endpoint")
        return {
          ...target.endpoint,
          one: (statement: SQL) => {
            asked.push(statement);
            return target.endpoint?.one(statement);
          },
          keyed: <K extends Key>(read: KeyedRead<K>, key: K) => {
            asked.push(read(sql`${textOfKeys([key])}`));
            return target.endpoint?.keyed(read, key);
          },
        };
      if (name !== "execute") return Reflect.get(target, name, target);
      return (statement: SQLWrapper | string) => {
        asked.push(typeof statement === "string" ? sql.raw(statement) : statement.getSQL());
        return target.execute(statement);
      };
    },
  });
  return { inside: { ...inside, db }, asked };
}

type Node = {
  "Node Type": string;
  "Relation Name"?: string | undefined;
  "Index Name"?: string | undefined;
  Plans?: Node[] | undefined;
};
const nodeSchema: z.ZodType<Node> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    "Index Name": z.string().optional(),
    Plans: z.array(nodeSchema).optional(),
  }),
);
/** Rows that a node read, those included that its filter dropped. */
const readSchema: z.ZodType<Read> = z.lazy(() =>
  z
    .object({
      "Actual Rows": z.number(),
      "Actual Loops": z.number(),
      "Rows Removed by Filter": z.number().default(0),
      Plans: z.array(readSchema).default([]),
    })
    .transform((node) => ({
      rows:
        (node["Actual Rows"] + node["Rows Removed by Filter"]) * node["Actual Loops"] +
        node.Plans.reduce((sum, { rows }) => sum + rows, 0),
    })),
);
type Read = { rows: number };

/** The rows that pass through all nodes of `statement`'s plan when it is run; what it changes is taken back. */
export async function rowsRead(statement: SQL): Promise<number> {
  const { sql: text, params } = new PgDialect().sqlToQuery(statement);
  const client = await edge.sql.connect();
  try {
    await client.query("BEGIN; SET LOCAL random_page_cost = 1.1");
    const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, params);
    const [{ Plan }] = z.tuple([z.object({ Plan: readSchema })]).parse(rows[0]?.["QUERY PLAN"]);
    return Plan.rows;
  } finally {
    client.release(true);
  }
}

const planSchema = z.tuple([z.object({ Plan: nodeSchema })]);

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** How PostgreSQL would perform `statement`. */
export async function plannedNodes(statement: SQL): Promise<{ text: string; nodes: Node[] }> {
  const { sql: text, params } = new PgDialect().sqlToQuery(statement);
  const client = await edge.sql.connect();
  // As on an SSD: tables of this size then cost what those of a large installation do.
  await client.query("SET random_page_cost = 1.1");
  const { rows } = await client
    .query(`EXPLAIN (FORMAT JSON) ${text}`, params)
    .finally(() => client.release(true));
  const [{ Plan }] = planSchema.parse(rows[0]?.["QUERY PLAN"]);
  return { text, nodes: nodesOf(Plan) };
}

/** The large tables that PostgreSQL would read in full for `statement`. */
export async function readWhole(statement: SQL): Promise<string[]> {
  const { text, nodes } = await plannedNodes(statement);
  return nodes.flatMap((node) =>
    node["Node Type"] === "Seq Scan" && LARGE.includes(node["Relation Name"] ?? "")
      ? [`${node["Relation Name"]}: ${text}`]
      : [],
  );
}

/** `besides`: a table that the act must sum. */
export async function expectNoneReadWhole(asked: readonly SQL[], min: number, besides = ""): Promise<void> {
  expect(asked.length).toBeGreaterThanOrEqual(min);
  const whole = [];
  for (const statement of asked) whole.push(...(await readWhole(statement)));
  expect(whole.filter((table) => besides === "" || !table.startsWith(`${besides}:`))).toEqual([]);
}
