/**
 * Parts that are objects: what is found and pinned, how they become one source at every point at which the
 * work may stop, and that none of them stays or returns.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from "@aws-sdk/client-s3";
import { partKey, rawPrefix, sourceKey } from "@storagex/contract/keys";
import { foundPartsSchema, partUrlsSchema, type Ticket } from "@storagex/contract/upload";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { sweepObjects } from "../src/sweeps/objects.ts";
import { type Between, type Deed, startBetween } from "./support/between.ts";
import { problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { insideEdge } from "./support/inside.ts";
import type { Person } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { quotaOf } from "./support/quota.ts";
import { operatorOf } from "./support/store.ts";
import { sweepNow } from "./support/sweep-now.ts";

const MIB = 1024 * 1024;
const ON = { STORAGEX_EARLY_START: "1" };
let edge: Pipeline;
let store: Between;
/** What the proxy before the object store does with a request. */
let decide: (method: string, url: URL) => Deed = () => "pass";
beforeAll(async () => {
  edge = await startPipeline(ON);
  store = await startBetween(edge.s3.endpoint, (method, url) => decide(method, url));
  // URLs of browsers lead to the store itself.
  await edge.restart({ ...ON, S3_ENDPOINT: store.url, S3_PUBLIC_ENDPOINT: edge.s3.endpoint });
}, 240_000);
afterAll(async () => {
  await edge?.stop();
  await store?.stop();
});
afterEach(() => {
  decide = () => "pass";
});

const s3 = () => operatorOf(edge.s3);
const Bucket = () => edge.s3.bucket;
const isCopy = (method: string, url: URL) => method === "PUT" && url.searchParams.has("uploadId");

async function put(ticket: Ticket, number: number, bytes: Uint8Array): Promise<void> {
  const url = ticket.upload.parts.find(({ partNumber }) => partNumber === number)?.url ?? "";
  const answer = await fetch(url, { method: "PUT", body: new Uint8Array(bytes) });
  if (!answer.ok) throw new Error(`part ${number}: ${answer.status} ${await answer.text()}`);
}

const slice = (ticket: Ticket, file: Buffer, number: number) =>
  file.subarray((number - 1) * ticket.upload.partSize, number * ticket.upload.partSize);

async function putAll(ticket: Ticket, file: Buffer, numbers = ticket.upload.parts.map((p) => p.partNumber)) {
  for (const number of numbers) await put(ticket, number, slice(ticket, file, number));
}

async function stored(person: Person, id: string) {
  const answer = await person.call("POST", `/v1/videos/${id}/upload/stored`, {});
  if (answer.status !== 200) throw new Error(`stored: ${answer.status} ${await answer.text()}`);
  return foundPartsSchema.parse(await answer.json());
}

/** As a client that waits for a second. */
const forgetLook = (id: string) =>
  edge.sql.query("UPDATE part_uploads SET looked_at = NULL WHERE video_id = $1", [id]);

const complete = (person: Person, id: string) => person.call("POST", `/v1/videos/${id}/complete`, {});

async function keysOf(person: Person, id: string): Promise<string[]> {
  const Prefix = rawPrefix(person.user.id, id);
  const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: Bucket(), Prefix }));
  return Contents.map(({ Key = "" }) => Key.slice(Prefix.length));
}

async function sourceHash(person: Person, id: string): Promise<string> {
  const at = { Bucket: Bucket(), Key: sourceKey(person.user.id, id) };
  const { Body } = await s3().send(new GetObjectCommand(at));
  return hashOf((await Body?.transformToByteArray()) ?? new Uint8Array());
}

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Resolves when the plan of `id` is released, after sweeps where the first run was cut off. */
async function assembled(id: string, sweeps = false): Promise<void> {
  await eventually(async () => {
    if (sweeps) {
      await edge.sql.query("UPDATE part_uploads SET claimed_until = '-infinity' WHERE video_id = $1", [id]);
      await sweepNow(edge);
    }
    expect((await edge.task(id, "plan")).state).toBe("queued");
  });
}

