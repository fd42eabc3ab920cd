/** What never changes is remembered within a bound. It lives as long as the isolate: all of it can be read again. */

export type Kept<V> = {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
};

/** Keeps values while their sizes together are at most `most`; what was not used for longest goes first. */
export function makeKept<V extends object>(most: number, sizeOf: (value: V) => number): Kept<V> {
  // A Map tells its keys in the order in which they were set: what is used is set again.
  const values = new Map<string, V>();
  let size = 0;

  function drop(key: string): void {
    const value = values.get(key);
    if (!value) return;
    values.delete(key);
    size -= sizeOf(value);
  }

  return {
    get(key) {
      const value = values.get(key);
      if (value) {
        values.delete(key);
        values.set(key, value);
      }
      return value;
    },
    set(key, value) {
      drop(key);
      // It would only push out all others.
      if (sizeOf(value) > most) return;
      values.set(key, value);
      size += sizeOf(value);
      for (const oldest of values.keys()) {
        if (size <= most) return;
        drop(oldest);
      }
    },
  };
}
