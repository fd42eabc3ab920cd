/** A plan that copies the source's video stream: shown as copied, and restarted without the copy if unfit. */
import type { CutPlan } from "@storagex/contract/tasks/plan";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { leased, planOf } from "./support/worker.ts";

let edge: Pipeline;
beforeAll(async () => {
  edge = await startPipeline();
});
afterAll(() => edge?.stop());

const copying = (chunks: number): CutPlan => {
  const plan = planOf(chunks);
  return { ...plan, rungs: plan.rungs.map((rung, n) => (n === 0 ? { ...rung, copied: true } : rung)) };
};
const UNFIT = { code: "transcoder.copy_unfit", message: "x", retryable: true };

test("a copied rendition says so, before it is made and after", async () => {
  const ann = await edge.person();
  const told = async (id: string) => (await ann.video(id)).renditions.map(({ copied }) => copied);
  expect(await told(await edge.planned(ann, copying(1)))).toEqual([true, false]);
  expect(await told(await edge.completed(ann, copying(1)))).toEqual([true, false]);
});

test("an unfit copy begins the next generation, once, and its plan is told to encode all", async () => {
  const ann = await edge.person();
  const id = await edge.planned(ann, copying(3));
  await edge.worker.work((await edge.task(id, "encode", 0)).id, copying(3));
  const others = await Promise.all(
    [1, 2].map(async (index) => leased(await edge.worker.claim((await edge.task(id, "encode", index)).id))),
  );
  const said = await Promise.all(others.map((lease) => edge.worker.fail(lease.taskId, lease, UNFIT)));
  expect(said.sort()).toEqual(["done", "gone"]);
  expect(await ann.video(id)).toMatchObject({ status: "queued", error: null, renditions: [] });
  expect((await edge.tasks(id)).map(({ kind, state }) => [kind, state])).toEqual([["plan", "queued"]]);
  const { rows } = await edge.sql.query(
    `SELECT generation, stored_bytes::int AS stored, (SELECT used_bytes::int FROM users WHERE id = owner_id) AS used,
       (SELECT count(*)::int FROM media_objects WHERE video_id = videos.id) AS media,
       (SELECT count(*)::int FROM tasks WHERE video_id = videos.id AND generation = 1
         AND state IN ('waiting', 'queued', 'running')) AS open
     FROM videos WHERE id = $1`,
    [id],
  );
  expect(rows).toEqual([{ generation: 2, stored: 1000, used: 1000, media: 0, open: 0 }]);
  for (const lease of others) expect((await edge.worker.progress(lease.taskId, lease)).outcome).toBe("gone");

  const plan = leased(await edge.worker.claim((await edge.task(id, "plan")).id));
  expect(plan).toMatchObject({ kind: "plan", generation: 2, profile: { preset: "veryfast", copy: false } });
  await edge.worker.succeed(plan.taskId, plan, await edge.worker.resultOf(plan, planOf(3)));
  // Nothing is copied any more: now the same code is a failure like any other.
  const chunk = leased(await edge.worker.claim((await edge.task(id, "encode", 0)).id));
  expect(await edge.worker.fail(chunk.taskId, chunk, UNFIT)).toBe("done");
  expect(await edge.task(id, "encode", 0)).toMatchObject({ state: "queued", failures: 1 });
  expect((await ann.video(id)).profile).toEqual({ quality: "fast", av1: false });
});

test("only the one who holds the task may say so", async () => {
  const ann = await edge.person();
  const id = await edge.planned(ann, copying(2));
  const lease = leased(await edge.worker.claim((await edge.task(id, "encode", 0)).id));
  expect(await edge.worker.fail(lease.taskId, { ...lease, leaseSecret: "x".repeat(22) }, UNFIT)).toBe("gone");
  expect((await ann.video(id)).status).toBe("processing");
});
