/**
 * Single flight for expensive reads: identical concurrent requests share an answer; concurrency is capped.
 */

import { sleep } from "../turns.ts";

/** A request that the runtime kills never ends its flight. After this age nobody joins or counts it. */
const LONGEST_MS = 30_000;
const POLL_MS = 25;

type Flight<V> = { began: number; answer: Promise<V> };
/** Whose request goes on for others. */
type Request = { waitUntil: (work: Promise<unknown>) => void };
export type Share<V> = (request: Request, key: string, ask: () => Promise<V>) => Promise<V>;

/**
 * At most `atOnce` flights run at a time; further ones wait for a slot. Answers must be plain values: they
 * are shared across requests.
 */
export function makeSingleFlight<V>(atOnce: number): Share<V> {
  const flights = new Map<string, Flight<V>>();

  function forgetLost(): void {
    const oldest = Date.now() - LONGEST_MS;
    for (const [key, { began }] of flights) if (began < oldest) flights.delete(key);
  }

  return async (request, key, ask) => {
    forgetLost();
    while (!flights.has(key) && flights.size >= atOnce) {
      await sleep(POLL_MS);
      forgetLost();
    }
    const known = flights.get(key);
    if (known) return known.answer;
    const flight: Flight<V> = {
      began: Date.now(),
      answer: ask().finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      }),
    };
    flights.set(key, flight);
    // Others wait for it too, so it continues if this request is cancelled. The caller gets the error from
    // the returned promise.
    request.waitUntil(flight.answer.catch(() => undefined));
    return flight.answer;
  };
}
