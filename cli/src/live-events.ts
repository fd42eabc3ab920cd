/** The API's live events (`GET /v1/events`), over the ends of its streams and over outages. */
import { setTimeout as sleep } from "node:timers/promises";
import { ProblemError, type Schemas } from "@storagex/client";
import { EventSourceParserStream } from "eventsource-parser/stream";
import type { Session } from "./session.ts";
import { SilenceLimit } from "./silence-limit.ts";

export type LiveEvent =
  | { event: "video.updated"; data: Schemas["Video"] }
  | { event: "video.deleted"; data: { id: string } };

/** After a stream that broke. Milliseconds. */
const RETRY = 1_000;

/** Whether the same call may succeed later: no answer, one of a server in trouble, or too many calls. */
const isPassing = (error: unknown) =>
  !(error instanceof ProblemError && error.status < 500 && error.status !== 429);

/** Repeats `ask` over outages; undefined once the signal has ended. Throws what no repetition mends. */
export async function askedUntilAnswered<T>(
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!isPassing(error)) throw error;
      await sleep(RETRY, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/**
 * Yields events until the signal ends. Each time that a stream is open, `catchUp` reads what no stream has told: the
 * server repeats nothing to a stream that had no event before, and no events that it has deleted since. What it returns
 * comes first; where it fails, a stream is opened again. What fails before it has succeeded once is thrown: nobody
 * waits for a server that was never there.
 */
export async function* liveEvents(
  { client }: Session,
  signal: AbortSignal,
  catchUp: () => Promise<readonly LiveEvent[]>,
): AsyncGenerator<LiveEvent> {
  let lastId: string | undefined;
  let isListening = false;
  // Node aborts a stream only while somebody holds its request: once that has been collected as garbage, what the
  // signal says is lost (Node 20 and 24).
  const held: { request?: Request } = {};
  while (!signal.aborted) {
    const silence = new SilenceLimit();
    try {
      silence.begin();
      const { response, data, error } = await client.GET("/v1/events", {
        params: { header: { ...(lastId && { "last-event-id": lastId }) } },
        parseAs: "stream",
        fetch: (request) => {
          held.request = request;
          return fetch(request);
        },
        signal: AbortSignal.any([signal, silence.signal]),
      });
      silence.pause();
      if (!response.ok || !data) throw new ProblemError(response, error);
      yield* await catchUp();
      isListening = true;
      const heard = new TransformStream<Uint8Array, BufferSource>({
        transform(piece, controller) {
          silence.heard();
          controller.enqueue(new Uint8Array(piece));
        },
      });
      const stream = data.pipeThrough(heard).pipeThrough(new TextDecoderStream());
      const messages = stream.pipeThrough(new EventSourceParserStream())[Symbol.asyncIterator]();
      for (;;) {
        silence.begin();
        const { done, value: message } = await messages.next();
        silence.pause();
        if (done) break;
        lastId = message.id ?? lastId;
        // Types that a later release may add are left out.
        if (message.event === "video.updated" || message.event === "video.deleted")
          yield { event: message.event, data: JSON.parse(message.data) };
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isListening || !isPassing(error)) throw error;
      await sleep(RETRY, undefined, { signal }).catch(() => undefined);
    } finally {
      delete held.request;
      // Where reading has not begun, nothing else ends the request.
      silence.end();
    }
  }
}
