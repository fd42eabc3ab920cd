/** Sizes in bytes for a long video: a claim, an event, a page of a list, and the database's answers. */
import { expect, test, vi } from "vitest";
import { snapshotsOf } from "../src/live/snapshots.ts";
import { listOwn } from "../src/videos/list.ts";
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
    const answer = await edge.worker.send(`tasks/${task}/claim`, { worker: "w1", redelivered: false });
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
