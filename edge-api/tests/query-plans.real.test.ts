/** Query plans of sweeps, workers' calls and the feed on realistically large tables: none reads one whole. */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { listAudit } from "../src/audit/list.ts";
import type { Edge } from "../src/context.ts";
import { type Key, type KeyedRead, textOfKeys } from "../src/db/keyed.ts";
import { ownedBy } from "../src/db/scope.ts";
import { changesAfter, endOfEvents, progressing, queueHead } from "../src/events/follow.ts";
import { readCaller } from "../src/identity/caller.ts";
import { tombstone } from "../src/lifecycle/delete.ts";
import { listFailures } from "../src/operators/failures.ts";
import { readQueue } from "../src/operators/queue.ts";
import { listWorkers } from "../src/operators/workers.ts";
import { succeedTask } from "../src/results/succeed.ts";
import { readStatistics } from "../src/statistics/read.ts";
import { sweep } from "../src/sweeps/run.ts";
import { claimTask } from "../src/tasks/claim.ts";
import { reportProgress } from "../src/tasks/progress.ts";
import { listAll, listOwn, listTags } from "../src/videos/list.ts";
import { readChanged, readWork, readWorkFor } from "../src/videos/read.ts";
import { handOverDeliveries } from "../src/webhooks/hand-over.ts";
import { claimDelivery } from "../src/webhooks/send.ts";
import { insideEdge } from "./support/in-process.ts";
import { edge, usePipeline } from "./support/shared-pipeline.ts";
import { leased, planOf } from "./support/worker.ts";

usePipeline();

/** Tables that grow with the videos. Tables that stay small may be read in full. */
const LARGE = [
  "videos",
  "tasks",
  "media_objects",
  "events",
  "outbox",
  "sessions",
  "attempts",
  "video_tags",
  "audit",
  "webhook_deliveries",
  "webhook_events",
];

const VIDEOS = 40_000;
const BACKLOG = 20_000;
/** Videos per statement: like any open transaction, a long one would delay the events of concurrent tests. */
const BATCH = 2_000;

/** 400 accounts with 100 videos each and their rows; nearly all finished long ago, as in any library. */
async function fill(): Promise<void> {
  await edge.sql.query(
    `INSERT INTO users (id, email, password_hash, search_text)
     SELECT 'u' || n, 'u' || n || '@example.test', '', '' FROM generate_series(1, 400) n`,
  );
  const statements = [
    `INSERT INTO videos (id, owner_id, title, title_key, filename, search_text, tags, duration, size, status, generation, queued_at,
       created_at, updated_at)
     SELECT 'v' || n, 'u' || (n % 400 + 1), 't', 't' || n, 'f', 't f',
       CASE WHEN n % 9 = 0 THEN '["often", "rare"]'::jsonb ELSE '["often"]' END, n, n,
       CASE WHEN n % 400 = 1 THEN 'processing' WHEN n % 400 = 2 THEN 'queued' WHEN n % 400 = 3 THEN 'deleting' ELSE 'completed' END,
       1, now() - n * interval '1 minute', now() - n * interval '1 minute', now() - n * interval '1 minute'
     FROM generate_series($1::int, $2::int) n`,
    `WITH made AS (
       INSERT INTO tasks (video_id, generation, kind, index, state, first_frame, frames)
       SELECT 'v' || n, 1, 'encode', i, CASE WHEN n % 400 = 1 AND i > 1 THEN 'waiting' ELSE 'succeeded' END, i * 100, 100
       FROM generate_series($1::int, $2::int) n, generate_series(0, 2) i RETURNING id, index)
     INSERT INTO outbox (task_id, sent_at) SELECT id, now() - random() * interval '40 minutes' FROM made WHERE index = 0`,
    `INSERT INTO media_objects (video_id, generation, rendition, index, attempt, key, size, etag, init_length, init_hash, codecs,
       timescale, segments, frames)
     SELECT 'v' || n, 1, '720p', i, 1, 'k' || n || i, 1, 'e', 1, 'h', 'c', 25, '[]', 100
     FROM generate_series($1::int, $2::int) n, generate_series(0, 2) i`,
    `INSERT INTO events (video_id, owner_id, seq, type, at) SELECT 'v' || n, 'u' || (n % 400 + 1), 1, 'video.completed',
       now() - n * interval '1 minute' FROM generate_series($1::int, $2::int) n`,
    `INSERT INTO sessions (id, user_id, expires_at, ended_at) SELECT 's' || n, 'u' || (n % 400 + 1), now() + interval '20 days',
       CASE WHEN n % 9 = 0 THEN now() END FROM generate_series($1::int, $2::int) n`,
    `INSERT INTO audit (at, actor_kind, actor_id, action, target_kind, target_id, owner_id)
     SELECT now() - n * interval '1 minute', 'user', 'u' || (n % 400 + 1), 'session.ended', 'session', 's' || n,
       'u' || (n % 400 + 1) FROM generate_series($1::int, $2::int) n`,
    `INSERT INTO attempts (subject, window_start, count) SELECT 'a' || n, now(), 1 FROM generate_series($1::int, $2::int) n`,
  ];
  for (let from = 1; from <= VIDEOS; from += BATCH)
    for (const statement of statements) await edge.sql.query(statement, [from, from + BATCH - 1]);
  await fillWebhooks();
  await edge.sql.query("VACUUM ANALYZE");
}

