/** Two replicas on one database: each sends the other's changes, in order, without duplicates or gaps. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, type Running } from "../../testing/services/run-service.ts";
import { listen } from "./support/live-stream.ts";
import { newPerson, type Person } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { plainWorkerd } from "./support/runtimes.ts";
import { leased } from "./support/worker.ts";

let pipeline: Pipeline;
let replica: Running;
let folder: string;
/** The other replica's origin. */
let other: string;
let ann: Person;

beforeAll(async () => {
  pipeline = await startPipeline();
  folder = await mkdtemp(join(tmpdir(), "storagex-replica-"));
  const port = await freePort();
  replica = await plainWorkerd({ folder, port, bindings: pipeline.bindings });
  other = `http://127.0.0.1:${port}`;
  ann = await newPerson(pipeline.url);
});
afterAll(async () => {
  await replica?.stop();
  await pipeline?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const opened = async () => {
  const stream = await listen(other, ann.accessToken);
  await expect.poll(() => stream.text()).toContain("connected");
  return stream;
};

test("what one replica changed is heard at the other, deletion included", async () => {
  const stream = await opened();
  const { video } = await ann.ticket(1000);
  const about = () => stream.events().filter(({ data }) => data.id === video.id);
  await expect.poll(() => about().at(-1)?.event).toBe("video.updated");
  expect((await ann.call("DELETE", `/v1/videos/${video.id}`)).status).toBe(204);
  await expect.poll(() => about().at(-1)?.event).toBe("video.deleted");
  await stream.close();
});

test("progress that a worker reports to one replica is heard at the other, and rises", async () => {
  const id = await pipeline.planned(ann);
  const stream = await opened();
  const task = await pipeline.task(id, "encode", 0);
  const lease = leased(await pipeline.worker.claim(task.id));
  const heard = () => stream.events().flatMap(({ data }) => (data.id === id ? [data.progress] : []));
  for (const progress of [0.2, 0.6]) {
    // Progress is written at most about once a second.
    await expect
      .poll(async () => {
        await pipeline.worker.progress(task.id, lease, { progress });
        const chunk = (await ann.video(id)).processing?.chunks[0];
        return chunk?.progress ?? 0;
      })
      .toBeGreaterThanOrEqual(progress);
    const { progress: whole } = await ann.video(id);
    await expect.poll(() => Math.max(0, ...heard())).toBeGreaterThanOrEqual(whole);
  }
  const values = heard();
  expect(values).toEqual([...values].sort((a, b) => a - b));
  await stream.close();
});

test("a client that comes back at the other replica hears what it missed", async () => {
  const first = await listen(pipeline.url, ann.accessToken);
  await expect.poll(() => first.text()).toContain("connected");
  const { video: seen } = await ann.ticket(1000);
  await expect.poll(() => first.events().some(({ data }) => data.id === seen.id)).toBe(true);
  const last = first.events().at(-1)?.id;
  await first.close();
  const { video: missed } = await ann.ticket(1000);
  const again = await listen(other, ann.accessToken, last);
  await expect.poll(() => again.events().map(({ data }) => data.id)).toContain(missed.id);
  expect(again.events().map(({ id }) => id)).not.toContain(last);
  await again.close();
});

test("an event that commits late is not skipped by one that overtook it", async () => {
  const stream = await opened();
  const slow = await ann.ticket(1000);
  const about = (id: string) => stream.events().filter(({ data }) => data.id === id);
  await expect.poll(() => about(slow.video.id)).not.toEqual([]);
  const client = await pipeline.sql.connect();
  try {
    // The transition's own statement, held open: its event has the lower id and commits last.
    await client.query("BEGIN");
    await client.query(
      `WITH moved AS (UPDATE videos SET title = 'late' WHERE id = $1 RETURNING id, owner_id, seq)
       INSERT INTO events (video_id, owner_id, seq, type) SELECT id, owner_id, seq, 'video.updated' FROM moved`,
      [slow.video.id],
    );
    const quick = await ann.ticket(1000);
    await client.query("COMMIT");
    await expect.poll(() => about(slow.video.id).at(-1)?.data.title).toBe("late");
    await expect.poll(() => about(quick.video.id)).not.toEqual([]);
  } finally {
    client.release();
  }
  await stream.close();
});

test("of two answers the one with the larger seq is the newer, whatever the clocks said", async () => {
  const { video } = await ann.ticket(1000);
  const renamed = async (title: string) => {
    const answer = await ann.call("PATCH", `/v1/videos/${video.id}`, { title });
    const { seq, title: shown } = (await answer.json()) as { seq: number; title: string };
    return { seq, title: shown };
  };
  const titles = Array.from({ length: 10 }, (_, n) => `title ${n}`);
  const answers = await Promise.all(titles.map(renamed));
  const now = await ann.video(video.id);
  const newest = answers.reduce((one, other) => (other.seq > one.seq ? other : one));
  expect(now).toMatchObject(newest);
  // A transaction may begin first and wait for the row: events are read in another order than they happened.
  const { rows } = await pipeline.sql.query<{ seq: string }>(
    "SELECT seq FROM events WHERE video_id = $1 AND type = 'video.updated'",
    [video.id],
  );
  expect(new Set(rows.map(({ seq }) => seq)).size).toBe(10);
});

test("one clock of the two sweeps, and the other takes over when it falls silent", async () => {
  const holder = async () => {
    const { rows } = await pipeline.sql.query<{ holder: string; until: Date }>(
      "SELECT holder, until FROM duties WHERE name = 'sweeps'",
    );
    return rows[0];
  };
  // A readiness check starts a replica's clock.
  for (const url of [pipeline.url, other]) await fetch(`${url}/readyz`);
  await expect.poll(holder).toBeDefined();
  const first = await holder();
  const seen = new Set<string>();
  await expect
    .poll(
      async () => {
        const now = await holder();
        if (now) seen.add(now.holder);
        // Renewed by the same replica again and again, while both clocks run.
        return Number(now?.until) > Number(first?.until) + 10_000;
      },
      { timeout: 300_000 },
    )
    .toBe(true);
  expect(seen).toEqual(new Set([first?.holder]));
  await pipeline.sql.query(
    "UPDATE duties SET holder = 'a dead replica', until = now() - interval '1 second'",
  );
  await expect.poll(async () => (await holder())?.holder).not.toBe("a dead replica");
});

test("every move of a video's life is in the table, in order", async () => {
  const id = await pipeline.completed(ann);
  const { rows } = await pipeline.sql.query<{ type: string }>(
    "SELECT type FROM events WHERE video_id = $1 ORDER BY xact, id",
    [id],
  );
  const types = rows.map(({ type }) => type);
  expect(types.slice(0, 4)).toEqual(["video.created", "video.uploaded", "task.started", "video.planned"]);
  expect(types.at(-1)).toBe("video.completed");
  expect(types.filter((type) => type === "task.succeeded")).toHaveLength(3);
});
