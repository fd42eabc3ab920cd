/** Sweeps: the clock alone repairs what was cut off, and removes what nothing references. */
import { ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { partsPrefix } from "@storagex/contract/keys";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sweepAccounts } from "../src/identity/delete-account.ts";
import { emitExpired } from "../src/outbox/repair.ts";
import { dropOld } from "../src/sweeps/drop-old.ts";
import { sweep } from "../src/sweeps/run.ts";
import { eventually } from "./support/eventually.ts";
import { startFaultProxy } from "./support/fault-proxy.ts";
import { withoutClock } from "./support/hold-clock.ts";
import { insideEdge } from "./support/in-process.ts";
import { waitsFor } from "./support/locked.ts";
import { operatorOf } from "./support/operator-s3.ts";
import type { Person } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";
import { leased, planOf } from "./support/worker.ts";

let edge: Pipeline;
let ann: Person;
let store: S3Client;
beforeAll(async () => {
  edge = await startPipeline();
  ann = await edge.person();
  store = operatorOf(edge.s3);
});
afterAll(() => edge?.stop());

test("a bridge that is away gets the tasks when it is back", async () => {
  edge.bridge.refuse = 2;
  const id = await ann.uploaded();
  const { id: task } = await edge.task(id, "plan");
  await eventually(async () => expect(edge.handed(task)).toBe(1));
  await edge.sent(task);
});

test("an outbox row whose hand-over was cut off right after the answer goes out by the clock", async () => {
  const id = await ann.uploaded();
  const { id: task } = await edge.task(id, "plan");
  await edge.sent(task);
  await edge.sql.query(
    "INSERT INTO outbox (task_id, claimed_until) VALUES ($1, now() + interval '1 second')",
    [task],
  );
  await eventually(async () => expect(edge.handed(task)).toBe(2));
});

test("a lease that ran out is handed over once; the next claim counts it", async () => {
  const id = await ann.uploaded();
  const { id: task } = await edge.task(id, "plan");
  await edge.sent(task);
  leased(await edge.worker.claim(task));
  await edge.sql.query(
    "UPDATE tasks SET lease_until = now() + interval '1 second', published_at = now() WHERE id = $1",
    [task],
  );
  await eventually(async () => {
    await sweepNow(edge);
    expect(edge.handed(task)).toBe(2);
  });
  for (let round = 0; round < 3; round += 1) await sweepNow(edge);
  const offered = await edge.sql.query("SELECT 1 FROM outbox WHERE task_id = $1", [task]);
  expect([offered.rows.length, edge.handed(task)]).toEqual([2, 2]);
  leased(await edge.worker.claim(task));
  const { rows } = await edge.sql.query("SELECT interruptions, attempt FROM tasks WHERE id = $1", [task]);
  expect(rows).toEqual([{ interruptions: 1, attempt: 2 }]);
});

test("a worker that could not write for longer than its lease keeps the task where it comes back at once", async () => {
  const id = await ann.uploaded();
  const { id: task } = await edge.task(id, "plan");
  await edge.sent(task);
  const lease = leased(await edge.worker.claim(task));
  // As after a database outage: every lease has expired, and the sweep runs before the workers have written.
  await edge.sql.query(
    `UPDATE tasks SET lease_until = now() - interval '1 second', heartbeat_at = now() - interval '16 seconds',
     published_at = now() - interval '20 seconds' WHERE id = $1`,
    [task],
  );
  // Offered to others only after the longest wait of a worker between two tries, 5 s.
  await emitExpired(insideEdge(edge), 100);
  const { rows: offered } = await edge.sql.query(
    `SELECT extract(epoch FROM due_at - published_at)::int AS seconds FROM outbox JOIN tasks ON tasks.id = task_id
     WHERE task_id = $1 AND sent_at IS NULL`,
    [task],
  );
  expect(offered).toEqual([{ seconds: 6 }]);
  expect((await edge.worker.progress(task, lease)).outcome).toBe("held");
  await sweepNow(edge);
  await edge.sent(task);
  expect(edge.handed(task)).toBe(1);
  const { rows } = await edge.sql.query("SELECT attempt, interruptions FROM tasks WHERE id = $1", [task]);
  expect(rows).toEqual([{ attempt: 1, interruptions: 0 }]);
});