const newFile = (parts: number, last = 1) => randomBytes((parts - 1) * 8 * MIB + last);

test("parts in any order become one object, byte for byte, and go; its last part has one byte", async () => {
  const ann = await edge.person();
  const file = newFile(4);
  const ticket = await ann.ticket(file.length);
  expect(ticket.upload).toMatchObject({ partSize: 8 * MIB, partCount: 4 });
  const { id } = ticket.video;
  await putAll(ticket, file, [4, 2, 1, 3]);
  expect(await keysOf(ann, id)).toEqual(["parts/00001", "parts/00002", "parts/00003", "parts/00004"]);
  const answer = await complete(ann, id);
  expect([answer.status, (await ann.video(id)).status]).toEqual([200, "queued"]);
  expect(await quotaOf(edge, ann.user.id)).toEqual({ used: file.length, reserved: 0, open: 0 });
  await assembled(id);
  expect(await sourceHash(ann, id)).toBe(hashOf(file));
  await sweepNow(edge);
  expect(await keysOf(ann, id)).toEqual(["source"]);
  await edge.sent((await edge.task(id, "plan")).id);
});

test("a look finds what is new, once a second, and says what a plan reads first", async () => {
  const ann = await edge.person();
  const file = newFile(4);
  const ticket = await ann.ticket(file.length);
  const { id } = ticket.video;
  expect(await stored(ann, id)).toEqual({ parts: [], wanted: [1, 4] });
  await putAll(ticket, file, [1, 3]);
  // As if no second had passed, however slow the machine is.
  await edge.sql.query("UPDATE part_uploads SET looked_at = now() + interval '1 hour' WHERE video_id = $1", [
    id,
  ]);
  expect((await stored(ann, id)).parts).toEqual([]);
  await forgetLook(id);
  const found = await stored(ann, id);
  expect(found.parts.map(({ partNumber, size }) => [partNumber, size])).toEqual([
    [1, 8 * MIB],
    [3, 8 * MIB],
  ]);
  expect(found.wanted).toEqual([4]);
  const listings: string[] = [];
  decide = (method, url) => {
    if (method === "GET" && url.searchParams.has("list-type"))
      listings.push(url.searchParams.get("start-after") ?? "");
    return "pass";
  };
  await putAll(ticket, file, [4, 2]);
  await forgetLook(id);
  expect((await stored(ann, id)).parts.map(({ partNumber }) => partNumber)).toEqual([2, 4]);
  expect(listings).toEqual([partKey(ann.user.id, id, 1)]);
  await forgetLook(id);
  expect(await stored(ann, id)).toEqual({ parts: [], wanted: [] });
  expect(listings[1]).toBe(partKey(ann.user.id, id, 4));
  await complete(ann, id);
  const late = await ann.call("POST", `/v1/videos/${id}/upload/stored`, {});
  expect((await problemOf(late)).code).toBe("video.wrong_status");
});

test("many looks at once: storage is asked once, and every part is found exactly once", async () => {
  const ann = await edge.person();
  const file = newFile(3);
  const ticket = await ann.ticket(file.length);
  await putAll(ticket, file);
  let asked = 0;
  decide = (method, url) => {
    if (method === "GET" && url.searchParams.has("list-type")) asked += 1;
    return "pass";
  };
  const answers = await Promise.all(Array.from({ length: 12 }, () => stored(ann, ticket.video.id)));
  expect(asked).toBe(1);
  expect(answers.flatMap(({ parts }) => parts.map(({ partNumber }) => partNumber)).sort()).toEqual([1, 2, 3]);
});

test("a part that is sent again before the upload is complete counts as it is then", async () => {
  const ann = await edge.person();
  const file = newFile(2);
  const ticket = await ann.ticket(file.length);
  const { id } = ticket.video;
  await put(ticket, 1, new Uint8Array(8 * MIB));
  await stored(ann, id);
  await putAll(ticket, file);
  expect((await complete(ann, id)).status).toBe(200);
  await assembled(id);
  expect(await sourceHash(ann, id)).toBe(hashOf(file));
});

