/** Bodies of the API are small JSON; a larger one is read away first, or the answer would look like a reset. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import { problem } from "./problem.ts";

/** workerd drains only 64 KiB of an unread body before it closes the connection; above this we give up too. */
const DRAIN = 32 * 1024 * 1024;

/** Refuses bodies over as many bytes as `limitOf` gives a path with `request.too_large`; one without content-length is read here and counted. */
export const limitBody = (limitOf: (path: string) => number) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const { body } = c.req.raw;
    if (body) {
      const limit = limitOf(c.req.path);
      const declared = Number(c.req.header("content-length") ?? Number.NaN);
      if (Number.isNaN(declared)) c.req.raw = new Request(c.req.raw, { body: await readAll(body, limit) });
      else if (declared > limit) {
        await readAway(body, DRAIN);
        throw problem("request.too_large");
      }
    }
    await next();
  });

async function readAll(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size <= limit) pieces.push(piece);
    else if (size > DRAIN) break;
  }
  if (size > limit) throw problem("request.too_large");
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

async function readAway(body: ReadableStream<Uint8Array>, most: number): Promise<void> {
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > most) break;
  }
}
