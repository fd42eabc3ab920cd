/** Random numbers from a seed: the same seed makes the same files on every machine. */

export type Random = {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  pick<T>(among: readonly [T, ...T[]]): T;
};

/** Mulberry32 on a 32-bit seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: (among) => among[below(among.length)] ?? among[0] };
}
