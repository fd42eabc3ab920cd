/** Query plans of sweeps, workers' calls and the feed on realistically large tables: none reads one whole. */

import { processedPrefix } from "@storagex/contract/keys";
import { UPLOAD_LINK_PREFIX } from "@storagex/contract/uploads/upload-links";
import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { beforeAll, expect, test } from "vitest";
import { readAudience } from "../src/audience/read.ts";
import { writeVisits } from "../src/audience/write.ts";
import { listAudit } from "../src/audit/list.ts";
import type { Edge } from "../src/context.ts";
import { ownedBy } from "../src/db/scope.ts";
import { changesAfter, endOfEvents, progressing, queueHead } from "../src/events/follow.ts";
import { readCaller } from "../src/identity/caller.ts";
import { toMe } from "../src/identity/own-account.ts";
import { claimImport } from "../src/imports/claim.ts";
import { tombstone } from "../src/lifecycle/delete.ts";
import { listFailures } from "../src/operators/failures.ts";
import { readQueue } from "../src/operators/queue.ts";
import { listWorkers } from "../src/operators/workers.ts";
import { listUsage, readUsage } from "../src/quota/usage.ts";
import { succeedTask } from "../src/results/succeed.ts";
import { listShares } from "../src/sharing/shares.ts";
import { readStatistics } from "../src/statistics/read.ts";
import { unusedOf } from "../src/sweeps/objects.ts";
import { sweep } from "../src/sweeps/run.ts";
import { claimTask } from "../src/tasks/claim.ts";
import { reportProgress } from "../src/tasks/progress.ts";
import { readLink } from "../src/upload-links/enter.ts";
import { listUploadLinks } from "../src/upload-links/links.ts";
import { openTicket } from "../src/uploads/ticket.ts";
import { listAll, listOwn, listTags } from "../src/videos/list.ts";
import { readChanged, readWork, readWorkFor } from "../src/videos/read.ts";
import { handOverDeliveries } from "../src/webhooks/hand-over.ts";
import { claimDelivery } from "../src/webhooks/send.ts";
import { BACKLOG, fillTables } from "./support/large-tables.ts";
import { expectNoneReadWhole, plannedNodes, readWhole, recording, rowsRead } from "./support/query-plans.ts";
import { edge, usePipeline } from "./support/shared-pipeline.ts";
import { visitOf } from "./support/visits.ts";
import { leased, planOf } from "./support/worker.ts";

usePipeline();

beforeAll(() => fillTables(edge.sql));

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
  await expectNoneReadWhole(asked, 8, "users");
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

test("what an audience costs: reports, their reading, and the usage of accounts", async () => {
  const { inside, asked } = recording();
  await writeVisits(inside.db, [visitOf({ video: "v400" }), visitOf({ video: "v404" })], Date.now());
  await readAudience(inside, ownedBy("u1"), "v400", {});
  await readUsage(inside.db, "u1", {}, Date.now());
  const { nextCursor } = await listUsage(inside.db, { limit: 24 }, Date.now());
  await listUsage(inside.db, { limit: 24, cursor: nextCursor ?? "" }, Date.now());
  await listUsage(inside.db, { limit: 24, account: "u5@example.test" }, Date.now());
  await expectNoneReadWhole(asked, 6);
});

test("shares, upload links and imports", async () => {
  const { inside, asked } = recording();
  await listShares(inside, ownedBy("u1"), "v400");
  const { nextCursor } = await listUploadLinks(inside, "u5", { limit: 10 });
  await listUploadLinks(inside, "u5", { limit: 10, cursor: nextCursor ?? "" });
  await readLink(inside, `${UPLOAD_LINK_PREFIX}${"a".repeat(32)}`);
  expect((await claimImport(inside)).outcome).toBe("none");
  await expectNoneReadWhole(asked, 5);
});

test("an account with a quota of minutes is shown and given a ticket without its videos being read", async () => {
  await edge.sql.query("UPDATE users SET quota_minutes = 1000000 WHERE id = 'u7'");
  const { inside, asked } = recording();
  const caller = await readCaller(inside.db, { sessionId: "s6", userId: "u7" }, undefined);
  if (!caller) throw new Error("the session does not stand");
  expect(toMe(inside, caller.account).minutes?.stored).toBeGreaterThan(0);
  const request = { filename: "a.mp4", size: 10, contentType: "video/mp4" };
  const { video } = await openTicket(inside, { id: "u7", profile: null }, request);
  expect(video.status).toBe("pending_upload");
  await expectNoneReadWhole(asked, 4);
  const counting = asked.map((statement) => new PgDialect().sqlToQuery(statement).sql);
  const quota = asked.filter((_, index) => counting[index]?.includes("open_tickets"));
  expect(quota).toHaveLength(1);
  for (const statement of [...asked.slice(0, 1), ...quota]) {
    const { nodes } = await plannedNodes(statement);
    const scans = nodes.filter((node) => node["Node Type"].includes("Scan"));
    expect(scans.map((node) => node["Relation Name"])).not.toContain("videos");
  }
});

test("which objects no row points to is found by their own rows, however many their video has", async () => {
  const number = 3_000;
  await edge.sql.query(
    `INSERT INTO media_objects (video_id, generation, rendition, index, attempt, key, size, etag, init_length, init_hash, codecs,
       timescale, segments, frames)
     SELECT 'v800', 1, '360p', i, 1, 'other' || i, 1, 'e', 1, 'h', 'c', 25, '[]', 100 FROM generate_series(0, $1::int) i`,
    [number],
  );
  await edge.sql.query("ANALYZE media_objects");
  const keys = Array.from({ length: 500 }, (_, i) => `${processedPrefix("u1", "v800")}1/t-1/360p-${i}.mp4`);
  const { inside, asked } = recording();
  expect(await unusedOf(inside, keys)).toHaveLength(keys.length);
  expect(asked).toHaveLength(1);
  for (const statement of asked) expect(await rowsRead(statement)).toBeLessThan(12 * keys.length);
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

test("what one account missed is read without everybody's events", async () => {
  await edge.sql.query(
    "INSERT INTO events (video_id, owner_id, seq, type) SELECT 'v800', 'u1', n, 'video.updated' FROM generate_series(1, 50) n",
  );
  const { inside, asked } = recording();
  const missed = await changesAfter(inside.db, { xact: "0", id: 0 }, ["u1"], 500);
  expect(missed.length).toBeGreaterThanOrEqual(150);
  const [statement] = asked;
  if (!statement) throw new Error("nothing was asked");
  expect(await rowsRead(statement)).toBeLessThan(6 * missed.length);
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