test("a message lost with the broker's disk is sent again, once the queue is known to be empty", async () => {
  edge.bridge.depth = 1;
  const lost: string[] = [];
  for (let index = 0; index < 3; index += 1) {
    const id = await ann.uploaded();
    lost.push((await edge.task(id, "plan")).id);
  }
  // The edge must have written when it sent them before the test changes it.
  await edge.sent(...lost);
  await edge.sql.query("UPDATE tasks SET published_at = now() - interval '6 minutes' WHERE id = ANY($1)", [
    lost,
  ]);
  await eventually(async () => {
    await sweepNow(edge);
    for (const task of lost) expect(edge.handed(task)).toBe(2);
  });
});

test("while messages wait in the queue, of a backlog one task is asked for at a time", async () => {
  const { broker } = await import("../src/outbox/outbox.ts");
  edge.bridge.depth = 40;
  Object.assign(broker, { depth: 40, askedAt: Date.now() });
  const waiting: string[] = [];
  for (let index = 0; index < 6; index += 1) waiting.push((await edge.task(await ann.uploaded(), "plan")).id);
  await edge.sent(...waiting);
  const doubles = () => waiting.reduce((sum, task) => sum + edge.handed(task) - 1, 0);
  const age = (time: string) =>
    edge.sql.query("UPDATE tasks SET published_at = now() - $2::interval WHERE id = ANY($1)", [
      waiting,
      time,
    ]);
  await age("6 minutes");
  await sweepNow(edge);
  expect(doubles(), "their messages are in the queue").toBe(0);
  await age("40 minutes");
  await sweepNow(edge);
  expect(doubles()).toBeGreaterThan(0);
  expect(doubles(), "one of this round, and one of the running edge's own").toBeLessThanOrEqual(2);
  edge.bridge.depth = 0;
});

test("videos that have as many tasks out as they may keep no other from its release", async () => {
  const { releaseMore } = await import("../src/outbox/repair.ts");
  for (let index = 0; index < 6; index += 1) await edge.planned(ann, planOf(12));
  const last = await edge.planned(ann, planOf(12));
  await edge.sql.query(
    "UPDATE tasks SET state = 'succeeded' WHERE video_id = $1 AND kind = 'encode' AND index < 2",
    [last],
  );
  await edge.sql.query("UPDATE videos SET queued_at = now() + interval '1 hour' WHERE id = $1", [last]);
  await releaseMore(insideEdge(edge), 2);
  const out = (await edge.tasks(last)).filter(({ kind, state }) => kind === "encode" && state === "queued");
  expect(out).toHaveLength(4);
});

test("waiting tasks are released where a worker has come", async () => {
  const id = await edge.planned(ann, planOf(12));
  const out = async () =>
    (await edge.tasks(id)).filter(({ kind, state }) => kind === "encode" && state === "queued").length;
  expect(await out()).toBe(4);
  await edge.worker.send("workers/hello", { worker: "new", slots: 5 });
  await eventually(async () => {
    await sweepNow(edge);
    expect(await out()).toBe(10);
  });
  await edge.sql.query("DELETE FROM workers");
});

test("a release beside another one of the same video fills its slots once", async () => {
  const { releaseMore } = await import("../src/outbox/repair.ts");
  const id = await edge.planned(ann, planOf(12));
  const own = insideEdge(edge);
  // The edge's own clock stands aside: another has the duty.
  await withoutClock(edge, async () => {
    const other = await edge.sql.connect();
    try {
      // Another release, not yet committed, into the slots that a success has freed.
      await other.query("BEGIN");
      await other.query("SELECT 1 FROM videos WHERE id = $1 FOR NO KEY UPDATE", [id]);
      const chunks =
        "UPDATE tasks SET state = $2 WHERE video_id = $1 AND kind = 'encode' AND index BETWEEN $3 AND $4";
      await other.query(chunks, [id, "queued", 4, 7]);
      await edge.sql.query(chunks, [id, "succeeded", 0, 3]);
      const release = releaseMore(own, 20);
      await waitsFor(edge.sql, other);
      await other.query("COMMIT");
      await release;
    } finally {
      other.release();
    }
  });
  const out = (await edge.tasks(id)).filter(({ kind, state }) => kind === "encode" && state === "queued");
  expect(out.map(({ index }) => index)).toEqual([4, 5, 6, 7]);
});

