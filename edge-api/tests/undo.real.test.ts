/** Deletions that can be undone, and acts on many videos. */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { meSchema } from "@storagex/contract/accounts/account";
import { playbackSchema } from "@storagex/contract/videos/playback";
import { bulkAnswerSchema } from "@storagex/contract/videos/video-bulk";
import { expect, test } from "vitest";
import { problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { operatorOf } from "./support/operator-s3.ts";
import type { Person } from "./support/person.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";
import { leased, planOf } from "./support/worker.ts";

usePipeline();

const address = (id: string, rest = "") => `/v1/videos/${id}${rest}`;
const drop = (person: Person, id: string, seconds: number) =>
  person.call("DELETE", address(id, `?undo=${seconds}`));
const restore = (person: Person, id: string) => person.call("POST", address(id, "/restore"));
const overtime = (id: string) =>
  edge.sql.query("UPDATE videos SET undo_until = now() - interval '1 second' WHERE id = $1", [id]);
async function storageOf(person: Person): Promise<{ used: number; reserved: number }> {
  return meSchema.parse(await (await person.call("GET", "/v1/me")).json()).storage;
}
async function keysOf(id: string): Promise<string[]> {
  const list = new ListObjectsV2Command({ Bucket: edge.s3.bucket });
  const { Contents = [] } = await operatorOf(edge.s3).send(list);
  return Contents.flatMap(({ Key = "" }) => (Key.includes(id) ? [Key] : []));
}
const countersHold = async () => {
  await edge.sql.query("UPDATE users SET counted_at = '2000-01-01' WHERE id = $1", [ann.user.id]);
  const read = () =>
    edge.sql.query("SELECT used_bytes, reserved_bytes, open_tickets, video_count FROM users WHERE id = $1", [
      ann.user.id,
    ]);
  const before = (await read()).rows;
  await sweepNow(edge);
  expect((await read()).rows).toEqual(before);
};

test("a completed video is gone for everybody at once, keeps its place, and comes back as it was", async () => {
  const id = await edge.completed(ann);
  await ann.call("PATCH", address(id), { tags: ["a"] });
  const before = await ann.video(id);
  const { used } = await storageOf(ann);
  const playback = playbackSchema.parse(await (await ann.call("GET", address(id, "/playback"))).json());
  expect((await fetch(playback.hls ?? "")).status).toBe(200);
  expect((await drop(ann, id, 600)).status).toBe(204);
  for (const path of ["", "/playback", "/statistics"])
    expect((await ann.call("GET", address(id, path))).status, path).toBe(404);
  expect((await fetch(playback.hls ?? "")).status).toBe(403);
  expect((await ann.call("DELETE", address(id))).status).toBe(404);
  expect(await (await ann.call("GET", "/v1/videos")).json()).toMatchObject({ items: [] });
  expect(await (await ann.call("GET", "/v1/tags")).json()).toEqual({ items: [] });
  expect((await storageOf(ann)).used).toBe(used);
  await countersHold();
  expect((await restore(await edge.person(), id)).status).toBe(404);
  const answer = await restore(ann, id);
  expect(answer.status).toBe(200);
  const { seq: _, updatedAt: __, ...after } = await ann.video(id);
  expect(before).toMatchObject(after);
  expect((await restore(ann, id)).status).toBe(200);
  expect((await fetch(playback.hls ?? "")).status).toBe(200);
  expect(await (await ann.call("GET", "/v1/tags")).json()).toEqual({ items: [{ tag: "a", videos: 1 }] });
  await countersHold();
  const { rows } = await edge.sql.query(
    "SELECT type FROM events WHERE video_id = $1 AND type IN ('video.deleted', 'video.restored') ORDER BY id",
    [id],
  );
  expect(rows.map(({ type }) => type)).toEqual(["video.deleted", "video.restored"]);
});

test("when the time is over it is final: quota is given back and the objects go", async () => {
  const id = await edge.completed(ann);
  expect((await keysOf(id)).length).toBeGreaterThan(1);
  await drop(ann, id, 10);
  await overtime(id);
  expect((await restore(ann, id)).status).toBe(404);
  await sweepNow(edge);
  await eventually(async () => expect(await keysOf(id)).toEqual([]));
  expect(await storageOf(ann)).toEqual({ used: 0, reserved: 0 });
  expect((await restore(ann, id)).status).toBe(404);
  await countersHold();
  const { rows } = await edge.sql.query(
    "SELECT type FROM events WHERE video_id = $1 AND type = 'video.deleted'",
    [id],
  );
  expect(rows).toHaveLength(1);
});

test("a video in work stops its workers, and is worked on again after it is restored", async () => {
  const plan = planOf(2);
  const id = await edge.planned(ann, plan);
  const { id: task } = await edge.task(id, "encode", 0);
  const lease = leased(await edge.worker.claim(task));
  await drop(ann, id, 600);
  expect((await edge.worker.progress(task, lease)).outcome).toBe("gone");
  expect((await edge.worker.claim(task)).outcome).toBe("gone");
  await restore(ann, id);
  const { rows } = await edge.sql.query(
    "SELECT count(*)::int AS sent FROM outbox JOIN tasks ON tasks.id = task_id WHERE video_id = $1 AND kind = 'encode' AND index = 0",
    [id],
  );
  expect(rows[0].sent).toBe(2);
  const again = leased(await edge.worker.claim(task));
  expect(again.attempt).toBe(lease.attempt + 1);
  expect((await ann.video(id)).processing?.retries).toBe(0);
});

test("an upload that was deleted goes on where it was", async () => {
  const made = await ann.ticket(1000);
  await drop(ann, made.video.id, 60);
  expect((await storageOf(ann)).reserved).toBe(1000);
  await countersHold();
  await restore(ann, made.video.id);
  await ann.putParts(made);
  expect((await ann.call("POST", address(made.video.id, "/complete"), {})).status).toBe(200);
});

test("an administrator restores somebody else's, not that of a deleted account", async () => {
  const admin = await edge.person();
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [admin.user.id]);
  const id = await ann.uploaded();
  await drop(ann, id, 600);
  expect((await restore(admin, id)).status).toBe(200);
  const { rows } = await edge.sql.query("SELECT action FROM audit WHERE target_id = $1", [id]);
  expect(rows).toEqual([{ action: "video.restored" }]);
  await drop(ann, id, 600);
  await admin.call("DELETE", `/v1/admin/users/${ann.user.id}`);
  expect((await restore(admin, id)).status).toBe(404);
  await eventually(async () => expect(await keysOf(id)).toEqual([]));
});

