/**
 * Uppy, headless, with our ticket calls: splits files into parts, sends them in parallel, retries, pauses,
 * resumes. Browser only.
 */

import { partCountOf, partSizeFor } from "@storagex/contract/upload";
import type { Video } from "@storagex/contract/video";
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { throughOutages } from "../api/network.ts";
import { abortUpload, completeUpload, getPartUrls, getStoredParts } from "../api/tickets.ts";
import { declaredType } from "./accept.ts";
import { CONNECTIONS } from "./connections.ts";
import { ticketFor } from "./open-tickets.ts";
import { PartUrls } from "./part-urls.ts";
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

/** For a part that storage refuses; what is not reached at all is waited for without an end. Milliseconds. */
const RETRY_DELAYS = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];
/** Errors are shown on the page, not in the console. */
const SILENT = { debug() {}, warn() {}, error() {} };

/** The chosen file. Uppy supports remote files too, which are never used here. */
function fileOf({ data }: { data: unknown }): File {
  if (!(data instanceof File)) throw new Error("uploads are files");
  return data;
}

export function createEngine(events: EngineEvents): Engine {
  const uppy = new Uppy<FileMeta, Record<string, never>>({ autoProceed: false, logger: SILENT });
  const urls = new Map<string, PartUrls>();
  // Uppy splits a file before it asks for the ticket: until the ticket is there, by this release's part size.
  const partSizes = new WeakMap<Blob, number>();
  const partSizeOf = (data: Blob) => partSizes.get(data) ?? partSizeFor(data.size);

  // One request for a ticket per file, also where it is paused and resumed meanwhile.
  const tickets = new Map<string, ReturnType<typeof ticketFor>>();
  const ended = new Map<string, AbortController>();
  const ticketOf = (key: string, data: File, type: string | undefined) => {
    const asked = tickets.get(key);
    if (asked) return asked;
    const stop = new AbortController();
    ended.set(key, stop);
    const request = {
      filename: data.name,
      size: data.size,
      ...declaredType(type),
    };
    const made = ticketFor(data, request, stop.signal).finally(() => tickets.delete(key));
    tickets.set(key, made);
    return made;
  };

  const batchOf = (videoId: string) => async (numbers: number[]) =>
    (await throughOutages(() => getPartUrls(videoId, numbers))).parts;
  const urlsOf = (videoId: string, data: Blob) => {
    const known = urls.get(videoId);
    if (known) return known;
    const made = new PartUrls(batchOf(videoId), partCountOf({ size: data.size, partSize: partSizeOf(data) }));
    urls.set(videoId, made);
    return made;
  };

  uppy.use(AwsS3<FileMeta, Record<string, never>>, {
    shouldUseMultipart: true,
    limit: CONNECTIONS,
    retryDelays: RETRY_DELAYS,
    getChunkSize: (data) => (data instanceof Blob ? partSizeOf(data) : partSizeFor(data.size)),
    async createMultipartUpload(file) {
      const data = fileOf(file);
      const { video, upload } = await ticketOf(file.id, data, file.type);
      urls.set(video.id, new PartUrls(batchOf(video.id), upload.partCount, upload.parts));
      const isCutOtherwise = partSizeOf(data) !== upload.partSize;
      partSizes.set(data, upload.partSize);
      // Cancelled while the ticket was requested: nobody will use it.
      if (uppy.getFile(file.id)) events.ticket(file.id, video);
      else await abortUpload(video.id);
      if (isCutOtherwise)
        throw new Error("the server cuts files otherwise than this page; the next try does so, too");
      return { key: video.id, uploadId: video.id };
    },
    async signPart(file, { key, partNumber }) {
      return { method: "PUT", url: await urlsOf(key, fileOf(file)).get(partNumber) };
    },
    async listParts(_file, { key, signal }) {
      const { parts } = await throughOutages(() => getStoredParts(key), signal);
      return parts.map(({ partNumber, size, etag }) => ({ PartNumber: partNumber, Size: size, ETag: etag }));
    },
    async uploadPartBytes({ signature, body, onProgress, onComplete, signal }) {
      if (!(body instanceof Blob)) throw new Error("parts are blobs");
      try {
        const send = () =>
          putPart({
            url: signature.url,
            body,
            signal,
            onProgress: (loaded) => onProgress({ loaded, total: body.size, lengthComputable: true }),
          });
        const etag = await throughOutages(send, signal);
        onComplete(etag);
        return { ETag: etag };
      } catch (error) {
        if (error instanceof PutError && error.source.status === 403)
          for (const each of urls.values()) each.forget(signature.url);
        throw error;
      }
    },
    async completeMultipartUpload(file, { key, signal }) {
      events.sent(file.id);
      const video = await throughOutages(() => completeUpload(key), signal);
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
      ended.get(key)?.abort();
      if (uppy.getFile(key)) uppy.removeFile(key);
    },
  };
}