test("old rows of one kind that cannot go keep no other, and a past event goes after its deliveries", async () => {
  const sql = async (text: string, ...values: unknown[]) => (await edge.sql.query(text, values)).rows;
  await ann.uploaded();
  await sql(
    "INSERT INTO outbox (id, task_id, sent_at) SELECT -1, id, now() - interval '2 hours' FROM tasks LIMIT 1",
  );
  const endpoint = ["w-old", ann.user.id, "https://example.org", ""];
  await sql("INSERT INTO webhooks (id, owner_id, url, secret_sealed) VALUES ($1, $2, $3, $4)", ...endpoint);
  await sql(
    "INSERT INTO webhook_events (id, type, at) VALUES ('e-old', 'video.created', now() - interval '90 days')",
  );
  await sql(`INSERT INTO webhook_deliveries (id, webhook_id, event_id, status)
    SELECT 'd-old' || n, 'w-old', 'e-old', 'failed' FROM generate_series(1, 3) AS n`);
  const left = async () => [
    (await sql("SELECT 1 FROM outbox WHERE id = -1")).length,
    (await sql("SELECT 1 FROM webhook_deliveries WHERE webhook_id = 'w-old'")).length,
    (await sql("SELECT 1 FROM webhook_events WHERE id = 'e-old'")).length,
  ];
  const other = await edge.sql.connect();
  try {
    await other.query("BEGIN");
    await other.query("SELECT 1 FROM outbox WHERE id = -1 FOR UPDATE");
    await expect(dropOld(insideEdge(edge))).rejects.toThrow("1 kinds of old rows stay");
    expect(await left()).toEqual([1, 0, 0]);
  } finally {
    await other.query("ROLLBACK");
    other.release();
  }
  await dropOld(insideEdge(edge));
  expect(await left()).toEqual([0, 0, 0]);
});

test("a sweep that finds a whole batch begins again at once, until less is left", async () => {
  // The edge's own clock stands aside: another has the duty, and a round as long as its last one has passed.
  await withoutClock(edge, async () => {
    await sweepNow(edge);
    await edge.sql.query(
      `INSERT INTO videos (id, owner_id, title, title_key, filename, search_text, size, status, deleted_at, updated_at)
       SELECT 'gone' || n, $1, 't', 't', 'f', 't f', 1, 'deleting', now() - interval '1 day', now() - interval '2 hours'
       FROM generate_series(1, 6) n`,
      [ann.user.id],
    );
    const inside = insideEdge(edge);
    const lastRun = new Map<string, number>();
    const begin = Date.now();
    expect(await sweep(inside, begin, lastRun)).toMatchObject({ isMore: true, failed: [] });
    expect(await sweep(inside, begin + 100, lastRun)).toMatchObject({ isMore: false, failed: [] });
    const { rows } = await edge.sql.query(
      "SELECT count(*)::int AS seen FROM videos WHERE id LIKE 'gone%' AND updated_at > now() - interval '1 hour'",
    );
    expect(rows).toEqual([{ seen: 6 }]);
  });
});

test("old rows of sign-ins and deleted accounts go some at a time", async () => {
  await edge.sql.query(
    `INSERT INTO attempts (subject, window_start) SELECT 'old' || n, now() - interval '1 day' FROM generate_series(1, 10001) n`,
  );
  await edge.sql.query(
    `INSERT INTO users (id, email, password_hash, deleted_at)
     SELECT 'left' || n, 'left' || n, '', now() FROM generate_series(1, 101) n`,
  );
  const inside = insideEdge(edge);
  const left = async (statement: string) => (await edge.sql.query(statement)).rows[0]?.left;
  const attempts = "SELECT count(*)::int AS left FROM attempts WHERE subject LIKE 'old%'";
  const accounts = "SELECT count(*)::int AS left FROM users WHERE id LIKE 'left%'";
  await withoutClock(edge, async () => {
    expect(await dropOld(inside)).toBeGreaterThanOrEqual(10_000);
    expect(await left(attempts)).toBe(1);
    expect(await sweepAccounts(inside, 5)).toBe(100);
    expect(await left(accounts)).toBe(1);
  });
});

