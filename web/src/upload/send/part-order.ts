/** Which part of a file is sent next, and how many are at once. Pure. */
import { CONNECTIONS } from "./connections.ts";

export type Parts = {
  count: number;
  stored: ReadonlySet<number>;
  sending: { has(number: number): boolean };
  /** What the server wants next, in its order. */
  wanted: readonly number[];
};

/**
 * The first part and the last before all others: one of them has the index of the file. Then what the server
 * wants, then the rest in order; but nothing before the first is stored, by which the server may refuse the file.
 */
export function nextPart({ count, stored, sending, wanted }: Parts): number | undefined {
  const isOpen = (number: number) => !stored.has(number) && !sending.has(number);
  const end = [1, count].find(isOpen);
  if (end !== undefined || !stored.has(1)) return end;
  const next = wanted.find((number) => number <= count && isOpen(number));
  if (next !== undefined) return next;
  for (let number = 2; number < count; number += 1) if (isOpen(number)) return number;
  return undefined;
}

/** Seconds of the line that are on the way at once: what the server wants next need not wait longer. */
const AHEAD_SECONDS = 10;
const MIN_SENDING = 2;

/**
 * How many parts of one file are on the way at once. `bytesPerSecond` is undefined until the server has answered
 * for the first parts: it may refuse the file.
 */
export function maxSending(bytesPerSecond: number | undefined, partSize: number): number {
  if (bytesPerSecond === undefined) return MIN_SENDING;
  const ahead = Math.ceil((bytesPerSecond * AHEAD_SECONDS) / partSize);
  return Math.min(CONNECTIONS, Math.max(MIN_SENDING, ahead));
}

/** Of a part that a slow line takes alone, before the next begins: it is stored sooner, and the line never rests. */
const ALONE = 3 / 4;

/**
 * Whether another part may begin beside one that has `loaded` of its `size` bytes sent, where at most `max` are on
 * the way. Parts that begin together also end together: then much can be encoded at once, and nothing for long.
 */
export function isUnderWay(loaded: number, size: number, max: number): boolean {
  return loaded >= size * (max > MIN_SENDING ? 1 / max : ALONE);
}
