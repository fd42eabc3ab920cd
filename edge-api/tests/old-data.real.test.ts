/** Migrates databases of earlier releases, with videos in every state: each video still reaches its end. */
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { sessionSchema } from "@storagex/contract/accounts/account";
import { rawPrefix } from "@storagex/contract/keys";
import { partUrlsSchema, storedPartsSchema } from "@storagex/contract/uploads/upload";
import { playablePlaybackSchema } from "@storagex/contract/videos/playback";
import { statisticsSchema } from "@storagex/contract/videos/statistics";
import { videoPageSchema } from "@storagex/contract/videos/video";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { inClone } from "../../stack/paths.ts";
import { runOneShot } from "../../stack/supervise/one-shot.ts";
import { STORED } from "../src/quota/counters.ts";
import { PASSWORD, post } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { layObjects, miscounted, type OldVideos, restoreOld } from "./support/old-data.ts";
import { operatorOf } from "./support/operator-s3.ts";
import { type Person, personOf } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";
import { leased, planOf } from "./support/worker.ts";

/** As the dumps' videos were planned (`make-dump.real.test.ts`). */
const plan = planOf(3, 2);

let edge: Pipeline;
afterEach(() => edge?.stop());

const RIGHT = { used: 0, sources: 0, videos: 0, reserved: 0, tickets: 0 };

/** Whether the usage of the days before is that of the videos which still exist. */
const USAGE = `SELECT
    sum(encoded_seconds) = (SELECT sum(duration) FROM videos WHERE status = 'completed') AS encoded,
    max(source_bytes) = (SELECT sum(size) FROM videos WHERE status NOT IN ('pending_upload', 'deleting')) AS stored
  FROM usage_days`;

/** Restores the dump, migrates it, and starts the edge on it. */
async function updated(dump: string, last: string): Promise<OldVideos> {
  let names: OldVideos | undefined;
  edge = await startPipeline({}, async (databaseUrl) => {
    names = await restoreOld(databaseUrl, dump, last);
    await runOneShot(inClone("edge-api", "ops", "migrate.ts"), [], { DATABASE_URL: databaseUrl });
    // Before the edge starts, whose sweep would repair them.
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      expect(await miscounted(client)).toEqual([RIGHT]);
      expect((await client.query(USAGE)).rows).toEqual([{ encoded: true, stored: true }]);
    } finally {
      await client.end();
    }
  });
  if (!names) throw new Error("nothing was restored");
  return names;
}

/** The dump's videos that have an event of this type, by name. */
async function toldOf(type: string, names: OldVideos): Promise<string[]> {
  const { rows } = await edge.sql.query<{ id: string }>("SELECT video_id AS id FROM events WHERE type = $1", [
    type,
  ]);
  const byId = new Map(Object.entries(names).map(([name, id]) => [id, name]));
  return rows.map(({ id }) => byId.get(id) ?? id).sort();
}

/** Videos whose stored bytes are not those of their objects. */
async function misstored(): Promise<unknown[]> {
  const { rows } = await edge.sql.query(
    `SELECT id, status, stored_bytes, ${STORED} AS stored FROM videos
     WHERE status NOT IN ('pending_upload', 'deleting') AND stored_bytes <> ${STORED}`,
  );
  return rows;
}

/** Checks the columns that migrations fill from older rows. */
async function checkColumns(names: OldVideos): Promise<void> {
  const chunks = async (id: string) => {
    const { rows } = await edge.sql.query(
      `SELECT first_frame AS first, frames FROM tasks JOIN videos ON videos.id = video_id
       WHERE video_id = $1 AND kind = 'encode' AND tasks.generation = videos.generation ORDER BY index`,
      [id],
    );
    return rows;
  };
  const cut = plan.chunks.map(({ firstFrame: first, frames }) => ({ first, frames }));
  const { completed, planned, processing, unheard, finishing, failed, retried } = names;
  for (const id of [completed, planned, processing, unheard, finishing, failed, retried])
    expect(await chunks(id)).toEqual(cut);
  const { rows } = await edge.sql.query<{ id: string; done: number; playable: boolean }>(
    "SELECT id, done_frames::int AS done, playable_at IS NOT NULL AS playable FROM videos WHERE status = 'processing'",
  );
  const found = new Map(rows.map(({ id, ...row }) => [id, row]));
  expect(found.get(names.planning)).toEqual({ done: 0, playable: false });
  expect(found.get(planned)).toEqual({ done: 0, playable: false });
  expect(found.get(processing)).toEqual({ done: 100, playable: true });
  // One audio track has no piece yet.
  expect(found.get(unheard)).toEqual({ done: 100, playable: false });
  expect(found.get(finishing)).toEqual({ done: 300, playable: true });
  // Its first generation's work does not count.
  expect(found.get(retried)).toEqual({ done: 0, playable: false });
  const { rows: tickets } = await edge.sql.query(
    "SELECT DISTINCT part_size::int AS size FROM videos WHERE status = 'pending_upload'",
  );
  expect(tickets).toEqual([{ size: 16 * 1024 * 1024 }]);
}

