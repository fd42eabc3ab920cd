/** Sizes in bytes: of a long video a claim, an event, a page of a list; of a finished one, what is read again. */
import { expect, test, vi } from "vitest";
import { snapshotsOf } from "../src/live/snapshots.ts";
import { playbackOf } from "../src/playback/answer.ts";
import { listOwn } from "../src/videos/list.ts";
import { readWorkFor } from "../src/videos/read.ts";
import { insideEdge } from "./support/in-process.ts";
import { listen } from "./support/live-stream.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { leased, planOf } from "./support/worker.ts";

const CHUNKS = 5_000;
const plan = planOf(CHUNKS);
/** What every claim once carried: the plan with its chunks. */
const PLAN_BYTES = JSON.stringify(plan).length;

usePipeline();

/** Runs `act`, and counts the bytes that the database returns meanwhile. */
async function answered<T>(act: () => Promise<T>): Promise<{ value: T; bytes: number }> {
  const sizes: Promise<number>[] = [];
  const real = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (...args) => {
    const answer = await real(...args);
    sizes.push(
      answer
        .clone()
        .arrayBuffer()
        .then(({ byteLength }) => byteLength),
    );
    return answer;
  });
  try {
    const value = await act();
    return { value, bytes: (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) };
  } finally {
    spy.mockRestore();
  }
}

test("a plan of 5,000 chunks: a claim and an event hold none but their own", async () => {
  expect(PLAN_BYTES).toBeGreaterThan(200_000);
  const id = await edge.planned(ann, plan);
  const stream = await listen(edge.url, ann.accessToken);
  await expect.poll(() => stream.text()).toContain("connected");
  const claimed = async (index: number) => {
    const { id: task } = await edge.task(id, "encode", index);
    const answer = await edge.worker.send(`tasks/${task}/claim`, {
      worker: "w1",
      redelivered: false,
      readsParts: true,
    });
    const text = await answer.text();
    expect(text.length, "of a claim").toBeLessThan(6_000);
    return leased(JSON.parse(text));
  };
  const first = await claimed(0);
  const second = await claimed(1);
  expect(second).toMatchObject({ kind: "encode", chunk: { index: 1, firstFrame: 100, frames: 100 } });
  expect(second).not.toHaveProperty("plan.chunks");
  expect(await edge.worker.succeed(first.taskId, first, await edge.worker.resultOf(first, plan))).toBe(
    "done",
  );
  const heard = () => stream.events().filter(({ data }) => data.id === id);
  const chunksHeard = () => heard().flatMap(({ data }) => data.processing?.chunks ?? []);
  await expect
    .poll(() => chunksHeard().map(({ index, state }) => `${index} ${state}`))
    .toEqual(expect.arrayContaining(["0 done", "1 running"]));
  for (const { data } of heard()) {
    expect(JSON.stringify(data).length, "of an event").toBeLessThan(4_000);
    expect(data.processing.chunkCount).toBe(CHUNKS);
  }
  await stream.close();
  const { processing } = await ann.video(id);
  expect(processing?.chunks).toHaveLength(CHUNKS);
  expect(processing?.chunks[0]).toMatchObject({ from: 0, to: 4, state: "done" });
  expect(processing?.chunks.at(-1)).toMatchObject({ from: 4 * (CHUNKS - 1), to: 4 * CHUNKS });

  const { config, db } = insideEdge(edge);
  const page = await answered(() => listOwn(db, ann.user.id, { limit: 24 }));
  expect(page.value.rows).toMatchObject([{ id, doneFrames: 100, playable: false }]);
  expect(page.bytes, "of the database for a list").toBeLessThan(8_000);
  const change = { videoId: id, ownerId: ann.user.id, chunk: 2, xact: "1", id: 1, leavesQueue: false };
  const told = await answered(() => snapshotsOf(db, config, [change]));
  expect(told.bytes, "of the database for an event").toBeLessThan(9_000);
});

test("a finished video is read once: until it changes, the database only says that it has not", async () => {
  const id = await edge.completed(ann);
  const inside = insideEdge(edge);
  const { user } = ann;
  const reader = { userId: user.id, asAdmin: false };
  const reads: Record<"list" | "detail" | "playback", () => Promise<unknown[]>> = {
    list: async () => (await listOwn(inside.db, user.id, { limit: 24 })).rows.map(({ title }) => title),
    detail: async () => [(await readWorkFor(inside.db, reader, id))?.title],
    playback: async () => [
      (await playbackOf(inside, reader, id, { kind: "owner", userId: user.id })).download?.includes(
        "changed",
      ),
    ],
  };
  for (const [name, read] of Object.entries(reads)) {
    const first = await answered(read);
    const again = await answered(read);
    expect(again.value, name).toEqual(first.value);
    expect(again.bytes, name).toBeLessThan(first.bytes / 2);
  }
  await edge.sql.query("UPDATE videos SET title = 'changed' WHERE id = $1", [id]);
  await edge.sql.query(
    "INSERT INTO plays (video_id, day, views, watch_seconds) VALUES ($1, '2026-01-01', 7, 1)",
    [id],
  );
  expect(await reads.list()).toEqual(["changed"]);
  expect(await reads.detail()).toEqual(["changed"]);
  expect(await reads.playback()).toEqual([true]);
  expect(await readWorkFor(inside.db, reader, id)).toMatchObject({ views: 7 });
  expect(await readWorkFor(inside.db, { ...reader, userId: "somebody else" }, id)).toBeUndefined();
  await ann.call("DELETE", `/v1/videos/${id}`);
  expect(await reads.list()).toEqual([]);
  expect(await reads.detail()).toEqual([undefined]);
  await expect(reads.playback()).rejects.toThrow();
});
