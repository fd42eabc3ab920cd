/** The ticket of an upload: a new one, or that of an upload of the same file which has not ended. */
import type { Client, Schemas } from "../create-client.ts";
import { expectData, isCode } from "../problem-error.ts";
import type { PartUrl } from "./part-urls.ts";
import { callApi } from "./persist.ts";
import type { Source } from "./source.ts";

/** What may be said of the video from the beginning. */
export type VideoFields = Omit<Schemas["TicketRequest"], "filename" | "size" | "contentType">;

export type Ticket = {
  videoId: string;
  /** By an upload link: the bearer for everything else about this video. */
  token: string | undefined;
  partSize: number;
  partCount: number;
  /** Numbers of the parts that are stored. */
  stored: Set<number>;
  urls: readonly PartUrl[];
};

/** So much of the beginning and of the end tells files apart, beside size, name and time of change. Bytes. */
const SAMPLE = 64 * 1024;
/** Uploads of the same file within a day, each a video of its own, that can still be resumed. */
const MAX_COPIES = 50;

/**
 * A ticket for the source. Nothing is kept on this side: the Idempotency-Key is made of the file and the request,
 * so a program that was killed and begins again gets the ticket that it had, as long as that takes parts (24 hours).
 * An upload of the same file that has ended is left alone: this one is another.
 */
export async function openTicket(
  client: Client,
  source: Source,
  fields: VideoFields,
  signal: AbortSignal,
): Promise<Ticket> {
  const { filename, size, contentType } = source;
  const request = { ...fields, filename, size, ...(contentType && { contentType }) };
  const name = await nameOf(source, request);
  for (let copy = 1; copy <= MAX_COPIES && name; copy += 1) {
    const made = await create(client, request, `${name}-${copy}`, signal);
    const ticket = made && (await usable(client, made, signal));
    if (ticket) return ticket;
  }
  const made = await create(client, request, crypto.getRandomValues(new Uint32Array(4)).join("-"), signal);
  const ticket = made && (await usable(client, made, signal));
  if (!ticket) throw new Error("the ticket was deleted as soon as it was made");
  return ticket;
}

type Request = Schemas["TicketRequest"];
type Made = { ticket: Schemas["Ticket"]; isNew: boolean };

/** Undefined where the key's video has been deleted since. */
async function create(
  client: Client,
  body: Request,
  key: string,
  signal: AbortSignal,
): Promise<Made | undefined> {
  try {
    return await callApi(async (within) => {
      const params = { header: { "Idempotency-Key": key } };
      const answer = await client.POST("/v1/videos", { params, body, signal: within });
      const isNew = answer.response.headers.get("idempotency-replayed") === null;
      return { ticket: expectData(answer), isNew };
    }, signal);
  } catch (error) {
    if (isCode(error, "video.not_found")) return undefined;
    throw error;
  }
}

/** Undefined where the upload has ended. */
async function usable(
  client: Client,
  { ticket, isNew }: Made,
  signal: AbortSignal,
): Promise<Ticket | undefined> {
  const { video, upload } = ticket;
  const token = "token" in ticket && typeof ticket.token === "string" ? ticket.token : undefined;
  if (isNew) return { ...upload, videoId: video.id, token, stored: new Set(), urls: upload.parts };
  if (video.status !== "pending_upload") return undefined;
  try {
    return await resumeTicket(client, video.id, video.size, signal, token);
  } catch (error) {
    const hasEnded = ["upload.expired", "video.wrong_status", "video.not_found"].some((code) =>
      isCode(error, code),
    );
    if (hasEnded) return undefined;
    throw error;
  }
}

/** The bearer of a call about a video, where it is not the client's own. */
export const bearer = (token: string | undefined) =>
  token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };

/** The ticket of a video whose upload has not ended. `size` is that of the file that is to be sent. */
export async function resumeTicket(
  client: Client,
  id: string,
  size: number,
  signal: AbortSignal,
  token?: string,
): Promise<Ticket> {
  const { partSize, partCount, parts } = await callApi(async (within) => {
    const call = { params: { path: { id } }, ...bearer(token), signal: within };
    return expectData(await client.GET("/v1/videos/{id}/upload/parts", call));
  }, signal);
  if (Math.ceil(size / partSize) !== partCount)
    throw new Error(`the upload of video ${id} is one of another file: it has ${partCount} parts`);
  const whole = parts.filter(
    (part) => part.size === Math.min(partSize, size - (part.partNumber - 1) * partSize),
  );
  return {
    videoId: id,
    token,
    partSize,
    partCount,
    stored: new Set(whole.map(({ partNumber }) => partNumber)),
    urls: [],
  };
}

/**
 * A name of the file and the request; undefined in pages without TLS, which have no `crypto.subtle`, and of an empty
 * file, which the API refuses.
 */
async function nameOf(source: Source, request: Request): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle || source.size === 0) return undefined;
  const sample = (from: number) => {
    const part = source.part(from, Math.min(from + SAMPLE, source.size));
    return new Response(part.stream()).arrayBuffer();
  };
  const said = JSON.stringify([request, source.modified ?? null]);
  const all = new Blob([said, await sample(0), await sample(Math.max(0, source.size - SAMPLE))]);
  const hash = await crypto.subtle.digest("SHA-256", await all.arrayBuffer());
  return `upload-${Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
