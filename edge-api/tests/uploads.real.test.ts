/** Tickets, parts, completion and aborts, with races and false claims. */
import { CompleteMultipartUploadCommand, ListPartsCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { meSchema } from "@storagex/contract/account";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_TICKETS } from "../src/uploads/limit.ts";
import { problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { quotaOf } from "./support/quota.ts";
import { operatorOf } from "./support/store.ts";
import { sweepNow } from "./support/sweep-now.ts";

const MIB = 1024 * 1024;
let edge: Pipeline;
beforeAll(async () => {
  edge = await startPipeline({
    STORAGEX_QUOTA_BYTES: String(200 * MIB),
    STORAGEX_MAX_UPLOAD_BYTES: String(150 * MIB),
  });
}, 240_000);
afterAll(() => edge?.stop());

const account = (id: string) => quotaOf(edge, id);
const complete = (person: Awaited<ReturnType<Pipeline["person"]>>, id: string) =>
  person.call("POST", `/v1/videos/${id}/complete`, {});

describe("a ticket", () => {
  test("is for a file of the size that /v1/me allows", async () => {
    const ann = await edge.person();
    const { maxUploadBytes } = meSchema.parse(await (await ann.call("GET", "/v1/me")).json());
    expect(maxUploadBytes).toBe(150 * MIB);
    await ann.ticket(maxUploadBytes);
  });

  test("is one of so many in a quarter of an hour, aborted ones too", async () => {
    const ann = await edge.person();
    const { video } = await ann.ticket(10);
    await edge.sql.query("UPDATE attempts SET count = $2 WHERE subject = $1", [
      `tickets:${ann.user.id}`,
      MAX_TICKETS,
    ]);
    expect((await ann.call("DELETE", `/v1/videos/${video.id}/upload`)).status).toBe(204);
    const refused = await ann.call("POST", "/v1/videos", { filename: "a.mp4", size: 10 });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await problemOf(refused)).toMatchObject({ status: 429, code: "upload.too_often" });
    expect((await (await edge.person()).ticket(10)).upload.partCount).toBe(1);
  });

  test("carries the parts, each bound to its length, and reserves its size", async () => {
    const ann = await edge.person();
    const { video, upload } = await ann.ticket(40 * MIB);
    expect(upload).toMatchObject({ partSize: 16 * MIB, partCount: 3 });
    expect(upload.parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3]);
    expect(Date.parse(upload.expiresAt) - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
    expect(video).toMatchObject({
      status: "pending_upload",
      title: "holiday",
      size: 40 * MIB,
      playable: false,
    });
    expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 40 * MIB, open: 1 });
    const longer = await fetch(upload.parts[2]?.url ?? "", {
      method: "PUT",
      body: new Uint8Array(8 * MIB + 1),
    });
    expect(longer.status).toBe(403);
  });

  test.each([
    [{ size: 0 }, "size"],
    [{ size: 151 * MIB }, "size"],
    [{ size: 1.5 }, "size"],
    [{ contentType: "text/html" }, "contentType"],
    [{ contentType: "application/vnd.apple.mpegurl" }, "contentType"],
    [{ contentType: "image/png" }, "contentType"],
    [{ filename: "" }, "filename"],
    [{ filename: "\0\u202E " }, "filename"],
    [{ filename: "x".repeat(10_001) }, "filename"],
    [{ title: "\u202e\u0000" }, "title"],
    [{ surprise: 1 }, "surprise"],
  ])("with %j is refused by field", async (more, path) => {
    const ann = await edge.person();
    const answer = await ann.call("POST", "/v1/videos", {
      filename: "a.mp4",
      size: 1,
      contentType: "video/mp4",
      ...more,
    });
    expect(answer.status).toBe(422);
    expect((await problemOf(answer)).errors).toContain(path);
    expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
  });

  test.each([
    undefined,
    "",
    "video/webm;codecs=vp8,opus",
    "video/mp4; charset=binary",
    "application/mp4",
    "application/mxf",
    "application/octet-stream",
    "binary/octet-stream",
    "audio/mp4",
  ])("takes the content type %j as a hint", async (contentType) => {
    const ann = await edge.person();
    const body = { filename: "a.mp4", size: 1, ...(contentType === undefined ? {} : { contentType }) };
    expect((await ann.call("POST", "/v1/videos", body)).status).toBe(201);
  });

  test("takes any file name as text", async () => {
    const ann = await edge.person();
    const filename = `../"'\\<b>\u202E🎬${"é".repeat(9_900)}\u0000.mp4`;
    const { video } = await ann.ticket(1, { filename });
    expect(video.filename).toBe(filename.replace("\u0000", ""));
    expect([...video.title].length).toBeLessThanOrEqual(300);
    const { rows } = await edge.sql.query("SELECT id FROM videos WHERE owner_id = $1", [ann.user.id]);
    expect(rows).toEqual([{ id: video.id }]);
  });

  test("twenty at once cannot pass the quota together", async () => {
    const ann = await edge.person();
    const body = { filename: "a.mp4", size: 50 * MIB, contentType: "video/mp4" };
    const answers = await Promise.all(Array.from({ length: 20 }, () => ann.call("POST", "/v1/videos", body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused && (await problemOf(refused)).code).toBe("upload.quota_exceeded");
    expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 200 * MIB, open: 4 });
  });

  test("is one of a hundred open ones at most, also in a race", async () => {
    const ann = await edge.person();
    await edge.sql.query("UPDATE users SET open_tickets = 97 WHERE id = $1", [ann.user.id]);
    const body = { filename: "a.mp4", size: 1, contentType: "video/mp4" };
    const answers = await Promise.all(Array.from({ length: 10 }, () => ann.call("POST", "/v1/videos", body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused && (await problemOf(refused)).code).toBe("upload.too_many_open");
  });
});

