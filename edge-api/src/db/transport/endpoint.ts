/**
 * Client of our own SQL endpoint for single statements. It sends and reads only what a statement needs, and
 * bundles concurrent ones; transactions use Neon's client and protocol.
 */
import { NeonDbError } from "@neondatabase/serverless";
import { fillPlaceholders, type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { z } from "zod";
import { type Key, type KeyedRead, textOfKeys } from "../keyed.ts";
import { type Answer, alone, makeBundles, type Send } from "./bundles.ts";

/** Characters. A longer statement (a worker's report) gets a request of its own. */
const MAX_BUNDLED = 64 * 1024;

/**
 * Runs one statement and returns its rows, as Neon's client would: `bigint` and `numeric` as text, JSON as its
 * value. Throws the errors that `failure.ts` classifies.
 */
export type Endpoint = {
  one: (statement: SQL) => Promise<Row[]>;
  /** The rows of `key`. What concurrent requests read by the same function is one statement. */
  keyed: <K extends Key>(read: KeyedRead<K>, key: K) => Promise<Row[]>;
};
type Row = Record<string, unknown>;

const rowsSchema = z.object({ columns: z.array(z.string()), rows: z.custom<unknown[][]>(Array.isArray) });
/** Further fields (SQLSTATE, constraint and so on) are copied to the error. */
const failureSchema = z.looseObject({ message: z.string() });

const dialect = new PgDialect();

/** `send` posts a body to the endpoint; `keepAlive` as in `makeBundles`. */
export function openEndpoint(send: Send, keepAlive: (work: Promise<unknown>) => void): Endpoint {
  const ask = makeBundles(send, keepAlive);
  const texts = new Map<(keys: SQL) => SQL, (keys: readonly Key[]) => string>();
  /** The same function each time, by which equal reads find each other. */
  const textOf = (read: (keys: SQL) => SQL) => {
    const known = texts.get(read) ?? textOfRead(read);
    texts.set(read, known);
    return known;
  };
  return {
    one: async (statement) => {
      const text = textOfStatement(statement);
      const answer = await (text.length > MAX_BUNDLED ? alone(send, text) : ask(text)).catch(notReached);
      const { columns, rows } = read(answer);
      return rows.map((values) => rowOf(columns, values));
    },
    keyed: async (reading, key) => {
      const answer = await ask({ read: textOf(reading), key }).catch(notReached);
      const { columns, rows } = read(answer);
      const at = columns.indexOf("place");
      return rows.filter((values) => values[at] === answer.place).map((values) => rowOf(columns, values));
    },
  };
}

function textOfStatement(statement: SQL): string {
  const { sql: query, params } = dialect.sqlToQuery(statement);
  return JSON.stringify({ query, params });
}

/** The statement is built once: only its keys differ. */
function textOfRead(read: (keys: SQL) => SQL): (keys: readonly Key[]) => string {
  const { sql: query, params } = dialect.sqlToQuery(read(sql`${sql.placeholder("keys")}`));
  const start = `{"query":${JSON.stringify(query)},"params":`;
  return (keys) => `${start}${JSON.stringify(fillPlaceholders(params, { keys: textOfKeys(keys) }))}}`;
}

const rowOf = (columns: readonly string[], values: readonly unknown[]): Row =>
  Object.fromEntries(columns.map((name, at) => [name, values[at]]));

function read({ status, body }: Answer): z.infer<typeof rowsSchema> {
  if (status === 200) return rowsSchema.parse(body);
  const { message, ...fields } = failureSchema.parse(body);
  throw Object.assign(new NeonDbError(message), status === 400 ? fields : {});
}

function notReached(error: unknown): never {
  const failure = new NeonDbError(`no answer from the database: ${error}`);
  failure.cause = error;
  throw failure;
}
