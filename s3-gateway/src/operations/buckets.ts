/** Operations on a whole bucket: head, create, location, and deleting many objects. */
import { z } from "zod";
import { S3Error } from "../errors.ts";
import { readMetadata } from "../headers/metadata.ts";
import { readDocument } from "../payload.ts";
import { removeObject } from "../store/objects.ts";
import { requireBucket } from "../store/store.ts";
import { parseXml, renderXml } from "../xml.ts";
import type { Answer, Call } from "./call.ts";

export function headBucket({ request, store }: Call): Answer {
  requireBucket(store, request.bucket);
  return { status: 200 };
}

/** GetBucketLocation: an empty constraint, which every client reads as the region that it already uses. */
export function bucketLocation({ request, store }: Call): Answer {
  requireBucket(store, request.bucket);
  return { status: 200, xml: renderXml("LocationConstraint", {}) };
}

/** CreateBucket; a location in the body is ignored, because there is only this node. */
export async function createBucket({ request, store, now, payload }: Call): Promise<Answer> {
  const { bucket, headers } = request;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || bucket.includes("..")) {
    throw new S3Error("InvalidBucketName");
  }
  readMetadata(headers);
  if (Number(headers.get("content-length") ?? 0) > 0) await readDocument(payload());
  const { changes } = store.database
    .prepare("insert into bucket (name, created) values (?, ?) on conflict do nothing")
    .run(bucket, now);
  if (changes === 0) throw new S3Error("BucketAlreadyOwnedByYou");
  return { status: 200, headers: { Location: `/${bucket}` } };
}

const deletion = z.object({
  Delete: z.object({
    Quiet: z.enum(["true", "false"]).optional(),
    Object: z
      .array(z.object({ Key: z.string().min(1), VersionId: z.undefined().optional() }))
      .min(1)
      .max(1000),
  }),
});

/** DeleteObjects: up to 1,000 keys in one transaction; keys that do not exist count as deleted. */
export async function deleteObjects({ request, store, payload }: Call): Promise<Answer> {
  requireBucket(store, request.bucket);
  const parsed = deletion.safeParse(parseXml(await readDocument(payload())));
  if (!parsed.success) throw new S3Error("MalformedXML");
  const keys = parsed.data.Delete.Object.map((object) => object.Key);
  await store.change((drop) => {
    for (const key of keys) removeObject(store, request.bucket, key, drop);
  });
  const quiet = parsed.data.Delete.Quiet === "true";
  const deleted = quiet ? {} : { Deleted: keys.map((Key) => ({ Key })) };
  return { status: 200, xml: renderXml("DeleteResult", deleted) };
}
