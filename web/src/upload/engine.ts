/**
 * Uppy, headless, with our ticket calls: splits files into parts, sends them in parallel, retries, pauses,
 * resumes. Browser only.
 */

import { partCountOf, partSizeFor } from "@storagex/contract/upload";
import type { Video } from "@storagex/contract/video";
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { abortUpload, completeUpload, createTicket, getPartUrls, getStoredParts } from "../api/tickets.ts";
import { declaredType } from "./accept.ts";
import { PartUrls } from "./part-urls.ts";
import { profile } from "./profile.ts";
import { PutError, putPart } from "./put-part.ts";

/** Events of an upload; `key` is the engine's id of the file. */
export type EngineEvents = {
  ticket(key: string, video: Video): void;
  progress(key: string, sent: number): void;
  sent(key: string): void;
  completed(key: string, video: Video): void;
  failed(key: string, error: unknown): void;
};

export type Engine = {
  /** Starts an upload; with `ticket` it resumes that ticket's upload. Returns the key. */
  start(file: File, ticket?: { videoId: string; partSize: number }): string;
  pause(key: string): void;
  resume(key: string): void;
  /** Resumes after a failure, with the same ticket where there is one. */
  retry(key: string, videoId?: string): void;
  /** Stops and forgets the upload; the ticket stays as it is. */
  remove(key: string): void;
};

type FileMeta = Record<string, unknown>;

/**
 * Uppy's own four attempts end after nine seconds; a changed network takes longer to come back. Milliseconds.
 */
const RETRY_DELAYS = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];
/** Errors are shown on the page, not in the console. */
const SILENT = { debug() {}, warn() {}, error() {} };
/** Max parts in flight over all uploads. */
const CONNECTIONS = 5;

/** The file's bytes. Uppy supports remote files too, which are never used here. */
function blobOf({ data }: { data: unknown }): Blob {
  if (!(data instanceof Blob)) throw new Error("files are blobs");
  return data;
}

export function createEngine(events: EngineEvents): Engine {
  const uppy = new Uppy<FileMeta, Record<string, never>>({ autoProceed: false, logger: SILENT });
  const urls = new Map<string, PartUrls>();
  // Uppy splits a file before it asks for the ticket: until the ticket is there, by this release's part size.
  const partSizes = new WeakMap<Blob, number>();
  const partSizeOf = (data: Blob) => partSizes.get(data) ?? partSizeFor(data.size);

  const urlsOf = (videoId: string, data: Blob) => {
    const known = urls.get(videoId);
    if (known) return known;
    const made = new PartUrls(
      async (numbers) => (await getPartUrls(videoId, numbers)).parts,
      partCountOf({ size: data.size, partSize: partSizeOf(data) }),
    );
    urls.set(videoId, made);
    return made;
  };

  uppy.use(AwsS3<FileMeta, Record<string, never>>, {
    shouldUseMultipart: true,
    limit: CONNECTIONS,
    retryDelays: RETRY_DELAYS,
    getChunkSize: (data) => (data instanceof Blob ? partSizeOf(data) : partSizeFor(data.size)),
    async createMultipartUpload(file) {
      const size = file.size ?? 0;
      const chosen = profile();
      const { video, upload } = await createTicket({
        filename: file.name ?? "video",
        size,
        ...declaredType(file.type),
        ...(chosen ? { profile: chosen } : {}),
      });
      const fetchBatch = async (numbers: number[]) => (await getPartUrls(video.id, numbers)).parts;
      urls.set(video.id, new PartUrls(fetchBatch, upload.partCount, upload.parts));
      const isCutOtherwise = partSizeOf(blobOf(file)) !== upload.partSize;
      partSizes.set(blobOf(file), upload.partSize);
      // Cancelled while the ticket was requested: nobody will use it.
      if (uppy.getFile(file.id)) events.ticket(file.id, video);
      else await abortUpload(video.id);
      if (isCutOtherwise)
        throw new Error("the server cuts files otherwise than this page; the next try does so, too");
      return { key: video.id, uploadId: video.id };
    },
    async signPart(file, { key, partNumber }) {
      return { method: "PUT", url: await urlsOf(key, blobOf(file)).get(partNumber) };
    },
    async listParts(_file, { key }) {
      const { parts } = await getStoredParts(key);
      return parts.map(({ partNumber, size, etag }) => ({ PartNumber: partNumber, Size: size, ETag: etag }));
    },
    async uploadPartBytes({ signature, body, onProgress, onComplete, signal }) {
      if (!(body instanceof Blob)) throw new Error("parts are blobs");
      try {
        const etag = await putPart({
          url: signature.url,
          body,
          signal,
          onProgress: (loaded) => onProgress({ loaded, total: body.size, lengthComputable: true }),
        });
        onComplete(etag);
        return { ETag: etag };
      } catch (error) {
        if (error instanceof PutError && error.source.status === 403)
          for (const each of urls.values()) each.forget(signature.url);
        throw error;
      }
    },
    async completeMultipartUpload(file, { key }) {
      events.sent(file.id);
      const video = await completeUpload(key);
      urls.delete(key);
      events.completed(file.id, video);
      return {};
    },
    // Uppy aborts after its last attempt; the ticket must stay, or nothing could be resumed. Cancelling
    // aborts it explicitly.
    async abortMultipartUpload() {},
  });

  uppy.on("upload-progress", (file, progress) => {
    if (file) events.progress(file.id, progress.bytesUploaded || 0);
  });
  uppy.on("upload-error", (file, error) => {
    if (file) events.failed(file.id, error);
  });
  uppy.on("upload-success", (file) => {
    // Uppy refuses a file that it still has; the same one may be added again.
    if (file) queueMicrotask(() => uppy.removeFile(file.id));
  });

  const holdTicket = (key: string, videoId: string | undefined) => {
    const state = { isPaused: false, s3Multipart: { key: videoId, uploadId: videoId } };
    uppy.setFileState(key, state);
  };
  // Uppy's errors arrive by "upload-error"; the promise only repeats them.
  const proceed = (work: Promise<unknown>) => void work.catch(() => undefined);

  return {
    start(file, ticket) {
      if (ticket) partSizes.set(file, ticket.partSize);
      const key = uppy.addFile({ name: file.name, type: file.type, data: file, meta: {} });
      holdTicket(key, ticket?.videoId);
      proceed(uppy.upload());
      return key;
    },
    pause(key) {
      if (!uppy.getFile(key)?.isPaused) uppy.pauseResume(key);
    },
    resume(key) {
      if (uppy.getFile(key)?.isPaused) uppy.pauseResume(key);
    },
    retry(key, videoId) {
      holdTicket(key, videoId);
      proceed(uppy.retryUpload(key));
    },
    remove(key) {
      if (uppy.getFile(key)) uppy.removeFile(key);
    },
  };
}