describe("parts", () => {
  test("are signed on request, and listed as stored", async () => {
    const ann = await edge.person();
    const { video } = await ann.ticket(40 * MIB);
    const answer = await ann.call("POST", `/v1/videos/${video.id}/upload/parts`, { partNumbers: [3, 2, 3] });
    const { parts } = (await answer.json()) as { parts: { partNumber: number; url: string }[] };
    expect(parts.map(({ partNumber }) => partNumber)).toEqual([2, 3]);
    await fetch(parts[1]?.url ?? "", { method: "PUT", body: new Uint8Array(8 * MIB) });
    const stored = await ann.call("GET", `/v1/videos/${video.id}/upload/parts`);
    expect(await stored.json()).toEqual({
      partSize: 16 * MIB,
      parts: [{ partNumber: 3, size: 8 * MIB, etag: expect.stringMatching(/^[0-9a-f]{32}$/) }],
    });
    const beyond = await ann.call("POST", `/v1/videos/${video.id}/upload/parts`, { partNumbers: [4] });
    expect((await problemOf(beyond)).code).toBe("upload.part_out_of_range");
    const many = Array.from({ length: 21 }, (_, index) => index + 1);
    expect(
      (await ann.call("POST", `/v1/videos/${video.id}/upload/parts`, { partNumbers: many })).status,
    ).toBe(422);
  });

  test("end with the upload", async () => {
    const ann = await edge.person();
    const made = await ann.ticket(10);
    await ann.putParts(made);
    expect((await complete(ann, made.video.id)).status).toBe(200);
    const swap = await fetch(made.upload.parts[0]?.url ?? "", { method: "PUT", body: new Uint8Array(10) });
    expect(swap.status).toBe(404);
    for (const method of ["GET", "POST"] as const) {
      const body = method === "POST" ? { partNumbers: [1] } : undefined;
      const answer = await ann.call(method, `/v1/videos/${made.video.id}/upload/parts`, body);
      expect((await problemOf(answer)).code).toBe("video.wrong_status");
    }
  });
});

