/**
 * S3 operations that only the edge performs: multipart uploads, HEAD, listing, deletion, and captions. No
 * bytes of a video pass through here.
 */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  NoSuchUpload,
  NotFound,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import type { Config } from "../config.ts";
import { problem } from "../problem/problem.ts";

export type StoredPart = { partNumber: number; size: number; etag: string };
/** `etag` without quotes. */
export type Head = { size: number; etag: string };
export type Listed = { key: string; modified: Date; size: number; etag: string };
export type CopiedPart = { from: string; etag: string; to: string; uploadId: string; number: number };
export type OpenUpload = { key: string; uploadId: string; initiated: Date };
export type Storage = ReturnType<typeof makeStorage>;

/** Time limit of one call, so that it cannot hang a request. The client's own retries fit within it. */
const CALL_MS = 20_000;
const UPLOAD_PAGES = 20;
/** An ETag without quotes. A weak one (made weak by a proxy) names the same object. */
export const bare = (etag: string | undefined) => (etag ?? "").replace(/^W\//, "").replaceAll('"', "");
const isGone = (error: unknown) =>
  error instanceof NotFound ||
  (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404);
const isNoUpload = (error: unknown) =>
  error instanceof NoSuchUpload || (error instanceof S3ServiceException && error.name === "NoSuchUpload");

/** Runs `call` under a time limit. Any failure becomes `storage.unavailable`. */
async function ask<T>(call: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
  try {
    return await call({ abortSignal: AbortSignal.timeout(CALL_MS) });
  } catch (cause) {
    if (isGone(cause) || isNoUpload(cause)) throw cause;
    throw problem("storage.unavailable", { cause, retryAfter: 2 });
  }
}

/** The bucket of `config`. Every method rejects with `storage.unavailable` if there is no answer. */
function makeStorage(config: Config) {
  const Bucket = config.S3_BUCKET;
  const client = new S3Client({
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    forcePathStyle: true,
    // Otherwise the SDK adds a CRC32, which older object stores refuse (aws-sdk-js-v3 #6994).
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 2,
    credentials: { accessKeyId: config.S3_ACCESS_KEY_ID, secretAccessKey: config.S3_SECRET_ACCESS_KEY },
  });

  return {
    /** Starts a multipart upload with a neutral content type: the uploader's claim is never served. */
    async createUpload(Key: string): Promise<string> {
      const input = { Bucket, Key, ContentType: "application/octet-stream" };
      const { UploadId } = await ask((o) => client.send(new CreateMultipartUploadCommand(input), o));
      if (!UploadId) throw problem("storage.unavailable", { cause: "no upload id" });
      return UploadId;
    },

    /** All stored parts in order; null if the object store does not know the upload. */
    async listParts(Key: string, UploadId: string): Promise<StoredPart[] | null> {
      const parts: StoredPart[] = [];
      let marker: string | undefined;
      do {
        const input = { Bucket, Key, UploadId, ...(marker && { PartNumberMarker: marker }) };
        const page = await ask((o) => client.send(new ListPartsCommand(input), o)).catch(
          nullWhen(isNoUpload),
        );
        if (!page) return null;
        for (const part of page.Parts ?? [])
          parts.push({ partNumber: part.PartNumber ?? 0, size: part.Size ?? 0, etag: bare(part.ETag) });
        marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
      } while (marker);
      return parts.sort((a, b) => a.partNumber - b.partNumber);
    },

    /**
     * Completes an upload. False if the object store does not know it (already completed, or aborted). The
     * SDK turns a 200 with an error in its body into an error, which counts as no answer.
     */
    async completeUpload(Key: string, UploadId: string, parts: readonly StoredPart[]): Promise<boolean> {
      const Parts = parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: `"${etag}"` }));
      const input = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
      const done = await ask((o) => client.send(new CompleteMultipartUploadCommand(input), o)).catch(
        nullWhen(isNoUpload),
      );
      return done !== null;
    },

    /**
     * Copies an object into an upload without transferring it. `changed`: it is not there, or has another
     * ETag. `refused`: the store does not offer it. `gone`: the store does not know the upload.
     */
    async copyPart(part: CopiedPart): Promise<"copied" | "changed" | "refused" | "gone"> {
      const CopySource = `${Bucket}/${part.from.split("/").map(encodeURIComponent).join("/")}`;
      const input = { Bucket, Key: part.to, UploadId: part.uploadId, PartNumber: part.number, CopySource };
      const bound = { ...input, CopySourceIfMatch: `"${part.etag}"` };
      try {
        const abortSignal = AbortSignal.timeout(CALL_MS);
        await client.send(new UploadPartCopyCommand(bound), { abortSignal });
        return "copied";
      } catch (cause) {
        if (isNoUpload(cause)) return "gone";
        const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
        if (status === 412 || isGone(cause)) return "changed";
        if (status === 501 || status === 405) return "refused";
        throw problem("storage.unavailable", { cause, retryAfter: 2 });
      }
    },

    /** Aborts an upload; an unknown one is no error. */
    async abortUpload(Key: string, UploadId: string): Promise<void> {
      const input = { Bucket, Key, UploadId };
      await ask((o) => client.send(new AbortMultipartUploadCommand(input), o)).catch(
        nullWhen((error) => isNoUpload(error) || isGone(error)),
      );
    },

    /** Size and ETag; null if there is no such object. */
    async head(Key: string): Promise<Head | null> {
      const found = await ask((o) => client.send(new HeadObjectCommand({ Bucket, Key }), o)).catch(
        nullWhen(isGone),
      );
      return found && { size: found.ContentLength ?? 0, etag: bare(found.ETag) };
    },

    /** Stores a small object that we made. Returns its ETag. */
    async put(Key: string, Body: Uint8Array, ContentType: string): Promise<string> {
      const input = { Bucket, Key, Body, ContentType };
      const { ETag } = await ask((o) => client.send(new PutObjectCommand(input), o));
      if (!ETag) throw problem("storage.unavailable", { cause: "no ETag" });
      return bare(ETag);
    },

    /** Deletes up to 1,000 objects. */
    async remove(keys: readonly string[]): Promise<void> {
      if (keys.length === 0) return;
      const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
      const { Errors } = await ask((o) => client.send(new DeleteObjectsCommand({ Bucket, Delete }), o));
      if (Errors && Errors.length > 0) throw problem("storage.unavailable", { cause: Errors[0]?.Code });
    },

    /** A page of objects under `prefix`, after the key `after`. `next` is where the next page starts. */
    async list(prefix: string, after?: string): Promise<{ objects: Listed[]; next: string | undefined }> {
      const input = { Bucket, Prefix: prefix, ...(after && { StartAfter: after }) };
      let page = await ask((o) => client.send(new ListObjectsV2Command(input), o));
      // Where all of a page has just been deleted, some object stores answer none, and that there are more.
      while (page.IsTruncated && page.NextContinuationToken && !page.Contents?.length) {
        const next = { ...input, ContinuationToken: page.NextContinuationToken };
        page = await ask((o) => client.send(new ListObjectsV2Command(next), o));
      }
      const objects = (page.Contents ?? []).flatMap(({ Key, LastModified, Size, ETag }) =>
        Key ? [{ key: Key, modified: LastModified ?? new Date(), size: Size ?? 0, etag: bare(ETag) }] : [],
      );
      // A page may hold fewer objects than requested: only the object store knows whether it was the last.
      return { objects, next: page.IsTruncated ? objects.at(-1)?.key : undefined };
    },

    /**
     * Up to 20,000 unfinished uploads under `prefix`. Object stores like MinIO return none unless the prefix
     * is a whole key.
     */
    async listUploads(prefix: string): Promise<OpenUpload[]> {
      const uploads: OpenUpload[] = [];
      let after = {};
      for (let page = 0; page < UPLOAD_PAGES; page += 1) {
        const input = { Bucket, Prefix: prefix, ...after };
        const found = await ask((o) => client.send(new ListMultipartUploadsCommand(input), o));
        for (const { Key, UploadId, Initiated } of found.Uploads ?? [])
          if (Key && UploadId)
            uploads.push({ key: Key, uploadId: UploadId, initiated: Initiated ?? new Date() });
        if (!found.IsTruncated || !found.NextKeyMarker) break;
        after = { KeyMarker: found.NextKeyMarker, UploadIdMarker: found.NextUploadIdMarker };
      }
      return uploads;
    },
  };
}

/** Turns the errors that match `test` into null. */
const nullWhen =
  (test: (error: unknown) => boolean) =>
  (error: unknown): null => {
    if (test(error)) return null;
    throw error;
  };

const storages = new WeakMap<Config, Storage>();

/** The bucket of this configuration. */
export function storageOf(config: Config): Storage {
  let storage = storages.get(config);
  if (!storage) {
    storage = makeStorage(config);
    storages.set(config, storage);
  }
  return storage;
}