async function signIn(): Promise<Person> {
  const { rows } = await edge.sql.query<{ email: string }>("SELECT email FROM users WHERE used_bytes > 0");
  const answer = await post(`${edge.url}/v1/auth/login`, { email: rows[0]?.email, password: PASSWORD });
  return personOf(edge.url, sessionSchema.parse(await answer.json()));
}

/** Checks what the owner sees before any work continues. */
async function checkViews(owner: Person, names: OldVideos): Promise<void> {
  const half = await owner.video(names.processing);
  expect(half).toMatchObject({ status: "processing", playable: true, processing: { playableTo: 4 } });
  expect(half.processing?.chunks.map(({ from, to, state }) => [from, to, state])).toEqual([
    [0, 4, "done"],
    [4, 8, "running"],
    [8, 12, "waiting"],
  ]);
  expect(half.progress).toBeGreaterThan((await owner.video(names.planned)).progress);
  expect((await owner.video(names.failed)).error?.code).toBe("source.damaged");
  expect((await owner.call("GET", `/v1/videos/${names.deleted}`)).status).toBe(404);
  const answer = await owner.call("GET", `/v1/videos/${names.completed}/statistics`);
  const { spans } = statisticsSchema.parse(await answer.json());
  expect(spans.map(({ from }) => from)).toEqual([0, 4, 8]);
}

