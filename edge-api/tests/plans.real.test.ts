/** Query plans of the API's own statements in a large library, where the planner has a choice. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { FREQUENT, fillLibrary, RARE } from "./library-rows.ts";
import { newSigned, type Signed } from "./support/direct-rows.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { type Edge, startEdge } from "./support/harness.ts";
import { listen } from "./support/live-stream.ts";

/** Tables that grow with the library. */
const LARGE = ["videos", "tasks", "media_objects", "events"];

type Statement = { query: string; params: unknown[] };
const statementSchema = z.object({ query: z.string(), params: z.array(z.unknown()).default([]) });
const bodySchema = z.union([
  z.array(statementSchema),
  z.object({ queries: z.array(statementSchema) }).transform(({ queries }) => queries),
  statementSchema.transform((one) => [one]),
]);

let edge: Edge;
let between: FaultProxy;
let owner: Signed;
let admin: Signed;
/** By text. */
const asked = new Map<string, Statement>();

beforeAll(async () => {
  edge = await startEdge();
  [owner, admin] = [await newSigned(edge), await newSigned(edge, "admin")];
  await fillLibrary(edge.sql, {
    videos: 60_000,
    users: 2_000,
    ownerId: owner.userId,
    own: 3_000,
    withWork: 30_000,
  });
  between = await startFaultProxy(edge.bindings.SQL_ENDPOINT_URL ?? "", (_method, _url, body) => {
    for (const statement of bodySchema.parse(JSON.parse(body))) asked.set(statement.query, statement);
    return "pass";
  });
  await edge.restart({ SQL_ENDPOINT_URL: between.url });
});
afterAll(async () => {
  await edge?.stop();
  await between?.stop();
});

const planSchema = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.looseObject({ Plan: z.unknown() })]) })]);
const nodeSchema = z.looseObject({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  Plans: z.array(z.unknown()).default([]),
});

/** Tables that the statement's plan reads in full. */
async function readWhole({ query, params }: Statement): Promise<string[]> {
  const { rows } = await edge.sql.query(`EXPLAIN (FORMAT JSON) ${query}`, params);
  const found: string[] = [];
  const visit = (value: unknown): void => {
    const node = nodeSchema.parse(value);
    if (node["Node Type"].includes("Seq Scan")) found.push(node["Relation Name"] ?? "?");
    node.Plans.forEach(visit);
  };
  visit(planSchema.parse(rows)[0]["QUERY PLAN"][0].Plan);
  return found.filter((table) => LARGE.includes(table));
}

/** The statements since the last call that read a large table in full: by text, with those tables. */
async function wholeReads(): Promise<Record<string, string[]>> {
  const statements = [...asked.values()].filter(({ query }) =>
    /^\s*(WITH|SELECT|INSERT|UPDATE|DELETE)/.test(query),
  );
  asked.clear();
  expect(statements.length).toBeGreaterThan(0);
  const found: Record<string, string[]> = {};
  for (const statement of statements) {
    const tables = await readWhole(statement);
    if (tables.length > 0) found[statement.query.replaceAll(/\s+/g, " ")] = tables;
  }
  return found;
}

async function get(caller: Signed, path: string): Promise<unknown> {
  const answer = await fetch(edge.url + path, { headers: { authorization: `Bearer ${caller.accessToken}` } });
  const text = await answer.text();
  expect(answer.status, `${path}: ${text.slice(0, 300)}`).toBe(200);
  return text.startsWith("{") ? JSON.parse(text) : text;
}
const pageSchema = z.object({
  items: z.array(z.looseObject({ title: z.string().optional() })),
  nextCursor: z.string().nullable(),
});

test("the test sees a plan that reads a table whole", async () => {
  expect(await readWhole({ query: "SELECT count(*) FROM videos WHERE title = $1", params: ["x"] })).toEqual([
    "videos",
  ]);
});

const MAY_BE_EMPTY = ["q=none", `q=${RARE}`];

test.each([
  ["owner", "/v1/videos"],
  ["admin", "/v1/admin/videos"],
])("%s: every page, filter and search of %s", async (who, path) => {
  const caller = who === "admin" ? admin : owner;
  for (const query of [
    "",
    "status=failed",
    "status=completed",
    "status=queued",
    `q=${FREQUENT}`,
    `q=${RARE}`,
    "q=zz",
    "q=none",
  ]) {
    const page = pageSchema.parse(await get(caller, `${path}?${query}`));
    expect(page.items.length, query).toBeGreaterThan(MAY_BE_EMPTY.includes(query) ? -1 : 0);
    if (page.nextCursor) await get(caller, `${path}?${query}&cursor=${page.nextCursor}`);
  }
  expect(await wholeReads()).toEqual({});
});

test("a term is found wherever it stands, in order, each row once", async () => {
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = pageSchema.parse(
      await get(admin, `/v1/admin/videos?limit=5&q=${RARE}${cursor && `&cursor=${cursor}`}`),
    );
    seen.push(...page.items.map(({ id }) => String(id)));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => `v${(11 - n) * 5_000 + 77}`));
  asked.clear();
});

test("one video, its playback and its lists; accounts", async () => {
  const page = pageSchema.parse(await get(owner, "/v1/videos?status=completed&limit=1"));
  const id = String(page.items[0]?.id);
  await get(owner, `/v1/videos/${id}`);
  await get(owner, `/v1/videos/${id}/playback`);
  await get(owner, `/v1/videos/${id}/statistics`);
  await get(admin, "/v1/me");
  await get(admin, "/v1/admin/users");
  await get(admin, "/v1/admin/users?q=user7");
  expect(await wholeReads()).toEqual({});
});

test("what live streams ask again and again", async () => {
  const stream = await listen(edge.url, admin.accessToken);
  await expect.poll(() => stream.text()).toContain("connected");
  await edge.sql.query("UPDATE videos SET title = 'new' WHERE id = 'v59999'");
  await edge.sql.query(
    "INSERT INTO events (video_id, owner_id, seq, type) VALUES ('v59999', 'u1', 1, 'video.updated')",
  );
  await expect.poll(() => stream.text()).toContain("v59999");
  await stream.close();
  expect(await wholeReads()).toEqual({});
});