test("a tombstone outlives late writes, then goes with everything under it", async () => {
  const id = await edge.planned(ann, planOf(1, 0));
  const lease = leased(await edge.worker.claim((await edge.task(id, "encode")).id));
  await ann.call("DELETE", `/v1/videos/${id}`);
  // A zombie worker writes with the URL that it was given.
  await edge.worker.put(lease, "720p-0.mp4", 10);
  const hurry = () =>
    edge.sql.query(
      `UPDATE videos SET updated_at = now() - interval '2 hours', purge_after = now() - interval '1 second' WHERE id = $1`,
      [id],
    );
  await eventually(async () => {
    await hurry();
    await sweepNow(edge);
    const { rows } = await edge.sql.query("SELECT id FROM videos WHERE id = $1", [id]);
    expect(rows).toEqual([]);
  });
  const { rows } = await edge.sql.query("SELECT count(*)::int AS left FROM tasks WHERE video_id = $1", [id]);
  expect(rows).toEqual([{ left: 0 }]);
});

test("a tombstone that the store does not let go holds up no other", async () => {
  const { purgeDeleted } = await import("../src/lifecycle/delete.ts");
  const [stuck, free] = [await ann.uploaded(), await ann.uploaded()];
  for (const id of [stuck, free]) await ann.call("DELETE", `/v1/videos/${id}`);
  const between = await startFaultProxy(edge.s3.endpoint, (_method, { search }) =>
    search.includes(stuck) ? { status: 403, text: "" } : "pass",
  );
  const own = insideEdge({ bindings: { ...edge.bindings, S3_ENDPOINT: between.url } });
  try {
    await eventually(async () => {
      await edge.sql.query(
        `UPDATE videos SET updated_at = now() - (CASE WHEN id = $1 THEN 3 ELSE 2 END) * interval '1 hour',
         seen_empty = (CASE WHEN id = $1 THEN 0 ELSE seen_empty END), purge_after = now() WHERE id IN ($1, $2)`,
        [stuck, free],
      );
      await purgeDeleted(own, 5);
      const { rows } = await edge.sql.query("SELECT id FROM videos WHERE id IN ($1, $2)", [stuck, free]);
      expect(rows).toEqual([{ id: stuck }]);
    });
  } finally {
    await between.stop();
  }
});

test("a foreign key under the bucket is never touched, by the sweep that takes ours beside it", async () => {
  const { sweepObjects } = await import("../src/sweeps/objects.ts");
  const id = await ann.uploaded();
  // Under an area that the sweep lists, and beside them.
  const foreign = ["raw/elses.txt", "somebody/elses.txt"];
  const orphan = `raw/user_${ann.user.id}/${id}/other`;
  for (const Key of [...foreign, orphan])
    await store.send(new PutObjectCommand({ Bucket: edge.s3.bucket, Key, Body: "x" }));
  const later = Date.now() + 25 * 3_600_000;
  // As if a process that ended since had come so far: the listing goes on from there, and then begins anew.
  await edge.sql.query(`INSERT INTO sweep_positions VALUES ('raw/', 'raw/~')
    ON CONFLICT (area) DO UPDATE SET after_key = excluded.after_key`);
  await sweepObjects(insideEdge(edge), later);
  expect(await stored()).toContain(orphan);
  await sweepObjects(insideEdge(edge), later);
  expect(await stored()).toEqual(expect.arrayContaining(foreign));
  expect(await stored()).not.toContain(orphan);
});

const storedIn = async ({ s3 }: Pipeline) => {
  const { Contents = [] } = await operatorOf(s3).send(new ListObjectsV2Command({ Bucket: s3.bucket }));
  return Contents.map(({ Key = "" }) => Key);
};
const stored = () => storedIn(edge);

