/** What administrators see and do of the running installation: queue, workers, failures. */
import {
  adminWorkerSchema,
  adminWorkersSchema,
  failurePageSchema,
  MAX_RETRIED,
  queueSchema,
  retriedSchema,
} from "@storagex/contract/operators";
import { beforeEach, expect, test } from "vitest";
import { problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { withoutClock } from "./support/hold-clock.ts";
import type { Person } from "./support/person.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { leased, makeWorker, planOf } from "./support/worker.ts";

usePipeline();

let root: Person;
beforeEach(async () => {
  root = await edge.person();
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [root.user.id]);
  await edge.sql.query("DELETE FROM videos");
  await edge.sql.query("DELETE FROM workers");
});

const ABOUT = { version: "1.2.3", ffmpeg: "7.1", encoder: "software" };
const hello = (worker: string, about: typeof ABOUT | undefined = ABOUT) =>
  edge.worker.send("workers/hello", { worker, slots: 2, ...(about && { about }) });
const act = async (name: string, what: "drain" | "resume") =>
  root.call("POST", `/v1/admin/workers/${encodeURIComponent(name)}/${what}`);

/** Answers are up to two seconds old. */
const workers = (check: (items: ReturnType<typeof adminWorkersSchema.parse>["items"]) => void) =>
  eventually(async () =>
    check(adminWorkersSchema.parse(await (await root.call("GET", "/v1/admin/workers")).json()).items),
  );

test("the queue counts what waits and what runs, and estimates its end", async () => {
  await ann.ticket(500);
  const waiting = await ann.uploaded(2_000_000);
  const id = await edge.planned(ann, planOf(3, 1));
  const { id: task } = await edge.task(id, "encode", 0);
  const lease = leased(await edge.worker.claim(task));
  await edge.sql.query("UPDATE tasks SET heartbeat_at = now() - interval '2 seconds' WHERE id = $1", [task]);
  await edge.worker.progress(task, lease, { speed: 4 });
  await edge.sql.query("UPDATE videos SET queued_at = now() - interval '90 seconds' WHERE id = $1", [
    waiting,
  ]);
  await eventually(async () => {
    const queue = queueSchema.parse(await (await root.call("GET", "/v1/admin/queue")).json());
    expect(queue).toMatchObject({
      videos: { uploading: 1, queued: 1, processing: 1 },
      encodedSecondsPerSecond: 4,
      dead: 0,
    });
    expect(queue.tasks).toEqual([
      { kind: "plan", waiting: 0, queued: 1, running: 0 },
      { kind: "encode", waiting: 0, queued: 2, running: 1 },
      { kind: "audio", waiting: 0, queued: 1, running: 0 },
      { kind: "finish", waiting: 0, queued: 0, running: 0 },
      { kind: "poster", waiting: 0, queued: 0, running: 0 },
    ]);
    expect(Math.round(queue.oldestQueuedSeconds)).toBeGreaterThanOrEqual(90);
    // Twelve seconds of the planned video, and two of the one that nobody has read yet, at four a second.
    expect(queue.drainSeconds).toBeCloseTo(14 / 4, 3);
    expect(queue.storage.used).toBeGreaterThan(2_000_000);
  });
});

test("a worker says what it is, and is shown with what it runs and has done", async () => {
  const w1 = makeWorker(edge.url, "w 1/ä");
  expect(await (await hello("w 1/ä")).json()).toEqual({ draining: false });
  expect((await edge.worker.send("workers/hello", { worker: "old", slots: 1 })).status).toBe(204);
  await hello("lost");
  await edge.sql.query("UPDATE workers SET seen_at = now() - interval '1 minute' WHERE name = 'lost'");
  const id = await ann.uploaded();
  const { id: plan } = await edge.task(id, "plan");
  await w1.work(plan, planOf(2, 1));
  const { id: first } = await edge.task(id, "encode", 0);
  await w1.fail(first, leased(await w1.claim(first)));
  const { id: second } = await edge.task(id, "encode", 1);
  await w1.claim(second);
  await workers((items) => {
    expect(items.map(({ name, state }) => [name, state])).toEqual([
      ["lost", "gone"],
      ["old", "live"],
      ["w 1/ä", "live"],
    ]);
    expect(items[1]).toMatchObject({ version: null, ffmpeg: null, encoder: null });
    expect(items[2]).toMatchObject({ ...ABOUT, slots: 2, tasksDone: 1, tasksFailed: 1 });
    expect(items[2]?.running).toMatchObject([{ videoId: id, title: "holiday", kind: "encode", index: 1 }]);
  });
});

