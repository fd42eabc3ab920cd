/** Reads a whole request body before validation, within a size limit and a time limit. */
import type { Context } from "hono";
import type { AppEnv } from "../../app-env.ts";
import { problem } from "../../problem/problem.ts";

/** workerd drains only 64 KiB of an unread body before it closes the connection. We drain up to this. */
const MAX_DRAIN = 32 * 1024 * 1024;
const LARGE = 1024 * 1024;
/** Enough for a small body from a phone. LARGE_MS is enough for the largest captions on a slow connection. */
const SMALL_MS = 30_000;
const LARGE_MS = 120_000;

const bodyTime = (limit: number): number => (limit > LARGE ? LARGE_MS : SMALL_MS);

/** Refuses by `content-length`, before the caller is authenticated. Throws `request.too_large`. */
export function refuseTooLong(c: Context<AppEnv>, limit: number): void {
  if (Number(c.req.header("content-length") ?? 0) > limit) throw problem("request.too_large");
}

/**
 * Reads the body, so that the validators read it from memory, and returns its bytes. Throws `request.too_large`, `request.timeout`,
 * and `request.malformed` if the client disconnects or its chunks cannot be read.
 */
export async function takeBody(c: Context<AppEnv>, limit: number): Promise<Uint8Array> {
  const { body } = c.req.raw;
  if (!body) return new Uint8Array();
  const bytes = await readWithin(body, limit, bodyTime(limit));
  c.req.raw = new Request(c.req.raw, { body: bytes });
  return bytes;
}

/** The whole body of at most `limit` bytes, arriving within `ms`. Throws as `takeBody`. */
export async function readWithin(
  body: ReadableStream<Uint8Array>,
  limit: number,
  ms: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const end = await eachChunk(body, ms, (piece) => {
    size += piece.length;
    if (size <= limit) pieces.push(piece);
    return size <= MAX_DRAIN;
  });
  if (size > limit) throw problem("request.too_large");
  if (end === "late") throw problem("request.timeout");
  if (end instanceof Error)
    throw problem("request.malformed", { detail: "The body broke off or cannot be read.", cause: end });
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * Drains the rest of the body before an early refusal: a client that is still sending would otherwise see a
 * broken connection. Gives up after 32 MiB or the body's time limit.
 */
export async function drain(c: Context<AppEnv>, limit: number): Promise<void> {
  const { body } = c.req.raw;
  if (!body || body.locked || c.req.raw.bodyUsed) return;
  let size = 0;
  await eachChunk(body, bodyTime(limit), (piece) => {
    size += piece.length;
    return size <= MAX_DRAIN;
  });
}

/** Passes each chunk to `take` until it returns false. Returns how the reading ended. */
async function eachChunk(
  body: ReadableStream<Uint8Array>,
  ms: number,
  take: (piece: Uint8Array) => boolean,
): Promise<"done" | "enough" | "late" | Error> {
  const reader = body.getReader();
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), ms);
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), late]);
      if (read === "late") {
        reader.cancel().catch(() => undefined);
        return "late";
      }
      if (read.done) return "done";
      if (!take(read.value)) {
        reader.cancel().catch(() => undefined);
        return "enough";
      }
    }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}
