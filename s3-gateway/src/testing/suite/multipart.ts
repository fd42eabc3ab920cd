/** Cases: the life of a multipart upload, and every completion that must be refused. */
import { createHash, randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { presign } from "../oracle.ts";
import { type Begun, begin, complete, partSize } from "./upload.ts";
import { refusal, type Wire } from "./wire.ts";

async function sendPart(wire: Wire, upload: Begun, PartNumber: number, Body: Uint8Array) {
  const { ETag = "" } = await wire.sdk.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
  return { PartNumber, ETag };
}

export function multipartCases(wire: Wire): void {
  lifeCases(wire);
  refusedCases(wire);
  endedCases(wire);
}

function lifeCases(wire: Wire): void {
  it("joins parts sent in any order and twice, and reads across their seams", async () => {
    const upload = await begin(wire, "joined");
    const bytes = randomBytes(2 * partSize + 1234);
    const slices = [0, 1, 2].map((index) => bytes.subarray(index * partSize, (index + 1) * partSize));
    await sendPart(wire, upload, 1, randomBytes(partSize));
    const parts = [];
    for (const number of [3, 1, 2])
      parts.push(await sendPart(wire, upload, number, slices[number - 1] ?? bytes));
    expect(await wire.exists(upload.Key)).toBe(false);
    const listed = await wire.sdk.send(new ListPartsCommand(upload));
    expect(listed.Parts?.map((part) => [part.PartNumber, part.Size])).toEqual([
      [1, partSize],
      [2, partSize],
      [3, 1234],
    ]);

    const digests = slices.map((slice) => createHash("md5").update(slice).digest());
    const etag = `"${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-3"`;
    const sorted = parts.toSorted((a, b) => a.PartNumber - b.PartNumber);
    expect((await complete(wire, upload, sorted)).ETag).toBe(etag);
    const whole = await wire.sdk.send(new GetObjectCommand({ ...wire.at(upload.Key), IfMatch: etag }));
    expect([whole.ContentLength, whole.ContentType, whole.ETag]).toEqual([bytes.length, "video/mp4", etag]);
    expect(Buffer.from((await whole.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    const Range = `bytes=${partSize - 10}-${2 * partSize + 9}`;
    const seam = await wire.sdk.send(new GetObjectCommand({ ...wire.at(upload.Key), Range }));
    const expected = bytes.subarray(partSize - 10, 2 * partSize + 10);
    expect(Buffer.from((await seam.Body?.transformToByteArray()) ?? []).equals(expected)).toBe(true);
  });

  it("takes a single small part by a presigned URL that binds its length", async () => {
    const upload = await begin(wire, "single");
    const query = { partNumber: "1", uploadId: upload.UploadId };
    const unsigned = { method: "PUT", key: upload.Key, query, headers: { "content-length": "5" } };
    const signed = await presign(wire.target, unsigned);
    const wrong = await wire.raw(
      { ...signed, headers: { ...signed.headers, "content-length": "6" } },
      "longer",
    );
    expect(wrong.status).toBe(403);
    expect((await wire.sdk.send(new ListPartsCommand(upload))).Parts ?? []).toEqual([]);
    const sent = await wire.raw(signed, "right");
    expect(sent.status).toBe(200);
    await complete(wire, upload, [{ PartNumber: 1, ETag: sent.headers.etag ?? "" }]);
    const read = await wire.sdk.send(new GetObjectCommand(wire.at(upload.Key)));
    expect(await read.Body?.transformToString()).toBe("right");
  });

  it("lists parts in pages", async () => {
    const upload = await begin(wire, "paged parts");
    for (const number of [1, 2, 5, 7, 9]) await sendPart(wire, upload, number, Buffer.from("x"));
    const numbers: (number | undefined)[] = [];
    for (let marker: string | undefined; ; ) {
      const page = await wire.sdk.send(
        new ListPartsCommand({ ...upload, MaxParts: 2, ...(marker && { PartNumberMarker: marker }) }),
      );
      numbers.push(...(page.Parts ?? []).map((part) => part.PartNumber));
      if (!page.IsTruncated) break;
      marker = page.NextPartNumberMarker;
    }
    expect(numbers).toEqual([1, 2, 5, 7, 9]);
    await wire.sdk.send(new AbortMultipartUploadCommand(upload));
  });

  it("lists open uploads under a prefix", async () => {
    const uploads = [await begin(wire, "open/a"), await begin(wire, "open/a"), await begin(wire, "open/b")];
    const list = async () => {
      const query = { Bucket: wire.target.bucket, Prefix: wire.key("open/") };
      return (await wire.sdk.send(new ListMultipartUploadsCommand(query))).Uploads ?? [];
    };
    expect((await list()).map((upload) => upload.UploadId).sort()).toEqual(
      uploads.map((one) => one.UploadId).sort(),
    );
    for (const upload of uploads) await wire.sdk.send(new AbortMultipartUploadCommand(upload));
    expect(await list()).toEqual([]);
  });
}

function refusedCases(wire: Wire): void {
  it("refuses a wrong ETag, an unknown part, a wrong order, an empty list; then completes", async () => {
    const upload = await begin(wire, "refused");
    const one = await sendPart(wire, upload, 1, Buffer.alloc(partSize));
    const two = await sendPart(wire, upload, 2, Buffer.from("end"));
    const wrong = { PartNumber: 2, ETag: '"0123456789abcdef0123456789abcdef"' };
    expect(await refusal(complete(wire, upload, [one, wrong]))).toBe("InvalidPart");
    expect(await refusal(complete(wire, upload, [one, two, { ...two, PartNumber: 3 }]))).toBe("InvalidPart");
    expect(await refusal(complete(wire, upload, [two, one]))).toBe("InvalidPartOrder");
    expect(await refusal(complete(wire, upload, []))).toBe("MalformedXML");
    expect(await wire.exists(upload.Key)).toBe(false);
    await complete(wire, upload, [one, two]);
    expect(await wire.exists(upload.Key)).toBe(true);
  });

  it("refuses a part under 5 MiB that is not the last", async () => {
    const upload = await begin(wire, "too small");
    const parts = [
      await sendPart(wire, upload, 1, Buffer.from("tiny")),
      await sendPart(wire, upload, 2, Buffer.from("end")),
    ];
    expect(await refusal(complete(wire, upload, parts))).toBe("EntityTooSmall");
    expect(await wire.exists(upload.Key)).toBe(false);
    await wire.sdk.send(new AbortMultipartUploadCommand(upload));
  });

  it("refuses part numbers outside 1 to 10,000", async () => {
    const upload = await begin(wire, "numbers");
    for (const PartNumber of [0, 10_001]) {
      const part = new UploadPartCommand({ ...upload, PartNumber, Body: "x" });
      expect(await refusal(wire.sdk.send(part))).toBe("InvalidArgument");
    }
    await wire.sdk.send(new AbortMultipartUploadCommand(upload));
  });

  it("knows an upload only under its own key", async () => {
    const upload = await begin(wire, "own key");
    const elsewhere = { ...upload, Key: wire.key("other key") };
    const part = new UploadPartCommand({ ...elsewhere, PartNumber: 1, Body: "x" });
    expect(await refusal(wire.sdk.send(part))).toBe("NoSuchUpload");
    await wire.sdk.send(new AbortMultipartUploadCommand(upload));
  });
}

function endedCases(wire: Wire): void {
  it("is gone after abort: no part, no list, no completion", async () => {
    const upload = await begin(wire, "aborted");
    const part = await sendPart(wire, upload, 1, Buffer.from("x"));
    await wire.sdk.send(new AbortMultipartUploadCommand(upload));
    const late = new UploadPartCommand({ ...upload, PartNumber: 2, Body: "late" });
    expect(await refusal(wire.sdk.send(late))).toBe("NoSuchUpload");
    expect(await refusal(wire.sdk.send(new ListPartsCommand(upload)))).toBe("NoSuchUpload");
    expect(await refusal(complete(wire, upload, [part]))).toBe("NoSuchUpload");
    expect(await wire.exists(upload.Key)).toBe(false);
  });

  it("is closed after completion: the object cannot be swapped by its old part URLs", async () => {
    const upload = await begin(wire, "closed");
    const part = await sendPart(wire, upload, 1, Buffer.from("kept"));
    await complete(wire, upload, [part]);
    const swap = new UploadPartCommand({ ...upload, PartNumber: 1, Body: "swap" });
    expect(await refusal(wire.sdk.send(swap))).toBe("NoSuchUpload");
    const read = await wire.sdk.send(new GetObjectCommand(wire.at(upload.Key)));
    expect(await read.Body?.transformToString()).toBe("kept");
    await wire.sdk.send(new DeleteObjectCommand(wire.at(upload.Key)));
  });

  it("keeps the object under its key until completion replaces it", async () => {
    const upload = await begin(wire, "replaced");
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(upload.Key), Body: "old" }));
    const part = await sendPart(wire, upload, 1, Buffer.from("new"));
    const read = async () =>
      (await wire.sdk.send(new GetObjectCommand(wire.at(upload.Key)))).Body?.transformToString();
    expect(await read()).toBe("old");
    await complete(wire, upload, [part]);
    expect(await read()).toBe("new");
  });
}
