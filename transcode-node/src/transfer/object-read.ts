/**
 * Reads byte ranges of one object for the proxy and the planner: bound to its ETag, renewed on 403, resumed
 * when cut.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadGrant } from "@storagex/contract/tasks/grants";
import { MediaFailure } from "../media/failure.ts";

/** A read grant that can be renewed: `current()` is the latest grant, `renew()` requests a fresh one now. */
export type Renewable = { current(): ReadGrant; renew(): Promise<ReadGrant> };

const TRIES = 5;
/** A transfer without a byte for this long hangs; it is resumed where it stopped. */
const SILENCE_MS = 15_000;

const quoted = (etag: string) => (/^(W\/)?"/.test(etag) ? etag : `"${etag}"`);

/**
 * Bytes `from`–`to` (both inclusive) as one response body. Throws `source.changed` on 412; anything else may
 * be retried.
 */
async function open(source: Renewable, from: number, to: number, signal: AbortSignal): Promise<Response> {
  let grant = source.current();
  for (let renewed = false; ; renewed = true) {
    const answer = await fetch(grant.url, {
      headers: { range: `bytes=${from}-${to}`, "if-match": quoted(grant.etag) },
      redirect: "error",
      signal,
    });
    if (answer.status === 206 || (answer.status === 200 && from === 0 && to === grant.size - 1))
      return answer;
    await answer.body?.cancel();
    if (answer.status === 412)
      throw new MediaFailure("source.changed", "the object's ETag is not the claimed one");
    if (answer.status !== 403 || renewed) throw new Error(`object read answered ${answer.status}`);
    grant = await source.renew();
  }
}

/**
 * Streams bytes `from`–`to` (inclusive). A cut or hanging transfer is resumed where it stopped, up to five
 * tries without a byte gained. Throws `source.changed` (412) or `source.unreadable` (the object store does
 * not deliver).
 */
export async function* streamRange(
  source: Renewable,
  from: number,
  to: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = from;
  for (let tries = 0; ; tries++) {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const answer = await open(source, at, to, AbortSignal.any([signal, silence.signal]));
      for await (const bytes of answer.body ?? []) {
        clearTimeout(timer);
        const rest = to + 1 - at;
        const kept = bytes.length > rest ? bytes.subarray(0, rest) : bytes;
        at += kept.length;
        tries = 0;
        // The timer is paused while the reader is slow: only the object store's silence counts.
        yield kept;
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
      }
      if (at > to) return;
      throw new Error(`transfer ended ${to + 1 - at} bytes early`);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof MediaFailure) throw error;
      if (tries + 1 >= TRIES)
        throw new MediaFailure("source.unreadable", `range ${at}-${to}`, { cause: error });
      await sleep(100 * 2 ** tries * (0.5 + Math.random()), undefined, { signal });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Bytes `from`–`to` (inclusive, truncated at the object's end) in memory. Errors as `streamRange`. */
export async function readRange(
  source: Renewable,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const last = Math.min(to, source.current().size - 1);
  if (last < from) return Buffer.alloc(0);
  const pieces: Uint8Array[] = [];
  for await (const bytes of streamRange(source, from, last, signal)) pieces.push(bytes);
  return Buffer.concat(pieces);
}
