/** Questions that cost much: those who ask the same at once share one answer, and only so many are out at a time. */
import type { Edge } from "../context.ts";

/** One whose request was ended by force never lands: from this age on nobody joins it, and it takes no place. */
const LONGEST_MS = 30_000;
const POLL_MS = 25;

type Flight<V> = { began: number; answer: Promise<V> };
export type Share<V> = (edge: Pick<Edge, "waitUntil">, key: string, ask: () => Promise<V>) => Promise<V>;

/** At most `atOnce` questions are out; further ones wait for a place. Answers are plain values: they cross requests. */
export function makeSingleFlight<V>(atOnce: number): Share<V> {
  const flights = new Map<string, Flight<V>>();

  function forgetLost(): void {
    const oldest = Date.now() - LONGEST_MS;
    for (const [key, { began }] of flights) if (began < oldest) flights.delete(key);
  }

  return async (edge, key, ask) => {
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
    // Others wait for it, too: where this request is given up, it goes on. Who asked hears of a failure.
    edge.waitUntil(flight.answer.catch(() => undefined));
    return flight.answer;
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
