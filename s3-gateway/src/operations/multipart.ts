/** Multipart uploads: create, part, list, complete, abort. Completion changes rows and copies no bytes. */
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { S3Error } from "../errors.ts";
import { checkWriteConditions, sameTag } from "../headers/conditions.ts";
import { readMetadata } from "../headers/metadata.ts";
import { readDocument } from "../payload.ts";
import { findObject, replaceObject } from "../store/objects.ts";
import { requireBucket } from "../store/store.ts";
import { type Part, partsOf, putPart, removeUpload, requireUpload } from "../store/uploads.ts";
import { parseXml, renderXml } from "../xml.ts";
import type { Answer, Call } from "./call.ts";
import { keepOrDiscard } from "./objects.ts";

const smallestPart = 5 * 1024 ** 2;
const maxParts = 10_000;

export function createUpload({ request, store, now }: Call): Answer {
  const { bucket, key, headers } = request;
  requireBucket(store, bucket);
  const id = randomBytes(24).toString("base64url");
  store.database
    .prepare("insert into upload (id, bucket, key, created, headers) values (?, ?, ?, ?, ?)")
    .run(id, bucket, key, now, JSON.stringify(readMetadata(headers)));
  const result = { Bucket: bucket, Key: key, UploadId: id };
  return { status: 200, xml: renderXml("InitiateMultipartUploadResult", result) };
}

/** UploadPart: a part sent again replaces the earlier one. */
export async function uploadPart({ request, store, now, payload }: Call): Promise<Answer> {
  const { bucket, key, query } = request;
  const number = readPartNumber(query.get("partNumber"));
  const id = query.get("uploadId") ?? "";
  requireUpload(store, bucket, key, id);
  const body = payload();
  const blob = await store.blobs.write(body.bytes);
  const etag = `"${body.md5()}"`;
  await keepOrDiscard(blob, store, () =>
    store.change((drop) => {
      requireUpload(store, bucket, key, id);
      const pieces = [{ blob, start: 0, size: body.size }];
      putPart(store, id, { number, size: body.size, etag, modified: now, pieces }, drop);
    }),
  );
  return { status: 200, headers: { ETag: etag } };
}

export function listParts({ request, store }: Call): Answer {
  const { bucket, key, query } = request;
  const upload = requireUpload(store, bucket, key, query.get("uploadId") ?? "");
  const after = readNumber(query.get("part-number-marker") ?? "0", 0, maxParts);
  const limit = Math.min(readNumber(query.get("max-parts") ?? "1000", 0, 2 ** 31), 1000);
  const parts = partsOf(store, upload.id, after, limit + 1);
  const page = parts.slice(0, limit);
  const xml = renderXml("ListPartsResult", {
    Bucket: bucket,
    Key: key,
    UploadId: upload.id,
    PartNumberMarker: after,
    NextPartNumberMarker: page.at(-1)?.number ?? after,
    MaxParts: limit,
    IsTruncated: parts.length > limit && limit > 0,
    StorageClass: "STANDARD",
    Part: page.map((part) => ({
      PartNumber: part.number,
      LastModified: new Date(part.modified).toISOString(),
      ETag: part.etag,
      Size: part.size,
    })),
  });
  return { status: 200, xml };
}

export async function abortUpload({ request, store }: Call): Promise<Answer> {
  const upload = requireUpload(store, request.bucket, request.key, request.query.get("uploadId") ?? "");
  await store.change((drop) => removeUpload(store, upload.id, drop));
  return { status: 204 };
}

const completion = z.object({
  CompleteMultipartUpload: z.object({
    Part: z
      .array(
        z.object({
          PartNumber: z
            .string()
            .regex(/^\d{1,5}$/)
            .transform(Number),
          ETag: z.string(),
        }),
      )
      .min(1)
      .max(maxParts),
  }),
});

/** CompleteMultipartUpload: the listed parts become the object, in one transaction. */
export async function completeUpload({ request, store, now, payload }: Call): Promise<Answer> {
  const { bucket, key, query, headers } = request;
  requireUpload(store, bucket, key, query.get("uploadId") ?? "");
  const parsed = completion.safeParse(parseXml(await readDocument(payload())));
  if (!parsed.success) throw new S3Error("MalformedXML");
  const listed = parsed.data.CompleteMultipartUpload.Part;
  const etag = await store.change((drop) => {
    const upload = requireUpload(store, bucket, key, query.get("uploadId") ?? "");
    const parts = choose(listed, partsOf(store, upload.id));
    checkWriteConditions(headers, findObject(store, bucket, key));
    const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag.slice(1, -1), "hex")));
    const tag = `"${createHash("md5").update(digests).digest("hex")}-${parts.length}"`;
    const pieces = parts.flatMap((part) => part.pieces);
    removeUpload(store, upload.id, drop);
    replaceObject(store, { bucket, key, etag: tag, modified: now, headers: upload.headers, pieces }, drop);
    return tag;
  });
  const result = { Location: request.path, Bucket: bucket, Key: key, ETag: etag };
  return { status: 200, xml: renderXml("CompleteMultipartUploadResult", result) };
}

/**
 * The stored parts that a completion lists; throws InvalidPartOrder, InvalidPart, EntityTooSmall, in this
 * order.
 */
function choose(listed: { PartNumber: number; ETag: string }[], stored: Part[]): Part[] {
  let previous = 0;
  for (const { PartNumber } of listed) {
    if (PartNumber <= previous) throw new S3Error("InvalidPartOrder");
    previous = PartNumber;
  }
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  const chosen = listed.map(({ PartNumber, ETag }) => {
    const part = byNumber.get(PartNumber);
    if (!part || !sameTag(ETag, part.etag)) throw new S3Error("InvalidPart");
    return part;
  });
  if (chosen.slice(0, -1).some((part) => part.size < smallestPart)) throw new S3Error("EntityTooSmall");
  return chosen;
}

/** Throws InvalidArgument for anything but 1 to 10,000. */
export const readPartNumber = (text: string | undefined): number => readNumber(text, 1, maxParts);

function readNumber(text: string | undefined, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text ?? "") ? Number(text) : -1;
  if (value < min || value > max)
    throw new S3Error("InvalidArgument", `Expected a number from ${min} to ${max}.`);
  return value;
}