/** Waits until the videos' sources are put together, and their parts removed. */
const assembled = (pipeline: Pipeline, owner: string, ids: readonly string[]) =>
  eventually(async () => {
    const keys = await storedIn(pipeline);
    for (const id of ids) {
      expect(keys.filter((key) => key.startsWith(partsPrefix(owner, id)))).toEqual([]);
      expect(keys).toContain(`raw/user_${owner}/${id}/source`);
    }
  });

test("objects that no row points to, and uploads, go after a day; what a row points to stays", async () => {
  const { sweepObjects } = await import("../src/sweeps/objects.ts");
  const own = insideEdge(edge);
  const id = await edge.completed(ann);
  // Only such an upload is known to the store alone.
  await edge.restart({ STORAGEX_EARLY_START: "0" });
  const open = await ann.ticket(10);
  await edge.restart();
  // A task that waits for its next attempt: it may adopt what the last one left.
  const unfinished = await edge.planned(ann, planOf(1, 0));
  const { id: waiting } = await edge.task(unfinished, "encode");
  const Key = `processed/user_${ann.user.id}/${unfinished}/1/${waiting}-1/result.json`;
  await store.send(new PutObjectCommand({ Bucket: edge.s3.bucket, Key, Body: "x" }));
  await assembled(edge, ann.user.id, [id, unfinished]);
  // First removes what finishing has replaced, such as the temporary poster: nothing references that either.
  await sweepObjects(own, Date.now() + 25 * 3_600_000);
  const before = await stored();
  const prefix = `processed/user_${ann.user.id}/${id}/1/`;
  const orphans = [
    `${prefix}00000000-0000-4000-8000-000000000000-1/720p-0.mp4`,
    `raw/user_${ann.user.id}/${id}/other`,
  ];
  for (const Key of orphans)
    await store.send(new PutObjectCommand({ Bucket: edge.s3.bucket, Key, Body: "x" }));
  expect(await sweepObjects(own, Date.now() + 23 * 3_600_000)).toBe(0);
  expect(await sweepObjects(own, Date.now() + 25 * 3_600_000)).toBe(2);
  expect(await stored()).toEqual(before);
  const putPart = async () =>
    (await fetch(open.upload.parts[0]?.url ?? "", { method: "PUT", body: new Uint8Array(10) })).status;
  // An upload of a video that this database does not know belongs to somebody else.
  await edge.sql.query("UPDATE videos SET id = 'another' WHERE id = $1", [open.video.id]);
  await sweepObjects(own, Date.now() + 49 * 3_600_000);
  expect(await putPart()).toBe(200);
  await edge.sql.query("UPDATE videos SET id = $1 WHERE id = 'another'", [open.video.id]);
  expect(await sweepObjects(own, Date.now() + 49 * 3_600_000)).toBeGreaterThan(0);
  expect(await putPart()).toBe(404);
});

async function ownPipeline(): Promise<{ edge: Pipeline } & AsyncDisposable> {
  const edge = await startPipeline();
  return { edge, [Symbol.asyncDispose]: () => edge.stop() };
}

test("a database that does not know the bucket's videos removes nothing, whether it is empty or an older one", async () => {
  const { sweepObjects } = await import("../src/sweeps/objects.ts");
  // A database of its own: the other tests need their videos.
  await using alone = await ownPipeline();
  const { edge } = alone;
  const stored = () => storedIn(edge);
  const own = insideEdge(edge);
  const owner = await edge.person();
  const [kept, newer] = [await edge.completed(owner), await edge.completed(owner)];
  await assembled(edge, owner.user.id, [kept, newer]);
  const later = () => sweepObjects(own, Date.now() + 25 * 3_600_000);
  await later();
  const before = await stored();
  expect(before.filter((key) => key.includes(newer)).length).toBeGreaterThan(5);
  await edge.sql.query("DELETE FROM videos WHERE id = $1", [newer]);
  expect(await later()).toBe(0);
  await edge.sql.query("DELETE FROM videos");
  expect(await later()).toBe(0);
  expect(await stored()).toEqual(before);
  expect(before).toContain(`raw/user_${owner.user.id}/${kept}/source`);
});
