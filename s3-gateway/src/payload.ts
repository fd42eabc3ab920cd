/**
 * The body of a request: unframed, counted, hashed as it streams, and checked against all that its headers
 * declare.
 */
import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { S3Error } from "./errors.ts";
import type { S3Request } from "./request.ts";
import type { Signed } from "./signatures/authenticate.ts";
import { decodeChunked } from "./signatures/chunked.ts";

const largestPayload = 5 * 1024 ** 3;
const largestDocument = 8 * 1024 ** 2;
const framings = [
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
];

interface Check {
  update(bytes: Buffer): void;
  /** Throws when the declared value does not match. */
  finish(): void;
}

/** One body. Iterate `bytes` to its end: only then are size, hash and checksums verified. */
export class Payload {
  readonly bytes: AsyncIterable<Buffer>;
  readonly size: number;
  #md5 = createHash("md5");

  /** Throws before the first byte for a missing length, a size over 5 GiB or an unknown kind of hash. */
  constructor(request: S3Request, signed: Signed, source: AsyncIterable<Buffer>) {
    const framed = framings.includes(signed.payloadHash);
    this.size = readLength(request, framed);
    const trailers = new Map<string, string>();
    const checks = readChecks(request, signed, trailers, framed);
    const plain = framed ? decodeChunked(source, signed, trailers) : source;
    this.bytes = this.#checked(plain, checks);
  }

  /** Hex MD5 of the whole payload, after `bytes` has ended. */
  md5(): string {
    return this.#md5.copy().digest("hex");
  }

  async *#checked(source: AsyncIterable<Buffer>, checks: Check[]): AsyncGenerator<Buffer> {
    let count = 0;
    for await (const bytes of source) {
      count += bytes.length;
      if (count > this.size) throw new S3Error("IncompleteBody");
      this.#md5.update(bytes);
      for (const check of checks) check.update(bytes);
      yield bytes;
    }
    if (count !== this.size) throw new S3Error("IncompleteBody");
    for (const check of checks) check.finish();
  }
}

/** The whole body of an XML request (at most 8 MiB). */
export async function readDocument(payload: Payload): Promise<Buffer> {
  if (payload.size > largestDocument) throw new S3Error("EntityTooLarge");
  const pieces: Buffer[] = [];
  for await (const bytes of payload.bytes) pieces.push(bytes);
  return Buffer.concat(pieces);
}

function readLength(request: S3Request, framed: boolean): number {
  const text = request.headers.get(framed ? "x-amz-decoded-content-length" : "content-length");
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw new S3Error("MissingContentLength");
  if (Number(text) > largestPayload) throw new S3Error("EntityTooLarge");
  return Number(text);
}

function readChecks(
  request: S3Request,
  signed: Signed,
  trailers: Map<string, string>,
  framed: boolean,
): Check[] {
  const checks: Check[] = [];
  if (/^[0-9a-f]{64}$/.test(signed.payloadHash)) {
    checks.push(
      digestCheck(createHash("sha256"), "hex", "XAmzContentSHA256Mismatch", () => signed.payloadHash),
    );
  } else if (signed.payloadHash !== "UNSIGNED-PAYLOAD" && !framed) {
    throw new S3Error(
      "InvalidArgument",
      "x-amz-content-sha256 must be a hash, UNSIGNED-PAYLOAD or a STREAMING kind.",
    );
  }
  const md5 = request.headers.get("content-md5");
  if (md5 !== undefined) {
    if (Buffer.from(md5, "base64").length !== 16) throw new S3Error("InvalidDigest");
    checks.push(digestCheck(createHash("md5"), "base64", "BadDigest", () => md5));
  }
  const trailer = request.headers.get("x-amz-trailer")?.trim().toLowerCase();
  if (trailer !== undefined) checks.push(checksumCheck(trailer, () => trailers.get(trailer)));
  for (const [name, value] of request.headers) {
    if (name.startsWith("x-amz-checksum-") && !/-(?:mode|algorithm|type)$/.test(name)) {
      checks.push(checksumCheck(name, () => value));
    }
  }
  return checks;
}

/** A checksum that cannot be checked is refused: accepting it unread would claim a check that nobody made. */
function checksumCheck(name: string, expected: () => string | undefined): Check {
  if (name === "x-amz-checksum-crc32") return crc32Check(expected);
  if (name === "x-amz-checksum-sha256")
    return digestCheck(createHash("sha256"), "base64", "BadDigest", expected);
  if (name === "x-amz-checksum-sha1") return digestCheck(createHash("sha1"), "base64", "BadDigest", expected);
  throw new S3Error("NotImplemented", `${name} is not offered; use crc32, sha1 or sha256.`);
}

function digestCheck(
  hash: Hash,
  encoding: "hex" | "base64",
  code: "BadDigest" | "XAmzContentSHA256Mismatch",
  expected: () => string | undefined,
): Check {
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    finish: () => {
      if (hash.digest(encoding) !== expected()) throw new S3Error(code);
    },
  };
}

function crc32Check(expected: () => string | undefined): Check {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    finish: () => {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE(value);
      if (digest.toString("base64") !== expected()) throw new S3Error("BadDigest");
    },
  };
}
