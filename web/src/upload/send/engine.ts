/**
 * Sends files: a ticket for each, its parts by a `PartSender`, then `complete`. Pauses, resumes, retries. Browser
 * only.
 */

import type { FoundParts } from "@storagex/contract/uploads/upload";
import { partCountOf } from "@storagex/contract/uploads/upload-parts";
import { ApiError } from "../../api/api-error.ts";
import { pause, throughOutages } from "../../api/network.ts";
import { declaredType } from "../choose/accept.ts";
import { failureReason } from "../status/failure-reason.ts";
import { CONNECTIONS } from "./connections.ts";
import { PartSender } from "./part-sender.ts";
import { type PartUrl, PartUrls } from "./part-urls.ts";
import { putPart } from "./put-part.ts";
import { Slots } from "./slots.ts";

/** What of a video the engine looks at. */
type Sent = { id: string };
export type FileRequest = { filename: string; size: number; contentType?: string };

/** The calls of the API by which files are sent: one's own, or those of an upload link. */
export type UploadCalls<V extends Sent> = {
  /** A ticket for the file; the signal ends the tries for one, not what a try has made. */
  ticket(
    file: File,
    request: FileRequest,
    signal: AbortSignal,
  ): Promise<{ video: V; upload: { partSize: number; parts: PartUrl[] } }>;
  partUrls(id: string, partNumbers: number[]): Promise<{ parts: PartUrl[] }>;
  findParts(id: string): Promise<FoundParts>;
  stored(id: string): Promise<{ partSize: number; parts: { partNumber: number }[] }>;
  complete(id: string): Promise<V>;
  abort(id: string): Promise<void>;
  video(id: string): Promise<V>;
};

/** Events of an upload; `key` is the engine's id of the file. */
export type EngineEvents<V extends Sent> = {
  ticket(key: string, video: V): void;
  progress(key: string, sent: number): void;
  /** The server has found new parts of the upload. */
  arrived(videoId: string): void;
  sent(key: string): void;
  /** Nothing more is to be sent: it is complete, or was refused before (`video.status` is `failed`). */
  ended(key: string, video: V): void;
  /** `reason` is a sentence for the page. */
  failed(key: string, error: unknown, reason: string): void;
};

export type Engine = {
  /** Starts an upload; with `videoId` it resumes that ticket's upload. Returns the key. */
  start(file: File, videoId: string | null): string;
  pause(key: string): void;
  resume(key: string): void;
  /** Resumes after a failure, with the same ticket where there is one. */
  retry(key: string, videoId: string | null): void;
  /** Stops and forgets the upload; the ticket stays as it is. */
  remove(key: string): void;
};

/** What is sent, and to where: the same over pauses, made anew by a retry. */
type Opened = { videoId: string; sender: PartSender };
type Flow = {
  key: string;
  file: File;
  videoId: string | null;
  opened: Promise<Opened> | undefined;
  /** Ends what runs now. */
  stop: AbortController;
  /** Ends the request for a ticket, which a pause does not. */
  removed: AbortController;
};

/** Between two reports of progress, in milliseconds. */
const PROGRESS_GAP = 200;
/** Times that `complete` may name parts to be sent again: a store that loses each is left. */
const MAX_RESENDINGS = 3;

