/**
 * Decodes the `aws-chunked` framing that SDKs put around streamed bodies, with its chain of chunk signatures.
 */
import { createHash } from "node:crypto";
import { S3Error } from "../errors.ts";
import type { Signed } from "./authenticate.ts";
import { sameSignature, scopeText, sha256Hex, sign } from "./signature.ts";

const longestLine = 4096;

/** Reads lines and counted bytes from a stream; keeps at most one of the stream's buffers. */
class Reader {
  #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #fill(): Promise<void> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done) throw new S3Error("IncompleteBody");
      this.#rest = next.value;
    }
  }

  /** Up to `limit` bytes, at least one. */
  async some(limit: number): Promise<Buffer> {
    await this.#fill();
    const taken = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** The next line without its CRLF. */
  async line(): Promise<string> {
    const pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      await this.#fill();
      const end = this.#rest.indexOf(10);
      const piece = await this.some(end < 0 ? this.#rest.length : end + 1);
      pieces.push(piece);
      length += piece.length;
      if (length > longestLine) throw new S3Error("IncompleteBody");
      if (end < 0) continue;
      const line = Buffer.concat(pieces).toString("latin1");
      if (!line.endsWith("\r\n")) throw new S3Error("IncompleteBody");
      return line.slice(0, -2);
    }
  }
}

/**
 * Yields the payload inside the frames and puts the trailers into `trailers` (lower-case names).
 * A wrong chunk signature throws SignatureDoesNotMatch after the chunk's bytes: nothing is visible before the
 * end.
 */
export async function* decodeChunked(
  source: AsyncIterable<Buffer>,
  signed: Signed,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new Reader(source);
  const chain = signed.payloadHash.startsWith("STREAMING-AWS4-HMAC-SHA256") ? new Chain(signed) : null;
  for (;;) {
    const fields = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(await reader.line());
    if (!fields || (chain && !fields[2])) throw new S3Error("IncompleteBody");
    const size = Number.parseInt(fields[1] ?? "", 16);
    const hash = chain && createHash("sha256");
    for (let left = size; left > 0; ) {
      const bytes = await reader.some(left);
      hash?.update(bytes);
      left -= bytes.length;
      yield bytes;
    }
    if (chain && hash) chain.check("PAYLOAD", `${sha256Hex("")}\n${hash.digest("hex")}`, fields[2] ?? "");
    if (size === 0) break;
    if ((await reader.line()) !== "") throw new S3Error("IncompleteBody");
  }
  await readTrailers(reader, trailers, signed.payloadHash.endsWith("-TRAILER") ? chain : null);
}

async function readTrailers(
  reader: Reader,
  trailers: Map<string, string>,
  chain: Chain | null,
): Promise<void> {
  let canonical = "";
  let signature = "";
  for (let line = await reader.line(); line !== ""; line = await reader.line()) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "" || trailers.has(name) || trailers.size > 8) throw new S3Error("IncompleteBody");
    if (name === "x-amz-trailer-signature") signature = value;
    else {
      trailers.set(name, value);
      canonical += `${name}:${value}\n`;
    }
  }
  chain?.check("TRAILER", sha256Hex(canonical), signature);
}

/** Each chunk's signature covers the one before it, so chunks cannot be dropped, swapped or repeated. */
class Chain {
  #signed: Signed;
  #previous: string;

  constructor(signed: Signed) {
    this.#signed = signed;
    this.#previous = signed.seed.signature;
  }

  check(kind: "PAYLOAD" | "TRAILER", hashes: string, given: string): void {
    const { key, amzDate, scope } = this.#signed.seed;
    const text = [`AWS4-HMAC-SHA256-${kind}`, amzDate, scopeText(scope), this.#previous, hashes].join("\n");
    this.#previous = sign(key, text);
    if (!sameSignature(this.#previous, given)) throw new S3Error("SignatureDoesNotMatch");
  }
}
