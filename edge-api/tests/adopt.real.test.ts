/**
 * Adoption: the newest attempt reports what an earlier one made; the objects are checked again, and the rows
 * reference that attempt's objects.
 */

import type { Lease } from "@storagex/contract/tasks/lease";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { expect, test } from "vitest";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { leased, planOf } from "./support/worker.ts";

usePipeline();

const PLAN = planOf(1, 0);
const expire = (taskId: string) =>
  edge.sql.query("UPDATE tasks SET lease_until = now() - interval '1 second' WHERE id = $1", [taskId]);

/** The next attempt of a task whose worker is gone. */
async function next(taskId: string): Promise<Lease> {
  await expire(taskId);
  return leased(await edge.worker.claim(taskId));
}

const report = (lease: Lease, result: TaskResult, adopted: number) =>
  edge.worker.send(`tasks/${lease.taskId}/succeed`, {
    attempt: lease.attempt,
    leaseSecret: lease.leaseSecret,
    result,
    adopted,
  });

/** An encode task whose first attempt made everything and then never reported. */
async function made() {
  const id = await edge.planned(ann, PLAN);
  const task = await edge.task(id, "encode");
  const first = leased(await edge.worker.claim(task.id));
  const result = await edge.worker.resultOf(first, PLAN);
  if (result.kind !== "encode") throw new Error("no encode");
  return { id, task: task.id, first, result };
}

test("a claim brings the places where earlier attempts may have left their results, newest first, three at most", async () => {
  const { task, first } = await made();
  expect(first.left).toEqual([]);
  await edge.worker.put(first, "result.json", 7);
  const second = await next(task);
  expect(second.left.map(({ attempt }) => attempt)).toEqual([1]);
  expect((await (await fetch(second.left[0]?.url ?? "")).arrayBuffer()).byteLength).toBe(7);
  await next(task);
  await next(task);
  expect((await next(task)).left.map(({ attempt }) => attempt)).toEqual([4, 3, 2]);
});

test("rows pin the attempt that made the objects; what they cost is counted once", async () => {
  const { id, task, result } = await made();
  const second = await next(task);
  expect(await (await report(second, result, 1)).json()).toEqual({ outcome: "done" });
  expect(await (await report(second, result, 1)).json()).toEqual({ outcome: "done" });
  const { rows } = await edge.sql.query(
    `SELECT o.attempt, o.key LIKE '%/' || tasks.id || '-1/%' AS lies_there, tasks.attempt AS newest, videos.cpu_seconds AS cpu
     FROM media_objects o JOIN tasks ON tasks.video_id = o.video_id AND kind = 'encode'
     JOIN videos ON videos.id = o.video_id WHERE o.video_id = $1`,
    [id],
  );
  // One second each for the plan and the chunk.
  expect(rows).toEqual(Array(2).fill({ attempt: 1, lies_there: true, newest: 2, cpu: 2 }));
  await edge.worker.work((await edge.task(id, "finish")).id, PLAN);
  expect((await ann.video(id)).status).toBe("completed");
});

test("an object that is not there or was written again, and an attempt that is no earlier one, are refused", async () => {
  const { id, task, first, result } = await made();
  await edge.worker.put(first, "720p-0.mp4", 2099);
  const second = await next(task);
  for (const adopted of [1, 3]) expect((await report(second, result, adopted)).status).toBe(422);
  // The same length with other bytes: somebody else wrote it.
  const grant = first.outputs.find(({ name }) => name === "720p-0.mp4");
  const body = new Uint8Array(2100).fill(1);
  await fetch(grant && "url" in grant ? grant.url : "", { method: "PUT", body });
  expect((await report(second, result, 1)).status).toBe(422);
  const gone = { ...result, objects: result.objects.filter(({ rendition }) => rendition === "720p") };
  expect((await report(second, gone, 1)).status).toBe(422);
  expect(await edge.worker.succeed(task, second, await edge.worker.resultOf(second, PLAN))).toBe("done");
  const { rows } = await edge.sql.query("SELECT DISTINCT attempt FROM media_objects WHERE video_id = $1", [
    id,
  ]);
  expect(rows).toEqual([{ attempt: 2 }]);
});

test("an overtaken attempt adopts nothing either", async () => {
  const { task, result } = await made();
  const second = await next(task);
  await next(task);
  expect(await (await report(second, result, 1)).json()).toEqual({ outcome: "gone" });
});

test("an MP4 whose parts the dead attempt sent is completed for the one that adopts it", async () => {
  const { id, task, result } = await made();
  await report(await next(task), result, 1);
  const finish = await edge.task(id, "finish");
  const done = await edge.worker.resultOf(leased(await edge.worker.claim(finish.id)), PLAN);
  expect(await (await report(await next(finish.id), done, 1)).json()).toEqual({ outcome: "done" });
  expect((await ann.video(id)).status).toBe("completed");
  const { rows } = await edge.sql.query("SELECT mp4->>'key' AS key FROM videos WHERE id = $1", [id]);
  expect(rows[0].key).toContain(`${finish.id}-1/video.mp4`);
});
