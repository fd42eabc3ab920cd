/** An upload from beginning to end: its ticket, its parts, `complete`. */
import type { Client, Schemas } from "../create-client.ts";
import { expectData, isCode, ProblemError } from "../problem-error.ts";
import { PartUrls } from "./part-urls.ts";
import { callApi } from "./persist.ts";
import { type Sending, sendParts } from "./send-parts.ts";
import { FileChangedError, type Source } from "./source.ts";
import { bearer, openTicket, resumeTicket, type VideoFields } from "./ticket.ts";
import { within } from "./within.ts";

export type Video = Schemas["VideoDetail"];
/** The same for whoever uploads by an upload link: nothing of its owner. */
export type LinkedVideo = Schemas["LinkedVideo"];

export type UploadProgress = {
  videoId: string;
  /** By an upload link: the bearer for the video's other calls, for a day longer than its upload. */
  token: string | undefined;
  /** Bytes that are stored or sent; begins with those of an earlier, interrupted run. */
  sent: number;
  /** Of the file. */
  size: number;
};

export type UploadOptions = VideoFields & {
  /** Instead of the file's own name. */
  filename?: string | undefined;
  /** Resumes the upload of this video, whatever credential began it. */
  videoId?: string | undefined;
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** Ends the upload; it can be resumed. To give it up: `DELETE /v1/videos/{id}/upload`. */
  signal?: AbortSignal | undefined;
  /** Parts that are sent side by side; 4. */
  connections?: number | undefined;
};

/** What may be said by an upload link. */
export type LinkUploadOptions = Pick<
  UploadOptions,
  "title" | "filename" | "onProgress" | "signal" | "connections"
>;

/** The server has refused the file: `video.error` says why. */
export class UploadRefusedError extends Error {
  override name = "UploadRefusedError";
  readonly video: Video | LinkedVideo;
  constructor(video: Video | LinkedVideo) {
    super(video.error?.message ?? "the file was refused");
    this.video = video;
  }
}

const CONNECTIONS = 4;
/** Parts wait for the advice after the first ones. Milliseconds. */
const LOOK_WITHIN = 30_000;
/** Times that `complete` may name parts to be sent again. */
const MAX_RESENDINGS = 3;

/** Uploads the source; see `uploadFile`. */
export async function upload(client: Client, source: Source, options: UploadOptions): Promise<Video> {
  const { signal: outer } = options;
  outer?.throwIfAborted();
  const stop = new AbortController();
  // Listened to: of an `AbortSignal.timeout` that is only a part of another signal, Node may forget the end.
  const end = () => stop.abort(outer?.reason);
  outer?.addEventListener("abort", end, { once: true });
  try {
    return await uploadUntil(stop, client, source, options);
  } finally {
    outer?.removeEventListener("abort", end);
    stop.abort();
  }
}

/** Aborts `stop` itself where the server refuses the file while it is sent. */
async function uploadUntil(
  stop: AbortController,
  client: Client,
  source: Source,
  { filename: _, videoId, onProgress, signal: __, connections = CONNECTIONS, ...fields }: UploadOptions,
): Promise<Video> {
  const { signal } = stop;
  const ticket = videoId
    ? await resumeTicket(client, videoId, source.size, signal).catch(unlessEnded)
    : await openTicket(client, source, fields, signal);
  // Its upload has ended before: nothing is left to be sent.
  if (!ticket) return accepted(await callsOf(client, { videoId: videoId ?? "" }, signal).complete());
  const { token } = ticket;
  const calls = callsOf(client, ticket, signal);
  const sending: Sending = {
    ...{ source, ticket, connections, signal, findParts: calls.findParts },
    urls: new PartUrls(calls.urls, ticket.urls),
    onProgress: (sent) => onProgress?.({ videoId: ticket.videoId, token, sent, size: source.size }),
  };
  try {
    return accepted(await sendAndComplete(sending, stop, calls.complete));
  } catch (error) {
    // A mix of two files is of no use to anybody.
    if (error instanceof FileChangedError) await calls.abort().catch(() => undefined);
    throw error;
  }
}

function accepted(video: Video): Video {
  if (video.status === "failed") throw new UploadRefusedError(video);
  return video;
}

function unlessEnded(error: unknown): undefined {
  if (!isCode(error, "video.wrong_status")) throw error;
}

/** `stop` ends what is on the way where one part, or the server, has failed. */
async function sendAndComplete(
  sending: Sending,
  stop: AbortController,
  complete: () => Promise<Video>,
): Promise<Video> {
  for (let resendings = 0; ; resendings += 1) {
    try {
      await sendParts(sending).catch((error: unknown) => {
        stop.abort(error);
        throw error;
      });
      await sending.source.requireUnchanged();
      return await complete();
    } catch (error) {
      // It was refused while it was sent, or another process has completed it: `complete` says which.
      if (isCode(error, "video.wrong_status")) return complete();
      const missing = isCode(error, "upload.parts_missing") ? error.problem?.missing : undefined;
      if (!missing?.length || resendings === MAX_RESENDINGS) throw error;
      for (const number of missing) sending.ticket.stored.delete(number);
    }
  }
}

function callsOf(
  client: Client,
  { videoId, token }: { videoId: string; token?: string | undefined },
  signal: AbortSignal,
) {
  const call = { params: { path: { id: videoId } }, ...bearer(token) };
  return {
    urls: async (partNumbers: number[]) => {
      const body = { partNumbers };
      const { parts } = await callApi(
        async (within) =>
          expectData(await client.POST("/v1/videos/{id}/upload/parts", { ...call, body, signal: within })),
        signal,
      );
      return parts;
    },
    /** What the server wants is advice: where it cannot give any, the upload goes on. */
    findParts: async () => {
      const answer = await within(LOOK_WITHIN, signal, (limit) =>
        client.POST("/v1/videos/{id}/upload/stored", { ...call, body: {}, signal: limit }),
      ).catch(() => undefined);
      const isLost = !answer || answer.response.status >= 500 || answer.response.status === 429;
      return isLost ? { parts: [], wanted: [] } : expectData(answer);
    },
    complete: () => {
      // After a refusal the signal has ended; the answer is still wanted.
      const complete = async (within: AbortSignal) =>
        expectData(await client.POST("/v1/videos/{id}/complete", { ...call, body: {}, signal: within }));
      return callApi(complete, signal.reason instanceof ProblemError ? new AbortController().signal : signal);
    },
    abort: () => client.DELETE("/v1/videos/{id}/upload", call),
  };
}
