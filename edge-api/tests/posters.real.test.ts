/** A poster of the owner's own: who may ask, what a worker gets, when the video shows it, and what failure leaves. */

import type { Lease } from "@storagex/contract/tasks/lease";
import { posterUploadSchema } from "@storagex/contract/videos/poster";
import { expect, test } from "vitest";
import { STORED } from "../src/quota/counters.ts";
import { sweepObjects } from "../src/sweeps/objects.ts";
import { problemOf } from "./support/client.ts";
import { insideEdge } from "./support/in-process.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";
import { leased, planOf } from "./support/worker.ts";

usePipeline();

const address = (id: string) => `/v1/videos/${id}/poster`;
const ask = (id: string, body: unknown) => ann.call("POST", address(id), body);

async function askImage(id: string, size: number): Promise<string> {
  const answer = await ask(id, { size, contentType: "image/png" });
  expect(answer.status).toBe(200);
  return posterUploadSchema.parse(await answer.json()).url;
}

/** The newest poster task of a video, claimed. */
async function claimed(id: string): Promise<Extract<Lease, { kind: "poster" }>> {
  const task = (await edge.tasks(id)).findLast(({ kind }) => kind === "poster");
  const lease = leased(await edge.worker.claim(task?.id ?? ""));
  if (lease.kind !== "poster") throw new Error(`leased a ${lease.kind}`);
  return lease;
}

const make = async (lease: Lease) =>
  edge.worker.succeed(lease.taskId, lease, await edge.worker.resultOf(lease, planOf(2)));

/** The sweep of objects that no row names, as of when those of now are old enough. */
const sweepADayLater = () => sweepObjects(insideEdge(edge), Date.now() + 25 * 3_600_000);

/** The counters of the video and its owner are the sum of what the rows name. */
async function expectCounted(id: string): Promise<void> {
  const { rows } = await edge.sql.query(
    `SELECT stored_bytes = ${STORED} AS stored, used_bytes = stored_bytes AS used
     FROM videos JOIN users ON users.id = owner_id WHERE videos.id = $1`,
    [id],
  );
  expect(rows).toEqual([{ stored: true, used: true }]);
}

test("a frame becomes the poster when it is made; the next one takes its place, and others stay to choose", async () => {
  const id = await edge.completed(ann);
  const before = await ann.video(id);
  expect((await ask(id, { at: 3.5 })).status).toBe(202);
  expect((await ann.video(id)).posterChange).toEqual({ state: "making", error: null });
  const lease = await claimed(id);
  expect(lease).toMatchObject({ at: 3.5, source: { size: 5000 } });
  expect(lease.outputs.map(({ name }) => name)).toEqual(["poster-0.jpg", "result.json"]);
  expect(await ann.video(id)).toMatchObject({
    status: "completed",
    posterIndex: 0,
    revision: before.revision,
  });

  expect(await make(lease)).toBe("done");
  expect(await make(lease)).toBe("done");
  const after = await ann.video(id);
  expect(after).toMatchObject({
    status: "completed",
    posterChange: null,
    posterIndex: 1,
    revision: before.revision + 1,
  });
  expect(after.posters).toHaveLength(2);
  expect(new URL(after.poster ?? "").pathname).toContain(`/${lease.taskId}-1/poster-0.jpg`);
  expect((await fetch(after.poster ?? "")).status).toBe(200);
  await expectCounted(id);

  expect((await ask(id, { at: 0 })).status).toBe(202);
  const second = await claimed(id);
  await make(second);
  const last = await ann.video(id);
  expect(last.posters).toHaveLength(2);
  expect(last.poster).toContain(second.taskId);
  await expectCounted(id);
  // Pages that show the poster of before still can, for a day.
  expect((await fetch(after.poster ?? "")).status).toBe(200);
  await sweepADayLater();
  expect((await fetch(after.poster ?? "")).status).toBe(404);
  for (const { url } of last.posters) expect((await fetch(url)).status).toBe(200);
  // A choice among them works as before, in both directions.
  for (const posterIndex of [0, 1]) {
    expect((await ann.call("PATCH", `/v1/videos/${id}`, { posterIndex })).status).toBe(200);
    expect((await ann.video(id)).posterIndex).toBe(posterIndex);
  }
  const { rows } = await edge.sql.query(
    "SELECT count(*)::int AS edits FROM events WHERE video_id = $1 AND type = 'video.updated'",
    [id],
  );
  expect(rows).toEqual([{ edits: 4 }]);
  // Workers' tasks are no work of the video's any more.
  expect((await edge.tasks(id)).filter(({ state }) => state !== "succeeded")).toEqual([]);
});

