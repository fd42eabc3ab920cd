/** Cases: one object, written, read by range and with conditions, overwritten, deleted. */
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import { refusal, type Wire } from "./wire.ts";

export function objectCases(wire: Wire): void {
  wholeCases(wire);
  rangeCases(wire);
  conditionCases(wire);
  overrideCases(wire);
  streamCases(wire);
}

function wholeCases(wire: Wire): void {
  it("knows its bucket and no other", async () => {
    await wire.sdk.send(new HeadBucketCommand({ Bucket: wire.target.bucket }));
    const missing = new HeadBucketCommand({ Bucket: "no-such-bucket-here" });
    expect(await refusal(wire.sdk.send(missing))).toBe("NotFound");
  });

  it("gives back bytes, type, metadata and the MD5 as ETag", async () => {
    const at = wire.at(wire.key("whole"));
    const bytes = randomBytes(300_000);
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    const input = {
      ...at,
      Body: bytes,
      ContentType: "video/mp4",
      CacheControl: "max-age=9",
      Metadata: { a: "b c" },
    };
    expect((await wire.sdk.send(new PutObjectCommand(input))).ETag).toBe(etag);
    const read = await wire.sdk.send(new GetObjectCommand(at));
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    const head = await wire.sdk.send(new HeadObjectCommand(at));
    for (const answer of [read, head]) {
      expect([answer.ContentLength, answer.ContentType, answer.ETag]).toEqual([300_000, "video/mp4", etag]);
      expect([answer.CacheControl, answer.Metadata?.a, answer.AcceptRanges]).toEqual([
        "max-age=9",
        "b c",
        "bytes",
      ]);
      expect(Math.abs((answer.LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    }
  });

  it("keeps an empty object", async () => {
    const at = wire.at(wire.key("empty"));
    await wire.sdk.send(new PutObjectCommand({ ...at, Body: "", ContentLength: 0 }));
    const read = await wire.sdk.send(new GetObjectCommand(at));
    expect([read.ContentLength, await read.Body?.transformToString()]).toEqual([0, ""]);
  });

  it("overwrites, deletes, and deletes what is not there", async () => {
    const at = wire.at(wire.key("over"));
    await wire.sdk.send(new PutObjectCommand({ ...at, Body: "first" }));
    await wire.sdk.send(new PutObjectCommand({ ...at, Body: "second" }));
    expect(await (await wire.sdk.send(new GetObjectCommand(at))).Body?.transformToString()).toBe("second");
    await wire.sdk.send(new DeleteObjectCommand(at));
    expect(await refusal(wire.sdk.send(new GetObjectCommand(at)))).toBe("NoSuchKey");
    expect(await refusal(wire.sdk.send(new HeadObjectCommand(at)))).toBe("NotFound");
    await wire.sdk.send(new DeleteObjectCommand(at));
  });

  it("refuses a key over 1,024 bytes", async () => {
    const reply = await wire.send({ method: "PUT", key: wire.key("k".repeat(1024)), body: "x" });
    expect([reply.status, reply.code]).toEqual([400, "KeyTooLongError"]);
  });
}

function rangeCases(wire: Wire): void {
  const key = wire.key("range");
  beforeAll(async () => {
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(key), Body: "0123456789" }));
  });

  it.each([
    ["bytes=0-0", "0", "bytes 0-0/10"],
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=-99", "0123456789", "bytes 0-9/10"],
    ["bytes=8-99", "89", "bytes 8-9/10"],
  ])("answers %s", async (range, text, contentRange) => {
    const reply = await wire.sendPresigned({ method: "GET", key, headers: { range } });
    expect([reply.status, reply.body.toString()]).toEqual([206, text]);
    expect([reply.headers["content-range"], reply.headers["content-length"]]).toEqual([
      contentRange,
      `${text.length}`,
    ]);
  });

  it("says 416 beyond the end", async () => {
    const reply = await wire.sendPresigned({ method: "GET", key, headers: { range: "bytes=10-" } });
    expect([reply.status, reply.code]).toEqual([416, "InvalidRange"]);
  });
}

function conditionCases(wire: Wire): void {
  const key = wire.key("conditions");
  let etag = "";
  beforeAll(async () => {
    etag = (await wire.sdk.send(new PutObjectCommand({ ...wire.at(key), Body: "one" }))).ETag ?? "";
  });
  const get = (headers: Record<string, string>) => wire.sendPresigned({ method: "GET", key, headers });

  it("holds If-Match, also together with a range", async () => {
    expect((await get({ "if-match": etag })).status).toBe(200);
    expect((await get({ "if-match": etag, range: "bytes=0-0" })).status).toBe(206);
    const failed = await get({ "if-match": '"00000000000000000000000000000000"', range: "bytes=0-0" });
    expect([failed.status, failed.code]).toEqual([412, "PreconditionFailed"]);
  });

  it("answers If-None-Match with 304 and no body", async () => {
    const reply = await get({ "if-none-match": etag });
    expect([reply.status, reply.body.length]).toEqual([304, 0]);
    expect((await get({ "if-none-match": '"other"' })).status).toBe(200);
  });

  it("puts only onto a free key under If-None-Match: *", async () => {
    const at = wire.at(wire.key("once"));
    const put = (Body: string) => wire.sdk.send(new PutObjectCommand({ ...at, Body, IfNoneMatch: "*" }));
    await put("first");
    expect(await refusal(put("second"))).toBe("PreconditionFailed");
    expect(await (await wire.sdk.send(new GetObjectCommand(at))).Body?.transformToString()).toBe("first");
  });

  it("lets exactly one of many win a free key", async () => {
    const at = wire.at(wire.key("race"));
    const put = (Body: string) =>
      wire.sdk.send(new PutObjectCommand({ ...at, Body, IfNoneMatch: "*" })).then(() => Body);
    const results = await Promise.allSettled(
      ["a", "b", "c", "d", "e"].map((body) => put(body.repeat(100_000))),
    );
    const winners = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const stored = await (await wire.sdk.send(new GetObjectCommand(at))).Body?.transformToString();
    expect(winners).toEqual([stored]);
  });
}

function overrideCases(wire: Wire): void {
  it("answers with the headers that a signed URL asks for", async () => {
    const key = wire.key("override");
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(key), Body: "x", ContentType: "text/html" }));
    const query = {
      "response-content-type": "application/octet-stream",
      "response-content-disposition": `attachment; filename="a b.mp4"; filename*=UTF-8''%C3%A9.mp4`,
      "response-cache-control": "private, max-age=60",
    };
    const { headers } = await wire.sendPresigned({ method: "GET", key, query });
    expect(headers["content-type"]).toBe(query["response-content-type"]);
    expect(headers["content-disposition"]).toBe(query["response-content-disposition"]);
    expect(headers["cache-control"]).toBe(query["response-cache-control"]);
  });
}

function streamCases(wire: Wire): void {
  it("takes the SDK's checksums, for a whole body and for a stream in chunks with a trailer", async () => {
    const sdk = wire.sdkWith({
      requestChecksumCalculation: "WHEN_SUPPORTED",
      responseChecksumValidation: "WHEN_SUPPORTED",
    });
    const bytes = randomBytes(700_001);
    const stream = Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
    for (const [name, Body] of [
      ["whole", bytes],
      ["stream", stream],
    ] as const) {
      const at = wire.at(wire.key(`checksum ${name}`));
      await sdk.send(new PutObjectCommand({ ...at, Body, ContentLength: bytes.length }));
      const read = await sdk.send(new GetObjectCommand(at));
      expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
      expect(read.ContentEncoding ?? "").toBe("");
    }
  });
}