test.each([-1, 3_601, "x", 1.5])("undo=%s is refused, and nothing is deleted", async (undo) => {
  const { video } = await ann.ticket(1);
  expect((await ann.call("DELETE", address(video.id, `?undo=${undo}`))).status).toBe(422);
  await ann.video(video.id);
});

async function bulk(person: Person, body: object) {
  const answer = await person.call("POST", "/v1/videos/bulk", body);
  if (answer.status !== 200) throw new Error(`bulk: ${answer.status} ${await answer.text()}`);
  return bulkAnswerSchema.parse(await answer.json()).results;
}

test("an act on many has a result for each, in the order asked", async () => {
  const [one, two] = [(await ann.ticket(1, { tags: ["a"] })).video.id, (await ann.ticket(1)).video.id];
  const strange = (await (await edge.person()).ticket(1)).video.id;
  const ids = [two, strange, "no such id", one, two];
  const expected = [
    { id: two, ok: true },
    { id: strange, ok: false, code: "video.not_found" },
    { id: "no such id", ok: false, code: "video.not_found" },
    { id: one, ok: true },
  ];
  expect(await bulk(ann, { ids, action: "tag", tags: ["b", "a"] })).toEqual(expected);
  expect([(await ann.video(one)).tags, (await ann.video(two)).tags]).toEqual([
    ["a", "b"],
    ["b", "a"],
  ]);
  expect(await bulk(ann, { ids, action: "untag", tags: ["a", "c"] })).toEqual(expected);
  expect((await ann.video(one)).tags).toEqual(["b"]);
  expect(await (await ann.call("GET", "/v1/videos?q=a")).json()).toMatchObject({ items: [] });
  expect(await bulk(ann, { ids, action: "visibility", visibility: "public" })).toEqual(expected);
  expect(await bulk(ann, { ids, action: "visibility", visibility: "public" })).toEqual(expected);
  expect(await ann.video(one)).toMatchObject({ visibility: "public", revision: 3 });
  const full = Array.from({ length: 20 }, (_, n) => `t${n}`);
  expect(await bulk(ann, { ids: [one], action: "tag", tags: full })).toEqual([
    { id: one, ok: false, code: "video.too_many_tags" },
  ]);
  expect(await bulk(ann, { ids, action: "delete", undo: 60 })).toEqual(expected);
  expect((await ann.call("GET", address(one))).status).toBe(404);
  expect((await restore(ann, one)).status).toBe(200);
  expect(await bulk(ann, { ids: [one, two], action: "delete" })).toEqual([
    { id: one, ok: true },
    { id: two, ok: false, code: "video.not_found" },
  ]);
  await overtime(two);
  await sweepNow(edge);
  expect(await storageOf(ann)).toEqual({ used: 0, reserved: 0 });
});

test("many failed videos are retried at once, the others are not", async () => {
  const failed = [await edge.completed(ann), await edge.completed(ann)];
  await edge.sql.query("UPDATE videos SET status = 'failed', error_code = 'x' WHERE id = ANY($1)", [failed]);
  const queued = await ann.uploaded();
  expect(await bulk(ann, { ids: [...failed, queued], action: "retry" })).toEqual([
    ...failed.map((id) => ({ id, ok: true })),
    { id: queued, ok: false, code: "video.wrong_status" },
  ]);
  for (const id of failed) expect((await ann.video(id)).status).not.toBe("failed");
  await countersHold();
});

test.each([
  { ids: [], action: "delete" },
  { ids: Array.from({ length: 101 }, (_, n) => `v${n}`), action: "delete" },
  { ids: ["a"], action: "burn" },
  { ids: ["a"], action: "tag" },
  { ids: ["a"], action: "delete", tags: ["a"] },
])("a request that says something else is refused", async (body) => {
  expect((await problemOf(await ann.call("POST", "/v1/videos/bulk", body))).code).toBe("request.invalid");
});