export function createEngine<V extends Sent>(events: EngineEvents<V>, calls: UploadCalls<V>): Engine {
  const flows = new Map<string, Flow>();
  const slots = new Slots(CONNECTIONS);
  let count = 0;

  async function run(flow: Flow): Promise<void> {
    flow.stop = new AbortController();
    const { key } = flow;
    const { signal } = flow.stop;
    try {
      flow.opened ??= open(flow);
      const { videoId, sender } = await flow.opened;
      if (signal.aborted) return;
      const video = await sendAll(flow, sender, videoId, signal);
      if (signal.aborted) return;
      flows.delete(key);
      events.ended(key, video);
    } catch (error) {
      if (signal.aborted) return;
      const video = await endedElsewhere(flow.videoId, error, calls);
      if (signal.aborted) return;
      if (!video) return events.failed(key, error, failureReason(error));
      flow.stop.abort();
      flows.delete(key);
      events.ended(key, video);
    }
  }

  async function sendAll(
    { key }: Flow,
    sender: PartSender,
    videoId: string,
    signal: AbortSignal,
  ): Promise<V> {
    for (let resendings = 0; ; resendings += 1) {
      await sender.run(signal);
      events.sent(key);
      try {
        return await throughOutages(() => calls.complete(videoId), signal);
      } catch (error) {
        const missing = error instanceof ApiError ? error.problem?.missing : undefined;
        if (!missing?.length || resendings === MAX_RESENDINGS) throw error;
        sender.sendAgain(missing);
      }
    }
  }

  async function open(flow: Flow): Promise<Opened> {
    const { file, key, removed } = flow;
    const ticket = await (flow.videoId === null ? newTicket(flow) : storedTicket(flow.videoId));
    const { videoId, partSize } = ticket;
    const layout = { size: file.size, partSize };
    const batch = (numbers: number[]) =>
      throughOutages(() => calls.partUrls(videoId, numbers), removed.signal).then(({ parts }) => parts);
    let reported = 0;
    const sender = new PartSender({
      file,
      layout,
      stored: ticket.stored,
      urls: new PartUrls(batch, partCountOf(layout), ticket.urls),
      slots,
      calls: {
        put: (options) => throughOutages(() => putPart(options), options.signal),
        findParts: (signal) => findParts(videoId, signal),
        pause,
      },
      onProgress(sent) {
        const now = Date.now();
        if (now - reported < PROGRESS_GAP && sent < file.size) return;
        reported = now;
        events.progress(key, sent);
      },
    });
    return { videoId, sender };
  }

  async function findParts(videoId: string, signal: AbortSignal): Promise<FoundParts> {
    const found = await throughOutages(() => calls.findParts(videoId), signal).catch(unlessOver);
    if (found.parts.length > 0) events.arrived(videoId);
    return found;
  }

  type OpenTicket = { videoId: string; partSize: number; stored: number[]; urls: PartUrl[] };

  async function newTicket(flow: Flow): Promise<OpenTicket> {
    const { file, key, removed } = flow;
    const request = { filename: file.name, size: file.size, ...declaredType(file.type) };
    const { video, upload } = await calls.ticket(file, request, removed.signal);
    // Cancelled while the ticket was requested: nobody will use it.
    if (removed.signal.aborted) {
      await throughOutages(() => calls.abort(video.id));
      throw removed.signal.reason;
    }
    flow.videoId = video.id;
    events.ticket(key, video);
    return { videoId: video.id, partSize: upload.partSize, stored: [], urls: upload.parts };
  }

  async function storedTicket(videoId: string): Promise<OpenTicket> {
    const { partSize, parts } = await throughOutages(() => calls.stored(videoId));
    return { videoId, partSize, stored: parts.map(({ partNumber }) => partNumber), urls: [] };
  }

  return {
    start(file, videoId) {
      count += 1;
      const key = String(count);
      const flow: Flow = {
        ...{ key, file, videoId, opened: undefined },
        ...{ stop: new AbortController(), removed: new AbortController() },
      };
      flows.set(key, flow);
      void run(flow);
      return key;
    },
    pause(key) {
      flows.get(key)?.stop.abort();
    },
    resume(key) {
      const flow = flows.get(key);
      if (flow) void run(flow);
    },
    retry(key, videoId) {
      const flow = flows.get(key);
      if (!flow) return;
      flow.stop.abort();
      flow.videoId = videoId;
      flow.opened = undefined;
      void run(flow);
    },
    remove(key) {
      const flow = flows.get(key);
      flows.delete(key);
      flow?.stop.abort();
      flow?.removed.abort();
    },
  };
}

/**
 * The video, where its upload takes no more parts because it has ended: the server refused the file, or another
 * tab has completed it.
 */
async function endedElsewhere<V extends Sent>(
  videoId: string | null,
  error: unknown,
  calls: UploadCalls<V>,
): Promise<V | undefined> {
  if (videoId === null || !(error instanceof ApiError) || error.code !== "video.wrong_status")
    return undefined;
  return throughOutages(() => calls.video(videoId)).catch(() => undefined);
}

/** What the server wants is only advice: where it fails to give it, the upload goes on. */
function unlessOver(error: unknown): FoundParts {
  if (error instanceof ApiError && error.status >= 500) return { parts: [], wanted: [] };
  throw error;
}
