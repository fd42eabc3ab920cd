/** Cases: objects and parts that are copies of stored objects, and the conditions on their source. */
import { randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
  type UploadPartCopyCommandInput,
} from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import { type Begun, begin, complete, partSize } from "./upload.ts";
import { refusal, type Wire } from "./wire.ts";

const other = '"00000000000000000000000000000000"';

const sourceOf = (wire: Wire, key: string): string =>
  `${wire.target.bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;

type Asked = Pick<
  UploadPartCopyCommandInput,
  | "CopySourceIfMatch"
  | "CopySourceIfNoneMatch"
  | "CopySourceIfModifiedSince"
  | "CopySourceIfUnmodifiedSince"
  | "CopySourceRange"
>;

async function copyPart(wire: Wire, upload: Begun, PartNumber: number, key: string, asked: Asked = {}) {
  const input = { ...upload, PartNumber, CopySource: sourceOf(wire, key), ...asked };
  const { CopyPartResult } = await wire.sdk.send(new UploadPartCopyCommand(input));
  expect(Math.abs((CopyPartResult?.LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  return { PartNumber, ETag: CopyPartResult?.ETag ?? "" };
}

async function stored(wire: Wire, key: string, Range?: string): Promise<Buffer> {
  const read = await wire.sdk.send(new GetObjectCommand({ ...wire.at(key), ...(Range && { Range }) }));
  return Buffer.from((await read.Body?.transformToByteArray()) ?? []);
}

const put = async (wire: Wire, key: string, Body: Uint8Array | string): Promise<string> =>
  (await wire.sdk.send(new PutObjectCommand({ ...wire.at(key), Body }))).ETag ?? "";

export function copyCases(wire: Wire): void {
  objectCases(wire);
  partCases(wire);
  rangeCases(wire);
  conditionCases(wire);
}

function objectCases(wire: Wire): void {
  it("copies, and the copy outlives its source", async () => {
    const from = wire.key("copy from é+");
    const to = wire.at(wire.key("copy to"));
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(from), Body: "copied", ContentType: "video/mp4" }));
    await wire.sdk.send(new CopyObjectCommand({ ...to, CopySource: sourceOf(wire, from) }));
    await wire.sdk.send(new DeleteObjectCommand(wire.at(from)));
    const read = await wire.sdk.send(new GetObjectCommand(to));
    expect([await read.Body?.transformToString(), read.ContentType]).toEqual(["copied", "video/mp4"]);
    const missing = new CopyObjectCommand({ ...to, CopySource: sourceOf(wire, wire.key("nowhere")) });
    expect(await refusal(wire.sdk.send(missing))).toBe("NoSuchKey");
  });
}

function partCases(wire: Wire): void {
  it("puts objects together as parts of one that outlives them, and reads across its seams", async () => {
    const bytes = randomBytes(2 * partSize + 77);
    const keys = [1, 2, 3].map((number) => wire.key(`parts é+/0000${number}`));
    const upload = await begin(wire, "put together");
    const parts = [];
    for (const index of [2, 0, 1]) {
      const key = keys[index] ?? "";
      const etag = await put(wire, key, bytes.subarray(index * partSize, (index + 1) * partSize));
      parts.push(await copyPart(wire, upload, index + 1, key, { CopySourceIfMatch: etag }));
    }
    const listed = (await wire.sdk.send(new ListPartsCommand(upload))).Parts ?? [];
    const sorted = parts.toSorted((a, b) => a.PartNumber - b.PartNumber);
    expect(listed.map(({ PartNumber, Size, ETag }) => [PartNumber, Size, ETag])).toEqual(
      sorted.map(({ PartNumber, ETag }, index) => [PartNumber, [partSize, partSize, 77][index], ETag]),
    );
    for (const key of keys) await wire.sdk.send(new DeleteObjectCommand(wire.at(key)));
    const { ETag } = await complete(wire, upload, sorted);
    expect(ETag).toMatch(/-3"$/);
    expect((await stored(wire, upload.Key)).equals(bytes)).toBe(true);
    const seam = await stored(wire, upload.Key, `bytes=${partSize - 9}-${2 * partSize + 8}`);
    expect(seam.equals(bytes.subarray(partSize - 9, 2 * partSize + 9))).toBe(true);
  });

  it("replaces a part by a copy and a copy by another", async () => {
    const upload = await begin(wire, "copied again");
    await put(wire, wire.key("first"), "first");
    await put(wire, wire.key("second"), "second");
    await copyPart(wire, upload, 1, wire.key("first"));
    const part = await copyPart(wire, upload, 1, wire.key("second"));
    await complete(wire, upload, [part]);
    expect((await stored(wire, upload.Key)).toString()).toBe("second");
  });

  it("leaves the sources as they are when the upload is aborted", async () => {
    const upload = await begin(wire, "aborted copy");
    await put(wire, wire.key("stays"), "stays");
    await copyPart(wire, upload, 1, wire.key("stays"));
    await wire.sdk.send(new AbortMultipartUploadCommand(upload));
    expect((await stored(wire, wire.key("stays"))).toString()).toBe("stays");
    expect(await refusal(copyPart(wire, upload, 2, wire.key("stays")))).toBe("NoSuchUpload");
  });

  it("refuses a source, an upload or a part number that there is not", async () => {
    const upload = await begin(wire, "refused copy");
    await put(wire, wire.key("there"), "there");
    expect(await refusal(copyPart(wire, upload, 1, wire.key("nowhere")))).toBe("NoSuchKey");
    expect(await refusal(copyPart(wire, upload, 0, wire.key("there")))).toBe("InvalidArgument");
    expect(await refusal(copyPart(wire, upload, 10_001, wire.key("there")))).toBe("InvalidArgument");
    const elsewhere = { ...upload, Key: wire.key("another key") };
    expect(await refusal(copyPart(wire, elsewhere, 1, wire.key("there")))).toBe("NoSuchUpload");
    expect((await wire.sdk.send(new ListPartsCommand(upload))).Parts ?? []).toEqual([]);
    await wire.sdk.send(new AbortMultipartUploadCommand(upload));
  });
}

function rangeCases(wire: Wire): void {
  it("copies ranges, also of an object that was itself put together", async () => {
    const bytes = randomBytes(2 * partSize);
    const from = await begin(wire, "range from");
    const halves = [];
    for (const half of [0, 1]) {
      const key = wire.key(`half ${half}`);
      await put(wire, key, bytes.subarray(half * partSize, (half + 1) * partSize));
      halves.push(await copyPart(wire, from, half + 1, key));
    }
    await complete(wire, from, halves);
    const upload = await begin(wire, "range to");
    const spans = [
      [1000, partSize + 1999],
      [partSize - 3, partSize + 2],
    ] as const;
    const parts = [];
    for (const [index, [first, last]] of spans.entries()) {
      const asked = { CopySourceRange: `bytes=${first}-${last}` };
      parts.push(await copyPart(wire, upload, index + 1, from.Key, asked));
    }
    await complete(wire, upload, parts);
    const expected = Buffer.concat(spans.map(([first, last]) => bytes.subarray(first, last + 1)));
    expect((await stored(wire, upload.Key)).equals(expected)).toBe(true);
  });

  it("refuses a range that is none, or not within the source", async () => {
    const upload = await begin(wire, "wrong range");
    await put(wire, wire.key("ten"), Buffer.alloc(partSize + 1));
    for (const CopySourceRange of ["bytes=0", "bytes=-5", "bytes=5-", "0-5", `bytes=0-${partSize + 1}`]) {
      // Stores differ in the code (400 or 416), and none copies.
      const code = await refusal(copyPart(wire, upload, 1, wire.key("ten"), { CopySourceRange }));
      expect([CopySourceRange, code]).toEqual([
        CopySourceRange,
        expect.stringMatching(/^Invalid(Argument|Range|Request)$/),
      ]);
    }
    expect((await wire.sdk.send(new ListPartsCommand(upload))).Parts ?? []).toEqual([]);
    await wire.sdk.send(new AbortMultipartUploadCommand(upload));
  });
}

function conditionCases(wire: Wire): void {
  const key = wire.key("conditional source");
  const hour = 3_600_000;
  const before = new Date(Date.now() - hour);
  const later = new Date(Date.now() + hour);
  let etag = "";
  let written = before;
  let upload: Begun;
  beforeAll(async () => {
    etag = await put(wire, key, "as it was");
    written = (await wire.sdk.send(new HeadObjectCommand(wire.at(key)))).LastModified ?? before;
    upload = await begin(wire, "conditional copy");
  });

  const holds: [string, () => Asked][] = [
    ["if-match", () => ({ CopySourceIfMatch: etag })],
    ["if-none-match", () => ({ CopySourceIfNoneMatch: other })],
    ["if-modified-since", () => ({ CopySourceIfModifiedSince: before })],
    ["if-unmodified-since", () => ({ CopySourceIfUnmodifiedSince: later })],
    ["if-match over a time", () => ({ CopySourceIfMatch: etag, CopySourceIfUnmodifiedSince: before })],
  ];
  it.each(holds)("copies where %s holds", async (_, asked) => {
    expect((await copyPart(wire, upload, 1, key, asked())).ETag).not.toBe("");
  });

  const fails: [string, () => Asked][] = [
    ["if-match", () => ({ CopySourceIfMatch: other })],
    ["if-none-match", () => ({ CopySourceIfNoneMatch: etag })],
    ["if-modified-since", () => ({ CopySourceIfModifiedSince: written })],
    ["if-unmodified-since", () => ({ CopySourceIfUnmodifiedSince: before })],
    ["if-none-match over a time", () => ({ CopySourceIfNoneMatch: etag, CopySourceIfModifiedSince: before })],
  ];
  it.each(fails)("says 412 where %s does not hold, for a part and for an object", async (_, asked) => {
    expect(await refusal(copyPart(wire, upload, 2, key, asked()))).toBe("PreconditionFailed");
    const to = wire.at(wire.key("not made"));
    const whole = new CopyObjectCommand({ ...asked(), ...to, CopySource: sourceOf(wire, key) });
    expect(await refusal(wire.sdk.send(whole))).toBe("PreconditionFailed");
    expect(await wire.exists(to.Key)).toBe(false);
    const { Parts = [] } = await wire.sdk.send(new ListPartsCommand(upload));
    expect(Parts.map(({ PartNumber }) => PartNumber)).not.toContain(2);
  });

  it("notices that the source was replaced after its ETag was read", async () => {
    await put(wire, wire.key("swapped"), "before");
    const pinned = await put(wire, wire.key("swapped"), "pinned");
    await put(wire, wire.key("swapped"), "after");
    const asked = { CopySourceIfMatch: pinned };
    expect(await refusal(copyPart(wire, upload, 3, wire.key("swapped"), asked))).toBe("PreconditionFailed");
  });
}