/** Checks that the playlists are complete and that all URLs can be fetched. */
async function checkPlays(owner: Person, id: string): Promise<void> {
  const answer = await owner.call("GET", `/v1/videos/${id}/playback`);
  const playback = playablePlaybackSchema.parse(await answer.json());
  expect(playback.state).toBe("complete");
  for (const rendition of ["720p", "360p", "audio-0", "audio-1"]) {
    const list = await (await fetch(new URL(`${rendition}.m3u8`, playback.hls))).text();
    expect(list).toContain("#EXT-X-ENDLIST");
    expect(list.match(/^#EXTINF/gm), rendition).toHaveLength(6);
    const segment = list.split("\n").find((line) => line.startsWith("http")) ?? "";
    expect((await fetch(segment, { headers: { range: "bytes=100-1099" } })).status).toBe(206);
  }
  for (const url of [playback.mp4, playback.download, playback.poster, playback.storyboard])
    expect((await fetch(url ?? "")).status).toBe(200);
}

/** Resumes and completes an open upload. */
async function resumeUpload(owner: Person, id: string): Promise<void> {
  const path = `/v1/videos/${id}/upload/parts`;
  const stored = storedPartsSchema.parse(await (await owner.call("GET", path)).json());
  expect(stored).toEqual({ partSize: 16 * 1024 * 1024, partCount: 1, parts: [] });
  const urls = partUrlsSchema.parse(await (await owner.call("POST", path, { partNumbers: [1] })).json());
  const put = await fetch(urls.parts[0]?.url ?? "", { method: "PUT", body: new Uint8Array(1000) });
  expect(put.status).toBe(200);
  expect((await owner.call("POST", `/v1/videos/${id}/complete`, {})).status).toBe(200);
}

/** Does the tasks that were published since the migration, and only these, until the videos are completed. */
async function workOff(owner: Person, ids: readonly string[]): Promise<void> {
  await eventually(async () => {
    await sweepNow(edge);
    for (const id of ids)
      for (const { id: task, state } of await edge.tasks(id))
        if ((state === "queued" || state === "running") && edge.handed(task) > 0)
          await edge.worker.work(task, plan);
    for (const id of ids) expect(await owner.video(id)).toMatchObject({ id, status: "completed" });
  });
}

/** Lets the tombstone expire; its object and row must go. */
async function purge(owner: Person, id: string): Promise<void> {
  const Key = `${rawPrefix(owner.user.id, id)}late`;
  await edge.sql.query("UPDATE videos SET purge_after = now() - interval '1 minute' WHERE id = $1", [id]);
  await eventually(async () => {
    await edge.sql.query(
      "UPDATE videos SET updated_at = now() - interval '2 hours' WHERE id = $1 AND status = 'deleting'",
      [id],
    );
    await sweepNow(edge);
    const { rowCount } = await edge.sql.query("SELECT 1 FROM videos WHERE id = $1", [id]);
    expect(rowCount).toBe(0);
  });
  const head = operatorOf(edge.s3).send(new HeadObjectCommand({ Bucket: edge.s3.bucket, Key }));
  await expect(head).rejects.toMatchObject({ name: "NotFound" });
}

describe("the database of", () => {
  test.each([
    // The last release: no notes, no events, chunks in the plan.
    ["before-notes", "0003_unread_columns"],
    // Events, and chunks still in the plan.
    ["before-chunks-on-tasks", "0006_events"],
  ])("%s goes on", async (dump, last) => {
    const names = await updated(dump, last);
    await layObjects(edge, names);
    await checkColumns(names);
    expect(await misstored()).toEqual([]);

    const owner = await signIn();
    await checkViews(owner, names);
    await checkPlays(owner, names.completed);
    expect((await owner.call("POST", `/v1/videos/${names.failed}/retry`)).status).toBe(202);
    await resumeUpload(owner, names.pending);
    await edge.sql.query("UPDATE videos SET ticket_expires_at = now() - interval '1 hour' WHERE id = $1", [
      names.expired,
    ]);

    const { completed, expired, deleted, ...others } = names;
    await workOff(owner, Object.values(others));
    for (const id of Object.values(others)) await checkPlays(owner, id);
    expect((await owner.call("GET", `/v1/videos/${expired}`)).status).toBe(404);
    const worked = Object.keys(others).sort();
    expect(await toldOf("video.completed", names)).toEqual(worked);
    expect(await toldOf("upload.expired", names)).toEqual(["expired"]);
    // Two were playable before the migration, which writes no events.
    const watched = ["processing", "finishing"];
    expect(await toldOf("video.playable", names)).toEqual(worked.filter((name) => !watched.includes(name)));

    await purge(owner, deleted);
    expect(await miscounted(edge.sql)).toEqual([RIGHT]);
    expect(await misstored()).toEqual([]);
    // The sweep fills the search texts of old rows.
    const found = await owner.call("GET", "/v1/videos?q=holiday");
    const { items } = videoPageSchema.parse(await found.json());
    expect(items.map(({ id }) => id).sort()).toEqual([completed, ...Object.values(others)].sort());
  });
});

test("a Worker of the release before, which still writes chunks into a plan, leaves tasks that can be claimed", async () => {
  edge = await startPipeline();
  const person = await edge.person();
  const id = await person.uploaded();
  await edge.worker.claim((await edge.task(id, "plan")).id);
  // Its statement: plan and tasks at once.
  const { rowCount } = await edge.sql.query(
    `WITH held AS (
       UPDATE tasks SET state = 'succeeded', lease_until = NULL WHERE video_id = $1 AND kind = 'plan' RETURNING video_id, generation
     ), planned AS (
       UPDATE videos SET plan = $2, duration = 12, pending_tasks = 5 FROM held WHERE videos.id = held.video_id RETURNING videos.id
     ), made AS (
       INSERT INTO tasks (video_id, generation, kind, index, state)
       SELECT held.video_id, held.generation, work.kind, work.index, 'queued' FROM held, jsonb_to_recordset($3) AS work(kind text, index int)
       RETURNING id
     ) INSERT INTO outbox (task_id) SELECT id FROM made`,
    [
      id,
      JSON.stringify(plan),
      JSON.stringify([
        ...plan.chunks.map(({ index }) => ({ kind: "encode", index })),
        ...plan.source.audio.map((_, index) => ({ kind: "audio", index })),
      ]),
    ],
  );
  expect(rowCount).toBe(5);
  const { chunks } = (await person.video(id)).processing ?? {};
  expect(chunks?.map(({ from, to }) => [from, to])).toEqual([
    [0, 4],
    [4, 8],
    [8, 12],
  ]);
  const { id: last } = await edge.task(id, "encode", 2);
  const lease = leased(await edge.worker.claim(last));
  expect(lease).toMatchObject({ chunk: { index: 2, firstFrame: 200, frames: null } });
  await edge.worker.succeed(last, lease, await edge.worker.resultOf(lease, plan));
  await workOff(person, [id]);
});