/** Five endpoints of each account: one is deaf and has a backlog, one has a delivery due after all of those, others have nothing to do. */
async function fillWebhooks(): Promise<void> {
  for (const statement of [
    `INSERT INTO webhooks (id, owner_id, url, secret_sealed)
     SELECT 'w' || u || '-' || n, 'u' || u, 'https://example.org', '' FROM generate_series(1, 400) u, generate_series(1, 5) n`,
    `INSERT INTO webhook_events (id, type, at) SELECT 'e' || n, 'webhook.test', now() - n * interval '1 second'
     FROM generate_series(1, ${BACKLOG}) n`,
    `INSERT INTO webhook_deliveries (id, webhook_id, event_id, next_attempt_at, created_at)
     SELECT 'd' || n, 'w7-3', 'e' || n, now() - n * interval '1 second', now() - n * interval '1 second'
     FROM generate_series(1, ${BACKLOG}) n`,
    "INSERT INTO webhook_deliveries (id, webhook_id, event_id) VALUES ('last', 'w9-1', 'e1')",
  ])
    await edge.sql.query(statement);
}

beforeAll(fill, 120_000);

/** The edge with a database that records every statement. */
function recording(): { inside: Edge; asked: SQL[] } {
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
async function rowsRead(statement: SQL): Promise<number> {
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
async function plannedNodes(statement: SQL): Promise<{ text: string; nodes: Node[] }> {
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
async function readWhole(statement: SQL): Promise<string[]> {
  const { text, nodes } = await plannedNodes(statement);
  return nodes.flatMap((node) =>
    node["Node Type"] === "Seq Scan" && LARGE.includes(node["Relation Name"] ?? "")
      ? [`${node["Relation Name"]}: ${text}`]
      : [],
  );
}

async function expectNoneReadWhole(asked: readonly SQL[], min: number): Promise<void> {
  expect(asked.length).toBeGreaterThanOrEqual(min);
  const whole = [];
  for (const statement of asked) whole.push(...(await readWhole(statement)));
  expect(whole).toEqual([]);
}

test("the check itself sees a table that is read whole", async () => {
  expect(await readWhole(sql`SELECT count(*) FROM events WHERE data = '{"a": 1}'`)).toHaveLength(1);
});

test("a round of all sweeps", async () => {
  const person = await edge.person();
  await person.uploaded();
  const { inside, asked } = recording();
  // Days in the future, so that stored objects are old enough to be checked.
  const { failed } = await sweep(inside, Date.now() + 3 * 24 * 3_600_000, new Map());
  expect(failed).toEqual([]);
  await expectNoneReadWhole(asked, 20);
});

test("what a worker asks and says", async () => {
  const person = await edge.person();
  const plan = planOf(6);
  const id = await edge.planned(person, plan);
  const { inside, asked } = recording();
  const { id: task } = await edge.task(id, "encode", 0);
  const lease = leased(await claimTask(inside, task, { worker: "w1", redelivered: false, readsParts: true }));
  const proof = { attempt: lease.attempt, leaseSecret: lease.leaseSecret };
  const progress = { ...proof, progress: 0.5, speed: 1, pieces: [], want: [], sourceParts: [], renew: true };
  expect((await reportProgress(inside, task, progress)).outcome).toBe("held");
  const result = await edge.worker.resultOf(lease, plan);
  expect((await succeedTask(inside, task, { ...proof, result })).outcome).toBe("done");
  const done = await edge.completed(person, planOf(1));
  await readStatistics(inside, ownedBy(person.user.id), done);
  await tombstone(inside, sql`videos.id = ${id}`);
  await expectNoneReadWhole(asked, 10);
});

test("handing deliveries over and claiming one reads neither a backlog nor the endpoints with nothing to do", async () => {
  const { inside, asked } = recording();
  await handOverDeliveries(inside);
  await claimDelivery(inside, `d${BACKLOG}`, crypto.randomUUID());
  // The edge's own clock hands over, too.
  await edge.sql.query(
    "UPDATE webhook_deliveries SET handed_until = '-infinity', lease = NULL WHERE handed_until > now()",
  );
  expect(asked.length).toBeGreaterThanOrEqual(3);
  for (const statement of asked)
    expect(await rowsRead(statement), new PgDialect().sqlToQuery(statement).sql).toBeLessThan(200);
});

test("what administrators see of queue, workers and failures", async () => {
  await edge.sql.query(
    "UPDATE videos SET status = 'failed', error_code = 'source.damaged' WHERE id LIKE 'v%7'",
  );
  const person = await edge.person();
  await edge.worker.claim((await edge.task(await person.uploaded(), "plan")).id);
  const { inside, asked } = recording();
  await readQueue(inside);
  await listWorkers(inside);
  const { items, nextCursor } = await listFailures(inside, { limit: 24 });
  expect(items).toHaveLength(24);
  await listFailures(inside, { limit: 24, cursor: nextCursor ?? "" });
  await expectNoneReadWhole(asked, 8);
});

test("the audit log, whole and by each filter", async () => {
  const { inside, asked } = recording();
  const { db } = inside;
  const { items, nextCursor } = await listAudit(db, { limit: 24 });
  expect(items).toHaveLength(24);
  await listAudit(db, { limit: 24, cursor: nextCursor ?? "" });
  for (const filters of [
    { account: "u5" },
    { account: "u5@example.test" },
    { actor: "u5" },
    { target: "s5" },
  ])
    expect((await listAudit(db, { limit: 24, ...filters })).items.length).toBeGreaterThan(0);
  await listAudit(db, { limit: 24, to: new Date(Date.now() - 86_400_000).toISOString() });
  await expectNoneReadWhole(asked, 7);
});

test("what the success of a chunk changes of its video stands in no index", async () => {
  const plan = planOf(3);
  const id = await edge.planned(await edge.person(), plan);
  await edge.worker.work((await edge.task(id, "encode", 0)).id, plan);
  const columns = async (): Promise<Record<string, unknown>> =>
    (await edge.sql.query("SELECT to_jsonb(videos) AS row FROM videos WHERE id = $1", [id])).rows[0].row;
  const before = await columns();
  await edge.worker.work((await edge.task(id, "encode", 1)).id, plan);
  const after = await columns();
  const changed = Object.keys(after).filter(
    (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  expect(changed).toContain("done_frames");
  // Of expressions and conditions too.
  const { rows } = await edge.sql.query<{ name: string }>(
    `SELECT DISTINCT attname AS name FROM pg_depend
       JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
     WHERE classid = 'pg_class'::regclass AND refobjid = 'videos'::regclass AND refobjsubid > 0
       AND objid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'videos'::regclass)`,
  );
  const indexed = rows.map(({ name }) => name);
  expect(indexed).toContain("failed_at");
  expect(changed.filter((name) => indexed.includes(name))).toEqual([]);
});

test("what lists, pages and the feed read", async () => {
  const { inside, asked } = recording();
  const { db } = inside;
  await listOwn(db, "u2", { limit: 24 });
  await readWork(db, ownedBy("u2"), "v401");
  for (const asAdmin of [true, false]) await readWorkFor(db, { userId: "u5", asAdmin }, "v404");
  await readCaller(db, { sessionId: "s401", userId: "u2" }, undefined);
  await readChanged(db, [{ id: "v401", chunks: [1, 2] }]);
  await changesAfter(db, await endOfEvents(db), ["u1", "u2"], 100);
  await progressing(db, "everybody", 1);
  await queueHead(db, ["u1"], 20);
  await expectNoneReadWhole(asked, 9);
});

test("every order of a list is a walk through its own index, also from a cursor on", async () => {
  for (const [sort, own, all] of [
    ["newest", "videos_owner_newest", "videos_newest"],
    ["oldest", "videos_owner_newest", "videos_newest"],
    ["title", "videos_owner_title", "videos_title"],
    ["longest", "videos_owner_longest", "videos_longest"],
    ["largest", "videos_owner_largest", "videos_largest"],
  ] as const)
    for (const [list, index] of [
      [(db: Edge["db"], more: { cursor?: string }) => listOwn(db, "u5", { limit: 2, sort, ...more }), own],
      [(db: Edge["db"], more: { cursor?: string }) => listAll(db, { limit: 2, sort, ...more }), all],
    ] as const) {
      const { inside, asked } = recording();
      const { nextCursor } = await list(inside.db, {});
      await list(inside.db, { cursor: nextCursor ?? "" });
      // The second time it only reads which rows have changed.
      await list(inside.db, {});
      expect(asked).toHaveLength(3);
      for (const statement of asked) {
        const { nodes } = await plannedNodes(statement);
        expect(
          nodes.map((node) => node["Index Name"]),
          `${sort} by ${index}`,
        ).toContain(index);
      }
    }
});

test("filtered lists and the list of tags read no table whole", async () => {
  const { inside, asked } = recording();
  const { db } = inside;
  const filters = [
    { tag: "rare" },
    { tag: ["often", "rare"], sort: "title" as const },
    { status: ["failed" as const, "queued" as const] },
    { visibility: "public" as const },
    { createdAfter: "2026-01-01T00:00:00Z", createdBefore: "2027-01-01T00:00:00Z", sort: "oldest" as const },
  ];
  for (const more of filters) {
    await listOwn(db, "u5", { limit: 24, ...more });
    await listAll(db, { limit: 24, owner: "u5", ...more });
  }
  await listAll(db, { limit: 24, tag: "rare", sort: "largest" });
  await listTags(db, "u5");
  await expectNoneReadWhole(asked, 12);
});