test("a part that is sent again after it was counted fails the video, and its bytes are never used", async () => {
  const ann = await edge.person();
  const file = newFile(2);
  const ticket = await ann.ticket(file.length);
  const { id } = ticket.video;
  await putAll(ticket, file);
  // Nothing is copied before the part is swapped.
  decide = (method, url) => (isCopy(method, url) ? { status: 503, text: "" } : "pass");
  expect((await complete(ann, id)).status).toBe(200);
  await put(ticket, 1, new Uint8Array(8 * MIB));
  decide = () => "pass";
  await eventually(async () => {
    await edge.sql.query("UPDATE part_uploads SET claimed_until = '-infinity' WHERE video_id = $1", [id]);
    await sweepNow(edge);
    expect(await ann.video(id)).toMatchObject({ status: "failed", error: { code: "source.changed" } });
  });
  expect(await keysOf(ann, id)).not.toContain("source");
  expect((await edge.task(id, "plan")).state).toBe("failed");
});

test("a part URL that is used after the source is one object changes nothing, and its part goes", async () => {
  const ann = await edge.person();
  const file = newFile(2);
  const ticket = await ann.ticket(file.length);
  const { id } = ticket.video;
  await putAll(ticket, file);
  await complete(ann, id);
  await assembled(id);
  await sweepNow(edge);
  await put(ticket, 1, new Uint8Array(8 * MIB));
  expect(await keysOf(ann, id)).toEqual(["parts/00001", "source"]);
  const passed = (what: string) =>
    edge.sql.query(`UPDATE part_uploads SET ${what} WHERE video_id = $1`, [id]).then(() => sweepNow(edge));
  await passed("urls_until = now() - interval '1 second', swept_at = now() - interval '2 minutes'");
  expect(await keysOf(ann, id)).toEqual(["source"]);
  const rows = async () =>
    (await edge.sql.query("SELECT 1 FROM part_uploads WHERE video_id = $1", [id])).rowCount;
  expect(await rows()).toBe(1);
  await passed("swept_at = now() - interval '2 minutes'");
  expect(await rows()).toBe(1);
  await passed("swept_at = now() - interval '2 minutes'");
  expect(await rows()).toBe(0);
  expect(await sourceHash(ann, id)).toBe(hashOf(file));
});

/** The request after which everything stops, and whether the store has performed it. */
const STOPS: [string, (method: string, url: URL) => boolean][] = [
  ["the multipart upload begins", (method, url) => method === "POST" && url.searchParams.has("uploads")],
  ["a part is copied", (method, url) => isCopy(method, url) && url.searchParams.get("partNumber") === "2"],
  ["the upload is completed", (method, url) => method === "POST" && url.searchParams.has("uploadId")],
  ["the object is looked at", (method, url) => method === "HEAD" && url.pathname.endsWith("/source")],
];
test.each(STOPS)(
  "it is put together although %s and no answer comes, done or not done",
  async (_, stops) => {
    for (const deed of ["lose", { status: 503, text: "" }] as const) {
      const ann = await edge.person();
      const file = newFile(2);
      const ticket = await ann.ticket(file.length);
      const { id } = ticket.video;
      await putAll(ticket, file);
      let met = 0;
      // The SDK repeats a request once.
      decide = (method, url) =>
        stops(method, url) && url.pathname.includes(id) && met++ < 2 ? deed : "pass";
      expect((await complete(ann, id)).status).toBe(200);
      await eventually(async () => expect(met).toBeGreaterThan(0));
      await assembled(id, true);
      expect(await sourceHash(ann, id)).toBe(hashOf(file));
      expect(await edge.tasks(id)).toHaveLength(1);
    }
  },
  120_000,
);

