/** Which part of a file is sent next, and how many are at once, as the dashboard does it. Pure. */

export type Parts = {
  count: number;
  stored: ReadonlySet<number>;
  sending: { has(number: number): boolean };
  /** What the server wants next, in its order. */
  wanted: readonly number[];
};

/**
 * Parts that are neither stored nor on the way: the first and the last before all others, because one of them has
 * the index of the file; then what the server wants; then the rest in order.
 */
export function* openParts({ count, stored, sending, wanted }: Parts): Generator<number> {
  const isOpen = (number: number) => number <= count && !stored.has(number) && !sending.has(number);
  const first = new Set([1, count, ...wanted].filter(isOpen));
  yield* first;
  for (let number = 2; number < count; number += 1) if (isOpen(number) && !first.has(number)) yield number;
}

/** Nothing but the ends before the first part is stored, by which the server may refuse the file. */
export function nextPart(parts: Parts): number | undefined {
  const [next] = openParts(parts);
  const isEnd = next === 1 || next === parts.count;
  return isEnd || parts.stored.has(1) ? next : undefined;
}

/** Seconds of the line that are on the way at once: what the server wants next need not wait longer. */
const AHEAD_SECONDS = 10;
const MIN_SENDING = 2;

/**
 * How many parts are on the way at once, at most `connections`. `bytesPerSecond` is undefined until the server has
 * answered for the first parts: it may refuse the file.
 */
export function maxSending(
  bytesPerSecond: number | undefined,
  partSize: number,
  connections: number,
): number {
  const ahead = Math.ceil(((bytesPerSecond ?? 0) * AHEAD_SECONDS) / partSize);
  return Math.min(connections, Math.max(MIN_SENDING, ahead));
}

/** Of a part that a slow line takes alone, before the next begins: it is stored sooner, and the line never rests. */
const ALONE = 3 / 4;

/**
 * Whether another part may begin beside one that has `loaded` of its `size` bytes sent, where at most `max` are on
 * the way. Parts that begin together also end together: then much can be encoded at once, and nothing for long.
 */
export const isUnderWay = (loaded: number, size: number, max: number): boolean =>
  loaded >= size * (max > MIN_SENDING ? 1 / max : ALONE);
