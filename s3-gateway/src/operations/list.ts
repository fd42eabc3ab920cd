/** ListObjectsV2: keys in the order of their UTF-8 bytes, grouped at a delimiter, in pages. */
import { z } from "zod";
import { S3Error } from "../errors.ts";
import { uriEncode } from "../signatures/signature.ts";
import { requireBucket, type Store } from "../store/store.ts";
import { renderXml } from "../xml.ts";
import type { Answer, Call } from "./call.ts";

const listRow = z.object({ key: z.string(), etag: z.string(), size: z.number(), modified: z.number() });
type Listed = { prefix: string } | { object: z.infer<typeof listRow> };

/** Sorts after every key that starts with the text before it: no key may contain the last code point. */
const lastCodePoint = "\u{10ffff}";

export function listObjects({ request, store }: Call): Answer {
  const { bucket, query } = request;
  requireBucket(store, bucket);
  if (query.get("list-type") !== "2") throw new S3Error("InvalidArgument", "list-type must be 2.");
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const limit = readLimit(query.get("max-keys"), "max-keys");
  const encode = readEncoding(query.get("encoding-type"));
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after");
  const after = token === undefined ? (startAfter ?? "") : readToken(token);
  const { page, next } = list(store, { bucket, prefix, delimiter, after, limit });
  const contents = page.flatMap((entry) => ("object" in entry ? [entry.object] : []));
  const folded = page.flatMap((entry) => ("prefix" in entry ? [entry.prefix] : []));
  const xml = renderXml("ListBucketResult", {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    ContinuationToken: token,
    NextContinuationToken: next === null ? undefined : Buffer.from(next).toString("base64url"),
    KeyCount: page.length,
    MaxKeys: limit,
    EncodingType: query.get("encoding-type"),
    IsTruncated: next !== null,
    Contents: contents.map((object) => ({
      Key: encode(object.key),
      LastModified: new Date(object.modified).toISOString(),
      ETag: object.etag,
      Size: object.size,
      StorageClass: "STANDARD",
    })),
    CommonPrefixes: folded.map((name) => ({ Prefix: encode(name) })),
  });
  return { status: 200, xml };
}

interface ListQuery {
  bucket: string;
  prefix: string;
  delimiter: string;
  after: string;
  limit: number;
}

/** One page, and where the next one starts (null at the end). A seek skips the keys of a common prefix. */
function list(store: Store, query: ListQuery): { page: Listed[]; next: string | null } {
  const seek = store.database.prepare(
    `select key, etag, size, modified from object
     where bucket = ? and key > ? and key >= ? and key < ? order by key limit 1`,
  );
  const page: Listed[] = [];
  let after = query.after;
  while (query.limit > 0) {
    const row = seek.get(query.bucket, after, query.prefix, query.prefix + lastCodePoint);
    if (!row) break;
    if (page.length === query.limit) return { page, next: after };
    const object = listRow.parse(row);
    const fold = query.delimiter === "" ? -1 : object.key.indexOf(query.delimiter, query.prefix.length);
    const prefix = fold < 0 ? null : object.key.slice(0, fold + query.delimiter.length);
    page.push(prefix === null ? { object } : { prefix });
    after = prefix === null ? object.key : prefix + lastCodePoint;
  }
  return { page, next: null };
}

/** 0 to 1,000; a larger number counts as 1,000. */
export function readLimit(text: string | undefined, name: string): number {
  if (text === undefined) return 1000;
  if (!/^\d{1,10}$/.test(text)) throw new S3Error("InvalidArgument", `${name} is not a number.`);
  return Math.min(Number(text), 1000);
}

/**
 * How keys are written: percent-encoded when the client asks for it, since XML cannot represent every
 * character.
 */
export function readEncoding(type: string | undefined): (text: string) => string {
  if (type === undefined) return (text) => text;
  if (type !== "url") throw new S3Error("InvalidArgument", "encoding-type must be url.");
  return (text) => text.split("/").map(uriEncode).join("/");
}

function readToken(token: string): string {
  const bytes = Buffer.from(token, "base64url");
  const text = bytes.toString("utf8");
  if (text === "" || bytes.toString("base64url") !== token || !Buffer.from(text).equals(bytes)) {
    throw new S3Error("InvalidArgument", "The continuation token is not valid.");
  }
  return text;
}
