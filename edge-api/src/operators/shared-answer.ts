/** An answer that is the same for every administrator: read at most every two seconds in an isolate. */
import { LRUCache } from "lru-cache";
import { makeSingleFlight } from "../cache/single-flight.ts";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";

const KEPT_MS = 2_000;

/** Wraps `read`. The answer is kept by configuration: tests run several installations in one process. */
export function forAll<V extends object>(key: string, read: (edge: Edge) => Promise<V>) {
  const kept = new WeakMap<Config, LRUCache<string, V>>();
  const share = makeSingleFlight<V>(1);
  return async (edge: Edge): Promise<V> => {
    // Resolution 0: the timer of the cache's own clock would belong to one request and end with it.
    const cache =
      kept.get(edge.config) ?? new LRUCache<string, V>({ max: 1, ttl: KEPT_MS, ttlResolution: 0 });
    kept.set(edge.config, cache);
    const known = cache.get(key);
    if (known) return known;
    return share(edge, key, async () => {
      const answer = await read(edge);
      cache.set(key, answer);
      return answer;
    });
  };
}