test("many replicas at once put it together once", async () => {
  const ann = await edge.person();
  const file = newFile(2);
  const ticket = await ann.ticket(file.length);
  const { id } = ticket.video;
  await putAll(ticket, file);
  await Promise.all(Array.from({ length: 4 }, () => complete(ann, id)));
  await Promise.all(Array.from({ length: 4 }, () => assembled(id, true)));
  expect(await sourceHash(ann, id)).toBe(hashOf(file));
  const { rows } = await edge.sql.query(
    "SELECT count(*)::int AS sent FROM outbox JOIN tasks ON tasks.id = task_id WHERE video_id = $1",
    [id],
  );
  expect(rows).toEqual([{ sent: 1 }]);
});

test("deleted while it is put together: nothing of it stays", async () => {
  const ann = await edge.person();
  const file = newFile(2);
  const ticket = await ann.ticket(file.length);
  const { id } = ticket.video;
  await putAll(ticket, file);
  let deleted: Promise<Response> | undefined;
  decide = (method, url) => {
    if (isCopy(method, url) && url.pathname.includes(id)) deleted ??= ann.call("DELETE", `/v1/videos/${id}`);
    return "pass";
  };
  await complete(ann, id);
  await eventually(async () => expect((await deleted)?.status).toBe(204));
  // The time for undoing it is over.
  await edge.sql.query("UPDATE videos SET undo_until = now() WHERE id = $1 AND undo_until IS NOT NULL", [id]);
  await eventually(async () => {
    await edge.sql.query("UPDATE videos SET updated_at = now() - interval '2 hours' WHERE id = $1", [id]);
    await sweepNow(edge);
    expect(await keysOf(ann, id)).toEqual([]);
    const Prefix = rawPrefix(ann.user.id, id);
    const { Uploads = [] } = await s3().send(new ListMultipartUploadsCommand({ Bucket: Bucket(), Prefix }));
    expect(Uploads).toEqual([]);
  });
  expect(await quotaOf(edge, ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
});

test("an aborted upload is watched until its last part URL has ended", async () => {
  const ann = await edge.person();
  const ticket = await ann.ticket(10);
  const { id } = ticket.video;
  await ann.putParts(ticket);
  expect((await ann.call("DELETE", `/v1/videos/${id}/upload`)).status).toBe(204);
  await eventually(async () => expect(await keysOf(ann, id)).toEqual([]));
  await ann.putParts(ticket);
  const due = () =>
    edge.sql.query("UPDATE videos SET updated_at = now() - interval '2 hours' WHERE id = $1", [id]);
  for (let round = 0; round < 4; round += 1) {
    await due();
    await sweepNow(edge);
  }
  expect(await keysOf(ann, id)).toEqual([]);
  const { rows } = await edge.sql.query(
    "SELECT purge_after > now() + interval '1 hour' AS later FROM videos WHERE id = $1",
    [id],
  );
  expect(rows).toEqual([{ later: true }]);
});

test("the sweep of objects keeps parts that are the source, and takes those that are not", async () => {
  const ann = await edge.person();
  const file = newFile(2);
  const open = await ann.ticket(file.length);
  await putAll(open, file);
  const done = await ann.ticket(file.length);
  await putAll(done, file);
  await complete(ann, done.video.id);
  await assembled(done.video.id);
  await sweepNow(edge);
  await put(done, 1, slice(done, file, 1));
  const Key = `${rawPrefix(ann.user.id, open.video.id)}parts/stray`;
  const CopySource = `${Bucket()}/${partKey(ann.user.id, open.video.id, 1)}`;
  await s3().send(new CopyObjectCommand({ Bucket: Bucket(), Key, CopySource }));
  const inADay = Date.now() + 25 * 3_600_000;
  await eventually(async () => {
    await sweepObjects(insideEdge(edge), inADay);
    expect(await keysOf(ann, done.video.id)).toEqual(["source"]);
  });
  expect(await keysOf(ann, open.video.id)).toEqual(["parts/00001", "parts/00002"]);
});

test("a store that cannot copy parts gets multipart uploads", async () => {
  decide = (method, url) =>
    isCopy(method, url) && url.pathname.includes("readyz/") ? { status: 501, text: "" } : "pass";
  await edge.restart({ ...ON, S3_ENDPOINT: store.url, S3_PUBLIC_ENDPOINT: edge.s3.endpoint });
  const ready = await (await fetch(`${edge.url}/readyz`)).json();
  expect(ready).toMatchObject({ parts: { storage: { ok: true, note: expect.stringContaining("copy") } } });
  const ann = await edge.person();
  const ticket = await ann.ticket(40 * MIB);
  expect(ticket.upload).toMatchObject({ partSize: 16 * MIB, partCount: 3 });
  expect(await stored(ann, ticket.video.id)).toEqual({ parts: [], wanted: [] });
  const id = await ann.uploaded(10);
  expect((await edge.task(id, "plan")).state).toBe("queued");
});

test("uploads that began before the setting changed complete as they began", async () => {
  const other = { S3_ENDPOINT: store.url, S3_PUBLIC_ENDPOINT: edge.s3.endpoint };
  await edge.restart({ ...ON, ...other });
  const ann = await edge.person();
  const file = newFile(2);
  const asObjects = await ann.ticket(file.length);
  await putAll(asObjects, file);
  await edge.restart({ STORAGEX_EARLY_START: "0", ...other });
  const asMultipart = await ann.ticket(10);
  expect((await complete(ann, asObjects.video.id)).status).toBe(200);
  await assembled(asObjects.video.id, true);
  expect(await sourceHash(ann, asObjects.video.id)).toBe(hashOf(file));
  await edge.restart({ ...ON, ...other });
  const again = await ann.call("POST", `/v1/videos/${asMultipart.video.id}/upload/parts`, {
    partNumbers: [1],
  });
  const { parts } = partUrlsSchema.parse(await again.json());
  await ann.putParts({ ...asMultipart, upload: { ...asMultipart.upload, parts } });
  expect((await complete(ann, asMultipart.video.id)).status).toBe(200);
  expect((await edge.task(asMultipart.video.id, "plan")).state).toBe("queued");
});

test("the multipart upload of the assembly may vanish: the next run begins another", async () => {
  const ann = await edge.person();
  const file = newFile(2);
  const ticket = await ann.ticket(file.length);
  const { id } = ticket.video;
  await putAll(ticket, file);
  decide = (method, url) =>
    isCopy(method, url) && url.pathname.includes(id) ? { status: 503, text: "" } : "pass";
  await complete(ann, id);
  const uploadOf = async () =>
    (await edge.sql.query("SELECT upload_id FROM videos WHERE id = $1", [id])).rows[0]?.upload_id;
  await eventually(async () => expect(await uploadOf()).toEqual(expect.any(String)));
  const at = { Bucket: Bucket(), Key: sourceKey(ann.user.id, id), UploadId: await uploadOf() };
  await s3().send(new AbortMultipartUploadCommand(at));
  decide = () => "pass";
  await assembled(id, true);
  expect(await sourceHash(ann, id)).toBe(hashOf(file));
});

test("a part that was removed after it was counted fails the video", async () => {
  const ann = await edge.person();
  const file = newFile(2);
  const ticket = await ann.ticket(file.length);
  const { id } = ticket.video;
  await putAll(ticket, file);
  decide = (method, url) =>
    isCopy(method, url) && url.pathname.includes(id) ? { status: 503, text: "" } : "pass";
  await complete(ann, id);
  await s3().send(new DeleteObjectCommand({ Bucket: Bucket(), Key: partKey(ann.user.id, id, 2) }));
  decide = () => "pass";
  await eventually(async () => {
    await edge.sql.query("UPDATE part_uploads SET claimed_until = '-infinity' WHERE video_id = $1", [id]);
    await sweepNow(edge);
    expect((await ann.video(id)).status).toBe("failed");
  });
});
