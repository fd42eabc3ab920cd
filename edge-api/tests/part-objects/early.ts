/** Processing during the upload: tasks are released by the parts that have arrived, read parts, and end with a refusal. */
import { claimAnswerSchema } from "@storagex/contract/tasks/lease";
import type { CutPlan } from "@storagex/contract/tasks/plan";
import { expect, test } from "vitest";
import { problemOf } from "../support/client.ts";
import { quotaOf } from "../support/quota.ts";
import { sweepNow } from "../support/sweep-now.ts";
import { leased, planOf } from "../support/worker.ts";
import {
  assembled,
  complete,
  edge,
  forgetLook,
  hashOf,
  keysOf,
  MIB,
  pass,
  put,
  putAll,
  sentInParts,
  slice,
  stored,
} from "./setting.ts";

const PART = 8 * MIB;

/** Three chunks: the first needs parts 1 and 4, the second parts 2 and 4, the third parts 3 and 4. */
function inFourParts(): CutPlan {
  const plan = planOf(3);
  const index = { from: 3 * PART, to: 3 * PART };
  const chunks = plan.chunks.map((chunk, n) => ({
    ...chunk,
    bytes: [{ from: n * PART, to: (n + 1) * PART - 1 }, index],
  }));
  return { ...plan, chunks };
}

/** An upload whose parts `numbers` have been found. */
async function begun(numbers: number[]) {
  const upload = await sentInParts(4, numbers);
  await stored(upload.ann, upload.id);
  return upload;
}

const statesOf = async (id: string) =>
  Object.fromEntries((await edge.tasks(id)).map(({ kind, index, state }) => [`${kind} ${index}`, state]));

async function arrive({ ann, ticket, file, id }: Awaited<ReturnType<typeof begun>>, ...numbers: number[]) {
  await putAll(ticket, file, numbers);
  await forgetLook(id);
  return stored(ann, id);
}