describe("complete", () => {
  test("without bytes, or with a part missing, names what is missing and loses nothing", async () => {
    const ann = await edge.person();
    const made = await ann.ticket(40 * MIB);
    const none = await complete(ann, made.video.id);
    expect(none.status).toBe(409);
    expect(await none.json()).toMatchObject({ code: "upload.parts_missing", missing: [1, 2, 3] });
    await ann.putParts({ ...made, upload: { ...made.upload, parts: made.upload.parts.slice(0, 2) } });
    const two = await complete(ann, made.video.id);
    expect(await two.json()).toMatchObject({ code: "upload.parts_missing", missing: [3] });
    await ann.putParts({ ...made, upload: { ...made.upload, parts: made.upload.parts.slice(2) } });
    expect((await complete(ann, made.video.id)).status).toBe(200);
    expect(await account(ann.user.id)).toEqual({ used: 40 * MIB, reserved: 0, open: 0 });
  });

  test("with a part of another length than signed, whoever stored it, names that part", async () => {
    const ann = await edge.person();
    const made = await ann.ticket(40 * MIB);
    await ann.putParts(made);
    const { rows } = await edge.sql.query("SELECT upload_id FROM videos WHERE id = $1", [made.video.id]);
    const part = new UploadPartCommand({
      Bucket: edge.s3.bucket,
      Key: `raw/user_${ann.user.id}/${made.video.id}/source`,
      UploadId: rows[0].upload_id,
      PartNumber: 2,
      Body: new Uint8Array(16 * MIB - 1),
    });
    await operatorOf(edge.s3).send(part);
    const answer = await complete(ann, made.video.id);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: "upload.size_mismatch", missing: [2] });
    await ann.putParts(made);
    expect((await complete(ann, made.video.id)).status).toBe(200);
  });

  test("a part sent twice counts once, the later one", async () => {
    const ann = await edge.person();
    const made = await ann.ticket(10);
    await ann.putParts(made);
    await ann.putParts(made);
    expect((await complete(ann, made.video.id)).status).toBe(200);
  });

  test("twice at once, and again later: one queued video, one task, the same answer", async () => {
    const ann = await edge.person();
    const made = await ann.ticket(10);
    await ann.putParts(made);
    const answers = await Promise.all(Array.from({ length: 8 }, () => complete(ann, made.video.id)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await complete(ann, made.video.id)).status).toBe(200);
    expect(await edge.tasks(made.video.id)).toHaveLength(1);
    expect(await account(ann.user.id)).toEqual({ used: 10, reserved: 0, open: 0 });
  });

  test("after the store completed and the answer was lost, it goes on from the object", async () => {
    const ann = await edge.person();
    const made = await ann.ticket(10);
    await ann.putParts(made);
    const store = operatorOf(edge.s3);
    const { rows } = await edge.sql.query("SELECT upload_id FROM videos WHERE id = $1", [made.video.id]);
    const at = {
      Bucket: edge.s3.bucket,
      Key: `raw/user_${ann.user.id}/${made.video.id}/source`,
      UploadId: rows[0].upload_id,
    };
    const { Parts = [] } = await store.send(new ListPartsCommand(at));
    const MultipartUpload = { Parts: Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })) };
    await store.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload }));
    expect((await complete(ann, made.video.id)).status).toBe(200);
  });

  test("racing delete: whoever wins, the room is right and nothing stays", async () => {
    const ann = await edge.person();
    for (let round = 0; round < 10; round += 1) {
      const made = await ann.ticket(10);
      await ann.putParts(made);
      const [done, gone] = await Promise.all([
        complete(ann, made.video.id),
        ann.call("DELETE", `/v1/videos/${made.video.id}`),
      ]);
      expect([200, 404, 409]).toContain(done.status);
      expect(gone.status).toBe(204);
      expect((await ann.call("GET", `/v1/videos/${made.video.id}`)).status).toBe(404);
    }
    expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
  });
});

describe("abort and expiry", () => {
  test("the owner's abort gives the room back; the parts are gone", async () => {
    const ann = await edge.person();
    const made = await ann.ticket(10);
    await ann.putParts(made);
    expect((await ann.call("DELETE", `/v1/videos/${made.video.id}/upload`)).status).toBe(204);
    expect((await ann.call("GET", `/v1/videos/${made.video.id}`)).status).toBe(404);
    expect((await complete(ann, made.video.id)).status).toBe(404);
    expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
    await eventually(async () => {
      const late = await fetch(made.upload.parts[0]?.url ?? "", { method: "PUT", body: new Uint8Array(10) });
      expect(late.status).toBe(404);
    });
  });

  test("a completed upload cannot be aborted", async () => {
    const ann = await edge.person();
    const id = await ann.uploaded(10);
    const answer = await ann.call("DELETE", `/v1/videos/${id}/upload`);
    expect((await problemOf(answer)).code).toBe("video.wrong_status");
  });

  test("a ticket past its day is ended by the sweep", async () => {
    const ann = await edge.person();
    const made = await ann.ticket(10);
    await edge.sql.query("UPDATE videos SET ticket_expires_at = now() - interval '1 minute' WHERE id = $1", [
      made.video.id,
    ]);
    const late = await ann.call("POST", `/v1/videos/${made.video.id}/upload/parts`, { partNumbers: [1] });
    expect((await problemOf(late)).code).toBe("upload.expired");
    await sweepNow(edge);
    expect((await ann.call("GET", `/v1/videos/${made.video.id}`)).status).toBe(404);
    expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
  }, 60_000);
});

describe("another's id, or one that is none", () => {
  test("answers the same 404 before the body is looked at", async () => {
    const ann = await edge.person();
    const bob = await edge.person();
    const { video } = await ann.ticket(10);
    const bodies = new Set<string>();
    for (const id of [video.id, "nobody", "%00", "%27%3B--", "a".repeat(5000), "%F0%9F%92%A5", "..%2f.."])
      for (const [method, path] of [
        ["GET", ""],
        ["PATCH", ""],
        ["DELETE", ""],
        ["POST", "/complete"],
        ["POST", "/retry"],
        ["POST", "/upload/parts"],
        ["GET", "/upload/parts"],
        ["DELETE", "/upload"],
        ["GET", "/playback"],
      ]) {
        const body = method === "GET" || method === "DELETE" ? undefined : "not json";
        const answer = await bob.call(method ?? "", `/v1/videos/${id}${path}`, body);
        expect([id, method, path, answer.status]).toEqual([id, method, path, 404]);
        const { traceId: _, ...rest } = (await answer.json()) as Record<string, unknown>;
        bodies.add(JSON.stringify(rest));
      }
    expect(bodies.size).toBe(1);
    expect((await ann.video(video.id)).status).toBe("pending_upload");
  });
});
