/** Parts, completion and aborts, with races and false claims. */
import {
  CompleteMultipartUploadCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { operatorOf } from "../support/operator-s3.ts";
import { type Pipeline, startPipeline } from "../support/pipeline.ts";
import { quotaOf } from "../support/quota.ts";
import { sweepNow } from "../support/sweep-now.ts";
import { MIB, type Mode, numbersTo } from "./mode.ts";
import { ticketCases } from "./tickets.ts";

let edge: Pipeline;

/** Declares the cases for one way to store parts, as the tests of the file that calls it. */
export function uploadCases({ inObjects }: { inObjects: boolean }): void {
  const partSize = inObjects ? 8 * MIB : 16 * MIB;
  const mode = { inObjects, partSize, partCount: Math.ceil((40 * MIB) / partSize) };
  beforeAll(async () => {
    edge = await startPipeline({
      STORAGEX_EARLY_START: inObjects ? "1" : "0",
      STORAGEX_QUOTA_BYTES: String(200 * MIB),
      STORAGEX_MAX_UPLOAD_BYTES: String(150 * MIB),
    });
  });
  afterAll(() => edge?.stop());
  ticketCases(mode, () => edge);
  partCases(mode);
  completeCases(mode);
  endCases(mode);
  accessCases();
}

const account = (id: string) => quotaOf(edge, id);
const complete = (person: Awaited<ReturnType<Pipeline["person"]>>, id: string) =>
  person.call("POST", `/v1/videos/${id}/complete`, {});

function partCases(mode: Mode): void {
  describe("parts", () => {
    test("are signed on request, and listed as stored", async () => {
      const ann = await edge.person();
      const { video } = await ann.ticket(40 * MIB);
      const answer = await ann.call("POST", `/v1/videos/${video.id}/upload/parts`, {
        partNumbers: [3, 2, 3],
      });
      const { parts } = (await answer.json()) as { parts: { partNumber: number; url: string }[] };
      expect(parts.map(({ partNumber }) => partNumber)).toEqual([2, 3]);
      await fetch(parts[1]?.url ?? "", { method: "PUT", body: new Uint8Array(8 * MIB) });
      const stored = await ann.call("GET", `/v1/videos/${video.id}/upload/parts`);
      expect(await stored.json()).toEqual({
        partSize: mode.partSize,
        partCount: mode.partCount,
        parts: [{ partNumber: 3, size: 8 * MIB, etag: expect.stringMatching(/^[0-9a-f]{32}$/) }],
      });
      const beyond = await ann.call("POST", `/v1/videos/${video.id}/upload/parts`, {
        partNumbers: [mode.partCount + 1],
      });
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
      // A part object may be written again while its URL is valid: reads are bound to its ETag.
      expect(swap.status).toBe(mode.inObjects ? 200 : 404);
      for (const method of ["GET", "POST"] as const) {
        const body = method === "POST" ? { partNumbers: [1] } : undefined;
        const answer = await ann.call(method, `/v1/videos/${made.video.id}/upload/parts`, body);
        expect((await problemOf(answer)).code).toBe("video.wrong_status");
      }
    });
  });
}

function completeCases(mode: Mode): void {
  describe("complete", () => {
    test("without bytes, or with a part missing, names what is missing and loses nothing", async () => {
      const ann = await edge.person();
      const made = await ann.ticket(40 * MIB);
      const none = await complete(ann, made.video.id);
      expect(none.status).toBe(409);
      expect(await none.json()).toMatchObject({
        code: "upload.parts_missing",
        missing: numbersTo(mode.partCount),
      });
      await ann.putParts({ ...made, upload: { ...made.upload, parts: made.upload.parts.slice(0, 2) } });
      const two = await complete(ann, made.video.id);
      expect(await two.json()).toMatchObject({
        code: "upload.parts_missing",
        missing: numbersTo(mode.partCount).slice(2),
      });
      await ann.putParts({ ...made, upload: { ...made.upload, parts: made.upload.parts.slice(2) } });
      expect((await complete(ann, made.video.id)).status).toBe(200);
      expect(await account(ann.user.id)).toEqual({ used: 40 * MIB, reserved: 0, open: 0 });
    });

    test("with a part of another length than signed, whoever stored it, names that part", async () => {
      const ann = await edge.person();
      const made = await ann.ticket(40 * MIB);
      await ann.putParts(made);
      const { rows } = await edge.sql.query("SELECT upload_id FROM videos WHERE id = $1", [made.video.id]);
      const Bucket = edge.s3.bucket;
      const Body = new Uint8Array(mode.partSize - 1);
      const prefix = `raw/user_${ann.user.id}/${made.video.id}/`;
      const UploadId = rows[0].upload_id;
      if (mode.inObjects)
        await operatorOf(edge.s3).send(new PutObjectCommand({ Bucket, Key: `${prefix}parts/00002`, Body }));
      else
        await operatorOf(edge.s3).send(
          new UploadPartCommand({ Bucket, Key: `${prefix}source`, UploadId, PartNumber: 2, Body }),
        );
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

    test.skipIf(mode.inObjects)(
      "after the store completed and the answer was lost, it goes on from the object",
      async () => {
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
      },
    );

    test("racing delete: whoever wins, the reserved bytes are right and nothing stays", async () => {
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
}

function endCases(mode: Mode): void {
  describe("abort and expiry", () => {
    test("the owner's abort gives the reserved bytes back; the parts are gone", async () => {
      const ann = await edge.person();
      const made = await ann.ticket(10);
      await ann.putParts(made);
      expect((await ann.call("DELETE", `/v1/videos/${made.video.id}/upload`)).status).toBe(204);
      expect((await ann.call("GET", `/v1/videos/${made.video.id}`)).status).toBe(404);
      expect((await complete(ann, made.video.id)).status).toBe(404);
      expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
      const store = operatorOf(edge.s3);
      const Prefix = `raw/user_${ann.user.id}/${made.video.id}/`;
      await eventually(async () => {
        const { KeyCount } = await store.send(new ListObjectsV2Command({ Bucket: edge.s3.bucket, Prefix }));
        expect(KeyCount).toBe(0);
      });
      if (mode.inObjects) return;
      await eventually(async () => {
        const late = await fetch(made.upload.parts[0]?.url ?? "", {
          method: "PUT",
          body: new Uint8Array(10),
        });
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
      await edge.sql.query(
        "UPDATE videos SET ticket_expires_at = now() - interval '1 minute' WHERE id = $1",
        [made.video.id],
      );
      const late = await ann.call("POST", `/v1/videos/${made.video.id}/upload/parts`, { partNumbers: [1] });
      expect((await problemOf(late)).code).toBe("upload.expired");
      await sweepNow(edge);
      expect((await ann.call("GET", `/v1/videos/${made.video.id}`)).status).toBe(404);
      expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
    });
  });
}

function accessCases(): void {
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
          ["POST", "/upload/stored"],
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
}