export function earlyTests(): void {
  test("tasks are released by the parts that have arrived; finish waits for the end of the upload", async () => {
    const upload = await begun([3]);
    const { ann, id, file } = upload;
    expect(await edge.tasks(id)).toEqual([]);
    expect((await arrive(upload, 1)).wanted).toEqual([4]);
    expect(await statesOf(id)).toEqual({ "plan 0": "queued" });
    const plan = inFourParts();
    expect(await edge.worker.work((await edge.task(id, "plan")).id, plan)).toBe("done");
    const waiting = { "plan 0": "succeeded", "encode 1": "waiting" };
    const none = { ...waiting, "encode 0": "waiting", "encode 2": "waiting", "audio 0": "waiting" };
    expect(await statesOf(id)).toEqual(none);
    await forgetLook(id);
    expect((await stored(ann, id)).wanted).toEqual([4, 2]);
    await arrive(upload, 4);
    const some = { ...waiting, "encode 0": "queued", "encode 2": "queued", "audio 0": "queued" };
    expect(await statesOf(id)).toEqual(some);
    for (const [kind, index] of [
      ["encode", 0],
      ["audio", 0],
      ["encode", 2],
    ] as const)
      await edge.worker.work((await edge.task(id, kind, index)).id, plan);
    expect(await ann.video(id)).toMatchObject({ status: "pending_upload", playable: true });
    const playback = await ann.call("GET", `/v1/videos/${id}/playback`);
    expect([playback.status, await playback.json()]).toMatchObject([200, { state: "partial" }]);
    await arrive(upload, 2);
    await edge.worker.work((await edge.task(id, "encode", 1)).id, plan);
    expect(await statesOf(id)).toMatchObject({ "encode 1": "succeeded", "finish 0": "waiting" });
    expect(await quotaOf(edge, ann.user.id)).toMatchObject({ reserved: file.length, open: 1 });
    const answer = await complete(ann, id);
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: "processing" }]);
    await edge.worker.work((await edge.task(id, "finish")).id, plan);
    expect(await ann.video(id)).toMatchObject({ status: "completed" });
    await assembled(id, true);
    expect(await quotaOf(edge, ann.user.id)).toMatchObject({ reserved: 0, open: 0 });
  });

  test("a worker reads the parts that have arrived, and the same bytes when they are one object", async () => {
    const upload = await begun([1, 2]);
    const { ann, id, file, ticket } = upload;
    const { id: task } = await edge.task(id, "plan");
    const old = await edge.worker.send(`tasks/${task}/claim`, { worker: "old", redelivered: false });
    expect(claimAnswerSchema.parse(await old.json()).outcome).toBe("busy");
    const lease = leased(await edge.worker.claim(task));
    expect(lease.source).toMatchObject({ size: file.length, parts: { partSize: PART } });
    const read = async () => {
      const answer = await edge.worker.progress(task, lease, { sourceParts: [2, 3, 4] });
      if (answer.outcome !== "held") throw new Error("gone");
      return answer.sourceParts.sort((a, b) => a.partNumber - b.partNumber);
    };
    const bytesOf = async ({ url, etag, skip }: Awaited<ReturnType<typeof read>>[number]) => {
      const range = `bytes=${skip}-${skip + PART - 1}`;
      const answer = await fetch(url, { headers: { "if-match": `"${etag}"`, range } });
      return hashOf(new Uint8Array(await answer.arrayBuffer()));
    };
    const before = await read();
    expect(before.map(({ partNumber, skip }) => [partNumber, skip])).toEqual([[2, 0]]);
    const second = hashOf(slice(ticket, file, 2));
    expect(await Promise.all(before.map(bytesOf))).toEqual([second]);
    await arrive(upload, 3, 4);
    await complete(ann, id);
    await assembled(id, true);
    await sweepNow(edge);
    const after = await read();
    expect(after.map(({ partNumber, skip }) => [partNumber, skip])).toEqual([
      [2, PART],
      [3, 2 * PART],
      [4, 3 * PART],
    ]);
    expect(await Promise.all(after.slice(0, 1).map(bytesOf))).toEqual([second]);
  });

  test("a task that meets missing bytes is returned uncounted, and released however the part's arrival falls", async () => {
    const upload = await begun([1]);
    const { ann, ticket, file, id } = upload;
    const { id: task } = await edge.task(id, "plan");
    for (const number of [2, 3, 4]) {
      const lease = leased(await edge.worker.claim(task));
      await put(ticket, number, slice(ticket, file, number));
      await forgetLook(id);
      const needs = [{ from: number, to: number }];
      const both = [edge.worker.fail(task, lease, { handBack: true, needs }), stored(ann, id)];
      expect((await Promise.all(both))[0]).toBe("done");
      expect(await edge.task(id, "plan")).toMatchObject({ state: "queued", failures: 0 });
    }
  });

  test("a source that is refused during its upload gives everything back at once", async () => {
    const { ann, id, ticket, file } = await begun([1]);
    const { id: task } = await edge.task(id, "plan");
    const lease = leased(await edge.worker.claim(task));
    expect(await edge.worker.fail(task, lease, { code: "source.not_video", retryable: false })).toBe("done");
    expect(await ann.video(id)).toMatchObject({ status: "failed", error: { code: "source.not_video" } });
    expect(await quotaOf(edge, ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
    const codeOf = async (path: string, body = {}) =>
      (await problemOf(await ann.call("POST", `/v1/videos/${id}${path}`, body))).code;
    expect(await codeOf("/upload/stored")).toBe("video.wrong_status");
    expect(await codeOf("/upload/parts", { partNumbers: [2] })).toBe("video.wrong_status");
    expect(await codeOf("/retry")).toBe("source.gone");
    const answer = await complete(ann, id);
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: "failed" }]);
    await put(ticket, 2, slice(ticket, file, 2));
    await edge.sql.query("UPDATE part_uploads SET swept_at = NULL WHERE video_id = $1", [id]);
    await sweepNow(edge);
    await expect.poll(() => keysOf(ann, id)).toEqual([]);
  });

  test("a failure that passes does not end an upload; neither does a disabled account, whose tasks wait", async () => {
    const upload = await begun([1, 2, 4]);
    const { ann, id } = upload;
    const plan = inFourParts();
    await edge.worker.work((await edge.task(id, "plan")).id, plan);
    expect(await ann.video(id)).toMatchObject({ status: "pending_upload", uploaded: expect.closeTo(2 / 3) });
    const { id: chunk } = await edge.task(id, "encode", 0);
    for (let attempt = 0; (await edge.task(id, "encode", 0)).state === "queued"; attempt += 1) {
      // As if its delay had passed.
      await edge.sql.query("UPDATE tasks SET published_at = NULL WHERE id = $1", [chunk]);
      const lease = leased(await edge.worker.claim(chunk));
      const passing = { code: "transcoder.crashed", retryable: true, cause: String(attempt) };
      expect(await edge.worker.fail(chunk, lease, passing)).toBe("done");
    }
    expect(await edge.task(id, "encode", 0)).toMatchObject({ state: "waiting", failures: 0 });
    const { id: audio } = await edge.task(id, "audio");
    const lease = leased(await edge.worker.claim(audio));
    await edge.sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [ann.user.id]);
    await sweepNow(edge);
    expect((await edge.worker.progress(audio, lease)).outcome).toBe("gone");
    const waiting = {
      "encode 0": "waiting",
      "encode 1": "waiting",
      "encode 2": "waiting",
      "audio 0": "waiting",
    };
    expect(await statesOf(id)).toMatchObject(waiting);
    await edge.sql.query("UPDATE users SET disabled_at = NULL WHERE id = $1", [ann.user.id]);
    await arrive(upload, 3);
    expect(await statesOf(id)).toMatchObject({ "encode 2": "queued", "encode 0": "waiting" });
    await complete(ann, id);
    const queued = { "encode 0": "queued", "encode 1": "queued", "encode 2": "queued", "audio 0": "queued" };
    expect(await statesOf(id)).toMatchObject(queued);
    expect(await ann.video(id)).toMatchObject({ status: "processing", uploaded: 1 });
  });

  test("an upload that stands still for ten minutes holds no lease and fails nothing, and goes on", async () => {
    const upload = await begun([1, 4]);
    const { ann, id } = upload;
    const plan = inFourParts();
    await edge.worker.work((await edge.task(id, "plan")).id, plan);
    await edge.worker.work((await edge.task(id, "encode", 0)).id, plan);
    const { id: audio } = await edge.task(id, "audio");
    const lease = leased(await edge.worker.claim(audio));
    const needs = [{ from: 2, to: 3 }];
    expect(await edge.worker.fail(audio, lease, { handBack: true, needs })).toBe("done");
    const before = await edge.tasks(id);
    for (const minutes of [2, 8]) {
      await pass(id, minutes);
      await sweepNow(edge);
    }
    expect(await edge.tasks(id)).toEqual(before);
    const held = `SELECT 1 FROM tasks WHERE video_id = $1 AND (state IN ('queued', 'running')
      OR (state = 'waiting' AND lease_until IS NOT NULL))`;
    expect((await edge.sql.query(held, [id])).rows).toEqual([]);
    expect(await ann.video(id)).toMatchObject({ status: "pending_upload", error: null });
    expect((await stored(ann, id)).wanted).toEqual([2, 3]);
    await arrive(upload, 2);
    const some = { "encode 1": "queued", "encode 2": "waiting", "audio 0": "waiting" };
    expect(await statesOf(id)).toMatchObject(some);
    await arrive(upload, 3);
    for (const [kind, index] of [
      ["encode", 1],
      ["encode", 2],
      ["audio", 0],
    ] as const)
      expect(await edge.worker.work((await edge.task(id, kind, index)).id, plan)).toBe("done");
    expect((await complete(ann, id)).status).toBe(200);
    await edge.worker.work((await edge.task(id, "finish")).id, plan);
    expect(await ann.video(id)).toMatchObject({ status: "completed" });
  });

  test("chunks of an upload wait where those of a complete video do, all but the first; the sweep releases them", async () => {
    const whole = await begun([1, 2, 3, 4]);
    const plan = inFourParts();
    await complete(whole.ann, whole.id);
    await edge.worker.work((await edge.task(whole.id, "plan")).id, plan);
    const upload = await begun([1, 2, 4]);
    const { chunks, ...rest } = planOf(6);
    const at = (n: number) => ({ from: n * PART, to: n * PART });
    const placed = chunks.map((chunk, n) => ({ ...chunk, bytes: [at(n < 5 ? 1 : 2)] }));
    await edge.worker.work((await edge.task(upload.id, "plan")).id, { ...rest, chunks: placed });
    expect(await statesOf(upload.id)).toMatchObject({
      ...{ "encode 0": "queued", "audio 0": "queued" },
      ...{ "encode 1": "waiting", "encode 2": "waiting" },
    });
    // Chunks that only wait for others want nothing more.
    await forgetLook(upload.id);
    expect((await stored(upload.ann, upload.id)).wanted).toEqual([3]);
    for (const index of [0, 1, 2])
      await edge.worker.work((await edge.task(whole.id, "encode", index)).id, plan);
    await sweepNow(edge);
    expect(await statesOf(upload.id)).toMatchObject({ "encode 1": "queued", "encode 2": "queued" });
  });

  test("an upload that is deleted while it is processed leaves no task, no object and no reservation", async () => {
    const { ann, id, ticket, file } = await begun([1, 4]);
    const plan = inFourParts();
    await edge.worker.work((await edge.task(id, "plan")).id, plan);
    await edge.worker.work((await edge.task(id, "encode", 0)).id, plan);
    const lease = leased(await edge.worker.claim((await edge.task(id, "audio")).id));
    expect((await ann.call("DELETE", `/v1/videos/${id}/upload`)).status).toBe(204);
    expect((await edge.worker.progress(lease.taskId, lease)).outcome).toBe("gone");
    expect(Object.values(await statesOf(id)).toSorted()).toEqual([
      ...["cancelled", "cancelled", "cancelled", "succeeded", "succeeded"],
    ]);
    expect(await quotaOf(edge, ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
    await put(ticket, 2, slice(ticket, file, 2));
    await edge.sql.query("UPDATE videos SET updated_at = now() - interval '2 hours' WHERE id = $1", [id]);
    await sweepNow(edge);
    expect(await keysOf(ann, id)).toEqual([]);
  });

  test("looks and hand-backs beside each other leave nobody waiting for what has arrived", async () => {
    const upload = await begun([1, 2, 3, 4]);
    const { id } = upload;
    await edge.worker.work((await edge.task(id, "plan")).id, inFourParts());
    const { id: task } = await edge.task(id, "audio");
    for (let race = 0; race < 60; race += 1) {
      await edge.sql.query(
        "UPDATE part_uploads SET arrived = '{[1,2)}', looked_at = NULL WHERE video_id = $1",
        [id],
      );
      await edge.sql.query("DELETE FROM upload_parts WHERE video_id = $1 AND number > 1", [id]);
      const lease = leased(await edge.worker.claim(task));
      const needs = [{ from: 2, to: 2 + (race % 3) }];
      const both = [edge.worker.fail(task, lease, { handBack: true, needs }), stored(upload.ann, id)];
      expect((await Promise.all(race % 2 ? both : both.reverse())).includes("done")).toBe(true);
      expect((await edge.task(id, "audio")).state, `race ${race}`).toBe("queued");
    }
  });

  test("a part that is sent again with other bytes after it was found begins the processing anew", async () => {
    const { ann, file, id, ticket } = await begun([1, 2, 4]);
    const plan = inFourParts();
    await edge.worker.work((await edge.task(id, "plan")).id, plan);
    await edge.worker.work((await edge.task(id, "encode", 0)).id, plan);
    const lease = leased(await edge.worker.claim((await edge.task(id, "audio")).id));
    const changed = { code: "source.changed", retryable: false };
    expect(await edge.worker.fail(lease.taskId, lease, changed)).toBe("done");
    expect(await statesOf(id)).toEqual({ "plan 0": "waiting" });
    await stored(ann, id);
    await edge.worker.work((await edge.task(id, "plan")).id, plan);
    await put(ticket, 1, new Uint8Array(PART));
    await put(ticket, 3, slice(ticket, file, 3));
    const answer = await complete(ann, id);
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: "queued" }]);
    expect(await statesOf(id)).toEqual({ "plan 0": "queued" });
    expect(await quotaOf(edge, ann.user.id)).toEqual({ used: file.length, reserved: 0, open: 0 });
    await assembled(id, true);
    expect((await edge.task(id, "plan")).state).toBe("queued");
  });
}