test("an image is taken from storage once it is whole, and removed when the poster is made", async () => {
  const id = await edge.completed(ann);
  const url = await askImage(id, 700);
  expect((await fetch(url, { method: "PUT", body: new Uint8Array(701) })).status).toBe(403);
  await sweepNow(edge);
  expect((await ann.video(id)).posterChange).toEqual({ state: "uploading", error: null });

  expect((await fetch(url, { method: "PUT", body: new Uint8Array(700) })).status).toBe(200);
  await sweepNow(edge);
  await sweepADayLater();
  const lease = await claimed(id);
  expect(lease).toMatchObject({ at: null, source: { size: 700 } });
  expect((await fetch(lease.source.url)).status).toBe(200);
  expect(await make(lease)).toBe("done");
  expect(await ann.video(id)).toMatchObject({ posterIndex: 1, posterChange: null });
  await expect.poll(async () => (await fetch(lease.source.url)).status).toBe(404);
  await expectCounted(id);
});

test("what fails is told and leaves video and poster as they were; another request begins anew", async () => {
  const id = await edge.completed(ann);
  const { poster, revision } = await ann.video(id);
  const url = await askImage(id, 10);
  await fetch(url, { method: "PUT", body: new Uint8Array(10) });
  await sweepNow(edge);
  const lease = await claimed(id);
  const message = "This image is damaged.";
  await edge.worker.fail(lease.taskId, lease, { code: "poster.image_damaged", message, retryable: false });
  const failed = await ann.video(id);
  expect(failed).toMatchObject({ status: "completed", error: null, revision });
  expect(failed.posterChange).toMatchObject({ state: "failed", error: { code: "poster.image_damaged" } });
  expect(new URL(failed.poster ?? "").pathname).toBe(new URL(poster ?? "").pathname);

  // A worker's own failures are tried again, and told in one sentence when they do not end.
  await ask(id, { at: 1 });
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await edge.sql.query("UPDATE tasks SET published_at = now() WHERE kind = 'poster' AND state = 'queued'");
    const tried = await claimed(id);
    await edge.worker.fail(tried.taskId, tried, { cause: `cause-${attempt}` });
  }
  const gaveUp = await ann.video(id);
  expect(gaveUp.status).toBe("completed");
  expect(gaveUp.posterChange?.error?.message).toContain("The poster could not be made.");
  const { rows } = await edge.sql.query(
    "SELECT count(*)::int AS failures FROM events WHERE video_id = $1 AND type = 'video.poster_failed'",
    [id],
  );
  expect(rows).toEqual([{ failures: 2 }]);

  // An image that never comes.
  await askImage(id, 10);
  await edge.sql.query(
    `UPDATE videos SET poster_change = jsonb_set(poster_change, '{expiresAt}', to_jsonb(now() - interval '1 second')) WHERE id = $1`,
    [id],
  );
  await sweepNow(edge);
  expect((await ann.video(id)).posterChange?.error?.code).toBe("poster.not_uploaded");

  await ask(id, { at: 2 });
  expect(await make(await claimed(id))).toBe("done");
  expect(await ann.video(id)).toMatchObject({ posterChange: null, posterIndex: 1 });
  await expectCounted(id);
});

test("of two requests the last one counts, whoever works on the first; deletion and its undoing too", async () => {
  const id = await edge.completed(ann);
  await ask(id, { at: 1 });
  const first = await claimed(id);
  await ask(id, { at: 2 });
  expect((await edge.worker.progress(first.taskId, first)).outcome).toBe("gone");
  expect(await make(first)).toBe("gone");
  expect((await edge.worker.claim(first.taskId)).outcome).toBe("gone");
  const second = await claimed(id);
  expect(second.at).toBe(2);

  expect((await ann.call("DELETE", `/v1/videos/${id}?undo=600`)).status).toBe(204);
  expect(await make(second)).toBe("gone");
  expect((await ann.call("POST", `/v1/videos/${id}/restore`)).status).toBe(200);
  const again = await claimed(id);
  expect(again.attempt).toBe(2);
  expect(await make(again)).toBe("done");
  expect((await ann.video(id)).posterIndex).toBe(1);
  // Its images are one object, however many URLs were given out.
  const urls = [await askImage(id, 5), await askImage(id, 6)];
  expect(new Set(urls.map((url) => new URL(url).pathname)).size).toBe(1);
});

test("only what the reference says is taken", async () => {
  const id = await edge.planned(ann);
  expect(await problemOf(await ask(id, { at: 0 }))).toMatchObject({ code: "video.wrong_status" });
  const done = await edge.completed(ann);
  const refused = [
    { at: -1 },
    { at: 8.1 },
    { at: 1, size: 3, contentType: "image/png" },
    { at: 1, more: true },
    { size: 0, contentType: "image/png" },
    { size: 5_000_001, contentType: "image/jpeg" },
    { size: 5, contentType: "image/gif" },
    { size: 5 },
    {},
  ];
  for (const body of refused)
    expect(await problemOf(await ask(done, body)), JSON.stringify(body)).toMatchObject({
      status: 422,
      code: "request.invalid",
    });
  expect((await ask(done, { size: 5_000_000, contentType: "image/jpeg" })).status).toBe(200);
  const bob = await edge.person();
  expect(await problemOf(await bob.call("POST", address(done), { at: 1 }))).toMatchObject({
    code: "video.not_found",
  });
});