test("a draining worker finishes its task and gets no other until it is resumed", async () => {
  const w1 = makeWorker(edge.url, "w1");
  await hello("w1");
  const [id, other] = [await ann.uploaded(), await ann.uploaded()];
  const { id: task } = await edge.task(id, "plan");
  const { id: next } = await edge.task(other, "plan");
  const lease = leased(await w1.claim(task));
  expect(adminWorkerSchema.parse(await (await act("w1", "drain")).json())).toMatchObject({
    state: "draining",
  });
  expect(await w1.claim(next)).toEqual({ outcome: "busy" });
  expect(await (await hello("w1")).json()).toEqual({ draining: true });
  // Another one takes it, and the first still reports.
  expect((await makeWorker(edge.url, "w2").claim(next)).outcome).toBe("leased");
  expect(await w1.succeed(task, lease, await w1.resultOf(lease, planOf(1)))).toBe("done");
  const { id: encode } = await edge.task(id, "encode", 0);
  expect(await w1.claim(encode)).toEqual({ outcome: "busy" });
  expect(adminWorkerSchema.parse(await (await act("w1", "resume")).json())).toMatchObject({ state: "live" });
  expect((await w1.claim(encode)).outcome).toBe("leased");
  for (const name of ["nobody", "%00", "x".repeat(300)])
    expect(await problemOf(await act(name, "drain"))).toMatchObject({
      status: 404,
      code: "worker.not_found",
    });
});

test("failures are listed with reason, worker and attempts, and retried by reason or id", async () => {
  const failed = async (code: string) => {
    const id = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    await edge.worker.fail(task, leased(await edge.worker.claim(task)), { code, retryable: false });
    return id;
  };
  const damaged = [
    await failed("source.damaged"),
    await failed("source.damaged"),
    await failed("source.damaged"),
  ];
  const empty = await failed("source.empty");
  const list = async (query = "") =>
    failurePageSchema.parse(await (await root.call("GET", `/v1/admin/failures?${query}`)).json());
  const first = await list("limit=3");
  expect(first.codes).toEqual([
    { code: "source.damaged", videos: 3 },
    { code: "source.empty", videos: 1 },
  ]);
  expect(first.items[0]).toMatchObject({
    ...{
      videoId: empty,
      title: "holiday",
      code: "source.empty",
      kind: "plan",
      index: 0,
      worker: "w1",
      attempts: 1,
    },
    owner: { id: ann.user.id, email: ann.user.email },
    reason: "This file holds no data. Upload it again from the original.",
  });
  const rest = await list(`limit=3&cursor=${first.nextCursor}`);
  expect(rest.nextCursor).toBeNull();
  expect([...first.items, ...rest.items].map(({ videoId }) => videoId)).toEqual([
    empty,
    ...damaged.toReversed(),
  ]);
  expect((await list("code=source.empty")).items).toHaveLength(1);
  // When it failed does not change with what its owner writes.
  await ann.call("PATCH", `/v1/videos/${damaged[0]}`, { title: "renamed" });
  const { items } = await list();
  expect(items.map(({ videoId }) => videoId)).toEqual([empty, ...damaged.toReversed()]);
  expect(items.at(-1)).toMatchObject({ title: "renamed", failedAt: rest.items.at(-1)?.failedAt });

  const retry = async (body: unknown) =>
    retriedSchema.parse(await (await root.call("POST", "/v1/admin/failures/retry", body)).json());
  const [one = ""] = damaged;
  expect(await retry({ ids: [one, empty, "none"], code: "source.damaged" })).toEqual({ retried: 1, left: 0 });
  expect(await ann.video(one)).toMatchObject({ status: "queued", error: null });
  expect(await retry({ code: "source.damaged" })).toEqual({ retried: 2, left: 0 });
  // What cannot be retried now holds no place: imports of an account with as many open uploads as it may have.
  const ben = await edge.person();
  await withoutClock(edge, async () => {
    await edge.sql.query("UPDATE users SET open_tickets = 100 WHERE id = $1", [ben.user.id]);
    await edge.sql.query(
      `WITH made AS (
         INSERT INTO videos (id, owner_id, title, title_key, filename, search_text, size, status, origin, error_code, failed_at)
         SELECT 'crowded' || n, $1, 't', 't', 'f', 't', 0, 'failed', 'import', 'import.unreachable', now()
         FROM generate_series(1, $2::int) n RETURNING id)
       INSERT INTO imports (video_id, address_sealed) SELECT id, '' FROM made`,
      [ben.user.id, MAX_RETRIED],
    );
    expect(await retry({})).toEqual({ retried: 1, left: MAX_RETRIED });
  });
  await edge.sql.query("DELETE FROM videos WHERE owner_id = $1", [ben.user.id]);
  expect((await list()).items).toEqual([]);
  expect((await root.call("POST", "/v1/admin/failures/retry", { all: true })).status).toBe(422);
});
