/**
 * Reads byte ranges of one object for the proxy and the planner: bound to its ETag, renewed on 403, resumed
 * when cut.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadGrant, SourceGrant } from "@storagex/contract/tasks/grants";
import { MediaFailure } from "../media/failure.ts";
import { outageOf, StoreAway, saysAway, Unanswered, unanswered } from "./store-away.ts";

/**
 * A read grant that can be renewed: `current()` is the latest grant, `renew()` requests a fresh one now. Only of
 * a source that is not one object: `parts` reads it instead while `current()` says so.
 */
export type Renewable = {
  current(): SourceGrant;
  renew(): Promise<SourceGrant>;
  parts?: PartReads | undefined;
};

/** One part of a source: bytes of an object after its first `skip`. */
type PartGrant = ReadGrant & { skip: number };
export type PartRead = { current(): PartGrant; renew(): Promise<PartGrant> };
export type PartReads = {
  /** The part, counted from 1; null while it has not arrived. */
  find(number: number): Promise<PartRead | null>;
  /**
   * The part has been waited for `ms`. `isSought`: somebody wants exactly its bytes, not only those before it.
   * Throws when it is better to return the task than to wait longer.
   */
  missing(number: number, ms: number, isSought: boolean): void;
  /** For steps that read all of the source: returns the task, and throws, unless every part has arrived. */
  requireWhole(): Promise<void>;
};

const TRIES = 5;
/** A transfer without a byte for this long hangs; it is resumed where it stopped. */
const SILENCE_MS = 15_000;

const quoted = (etag: string) => (/^(W\/)?"/.test(etag) ? etag : `"${etag}"`);

/**
 * Bytes `from`–`to` (both inclusive) as one response body. Throws `source.changed` on 412, `Unanswered` where
 * the object store is away; anything else may be retried. A part may have become a span of the whole source
 * meanwhile: then a fresh grant says where.
 */
async function open(
  source: Renewable | PartRead,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Response> {
  let grant = source.current();
  for (let renewed = false; ; renewed = true) {
    const skip = "skip" in grant ? grant.skip : null;
    const [first, last] = [from + (skip ?? 0), to + (skip ?? 0)];
    const answer = await fetch(grant.url, {
      headers: { range: `bytes=${first}-${last}`, "if-match": quoted(grant.etag) },
      redirect: "error",
      signal,
    }).catch(unanswered);
    if (answer.status === 206 || (answer.status === 200 && first === 0 && last === grant.size - 1))
      return answer;
    await answer.body?.cancel();
    if (saysAway(answer.status)) throw new Unanswered(`object read answered ${answer.status}`);
    const isOld = answer.status === 403 || (skip !== null && [404, 412].includes(answer.status));
    if (answer.status === 412 && (renewed || !isOld))
      throw new MediaFailure("source.changed", "the object's ETag is not the claimed one");
    if (!isOld || renewed) throw new Error(`object read answered ${answer.status}`);
    grant = await source.renew();
  }
}

/**
 * Streams bytes `from`–`to` (inclusive). A cut or hanging transfer is resumed where it stopped, up to five
 * tries without a byte gained; an object store that is away is waited for. Throws `source.changed` (412) or
 * `source.unreadable` (the object store does not deliver), which is a `StoreAway` where it stayed away.
 */
export async function* streamRange(
  source: Renewable,
  from: number,
  to: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  yield* source.current().parts
    ? streamParts(source, { from, to, signal })
    : streamObject(source, from, to, signal);
}

/** Milliseconds between two questions for a part that has not arrived. */
const ASK_EVERY_MS = 1_000;
const NOTHING = new Uint8Array(0);

/**
 * The same from the parts of a source. Waits for those that have not arrived and yields nothing (empty arrays)
 * meanwhile, until `parts.missing` ends that.
 */
async function* streamParts(
  source: Renewable,
  { from, to, signal }: { from: number; to: number; signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  for (let at = from; at <= to; ) {
    const { parts: layout } = source.current();
    // It has become one object.
    if (!layout || !source.parts) return yield* streamObject(source, at, to, signal);
    const { partSize } = layout;
    const number = Math.floor(at / partSize) + 1;
    const began = Date.now();
    let part = await source.parts.find(number);
    while (!part) {
      source.parts.missing(number, Date.now() - began, at === from);
      yield NOTHING;
      await sleep(ASK_EVERY_MS, undefined, { signal });
      part = await source.parts.find(number);
    }
    const start = (number - 1) * partSize;
    const last = Math.min(to, start + partSize - 1);
    yield* streamObject(part, at - start, last - start, signal);
    at = last + 1;
  }
}

async function* streamObject(
  source: Renewable | PartRead,
  from: number,
  to: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = from;
  let tries = 0;
  const outage = outageOf();
  while (true) {
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
        outage.over();
        // The timer is paused while the reader is slow: only the object store's silence counts.
        yield kept;
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
      }
      if (at > to) return;
      throw new Error(`transfer ended ${to + 1 - at} bytes early`);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof MediaFailure) throw error;
      const lost = [`range ${at}-${to}`, { cause: error }] as const;
      // A transfer that hangs is one of an object store that is away.
      if (error instanceof Unanswered || silence.signal.aborted) {
        if (await outage.wait(signal)) continue;
        throw new StoreAway("source.unreadable", ...lost);
      }
      tries += 1;
      if (tries >= TRIES) throw new MediaFailure("source.unreadable", ...lost);
      await sleep(50 * 2 ** tries * (0.5 + Math.random()), undefined, { signal });
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
  const { parts } = source;
  // Nothing is read ahead here: all of it is wanted.
  const sought = {
    ...source,
    parts: parts && { ...parts, missing: (number: number, ms: number) => parts.missing(number, ms, true) },
  };
  const pieces: Uint8Array[] = [];
  for await (const bytes of streamRange(sought, from, last, signal)) pieces.push(bytes);
  return Buffer.concat(pieces);
}
