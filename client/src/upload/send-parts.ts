/** Sends what is missing of a file: several parts side by side, in the order that the server asks for. */
import type { Arrivals } from "./arrivals.ts";
import type { PartUrls } from "./part-urls.ts";
import { persist } from "./persist.ts";
import { mayPutAgain, PutError, putPart } from "./put-part.ts";
import type { Source } from "./source.ts";
import type { Ticket } from "./ticket.ts";

type Sending = {
  source: Source;
  ticket: Ticket;
  urls: PartUrls;
  arrivals: Arrivals;
  connections: number;
  signal: AbortSignal;
  /** Bytes that are stored or sent. */
  onProgress: (sent: number) => void;
};

/** Resolves when all parts are stored; `ticket.stored` says which are, also where it rejects. */
export async function sendParts(sending: Sending): Promise<void> {
  const { source, ticket, urls, arrivals, signal, onProgress } = sending;
  const { partSize, partCount, stored } = ticket;
  const running = new Map<number, number>();
  const from = (number: number) => (number - 1) * partSize;
  const length = (number: number) => Math.min(partSize, source.size - from(number));

  function report(): void {
    let sent = 0;
    for (const number of stored) sent += length(number);
    for (const bytes of running.values()) sent += bytes;
    onProgress(sent);
  }

  /** Parts that nobody has sent or is sending: those that are wanted first. */
  function* left(): Generator<number> {
    const isLeft = (number: number) => number <= partCount && !stored.has(number) && !running.has(number);
    for (const number of arrivals.wanted) if (isLeft(number)) yield number;
    for (let number = 1; number <= partCount; number += 1) if (isLeft(number)) yield number;
  }

  async function put(number: number): Promise<void> {
    const body = source.part(from(number), from(number) + length(number));
    const onPart = (sent: number) => {
      running.set(number, sent);
      report();
    };
    const url = await urls.get(number, left());
    try {
      await putPart({ url, body, signal, onProgress: onPart });
    } catch (error) {
      if (error instanceof PutError && error.status === 403) urls.forget(number);
      signal.throwIfAborted();
      // A file that is gone looks like a lost connection.
      await source.requireUnchanged();
      throw error;
    }
  }

  async function send(number: number): Promise<void> {
    running.set(number, 0);
    try {
      await persist(() => put(number), mayPutAgain, signal);
      stored.add(number);
    } finally {
      running.delete(number);
      report();
    }
  }

  async function sendNext(): Promise<void> {
    for (let [next] = left(); next !== undefined; [next] = left()) {
      await send(next);
      void arrivals.note();
    }
  }

  report();
  // From the first part and the last the server learns what the file is, and may refuse it.
  const ends = new Set([1, partCount].filter((number) => !stored.has(number)));
  await Promise.all([...ends].map(send));
  if (partCount > 1) await arrivals.note();
  await Promise.all(Array.from({ length: sending.connections }, sendNext));
}
