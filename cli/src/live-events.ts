/** The API's live events (`GET /v1/events`), over the ends of its streams and over outages. */
import { setTimeout as sleep } from "node:timers/promises";
import { ProblemError, type Schemas } from "@storagex/client";
import { EventSourceParserStream } from "eventsource-parser/stream";
import type { Session } from "./session.ts";

export type LiveEvent =
  | { event: "video.updated"; data: Schemas["Video"] }
  | { event: "video.deleted"; data: { id: string } };

/** The server pings every 4 s: a longer silence is a dead connection. Milliseconds. */
const SILENCE = 40_000;
/** After a stream that broke. Milliseconds. */
const RETRY = 1_000;

/**
 * Yields events until the signal ends. Each time that a stream is open, `catchUp` reads what no stream has told: the
 * server repeats nothing to a stream that had no event before, and no events that it has deleted since. What it returns
 * comes first; where it fails, a stream is opened again.
 */
export async function* liveEvents(
  { client }: Session,
  signal: AbortSignal,
  catchUp: () => Promise<readonly LiveEvent[]>,
): AsyncGenerator<LiveEvent> {
  let lastId: string | undefined;
  // Node aborts a stream only while somebody holds its request: once that has been collected as garbage, what the
  // signal says is lost (Node 20 and 24).
  const held: { request?: Request } = {};
  while (!signal.aborted) {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE);
    try {
      const { response, data, error } = await client.GET("/v1/events", {
        params: { header: { ...(lastId && { "last-event-id": lastId }) } },
        parseAs: "stream",
        fetch: (request) => {
          held.request = request;
          return fetch(request);
        },
        signal: AbortSignal.any([signal, silence.signal]),
      });
      if (!response.ok || !data) throw new ProblemError(response, error);
      const heard = new TransformStream<Uint8Array, BufferSource>({
        transform(piece, controller) {
          clearTimeout(timer);
          timer = setTimeout(() => silence.abort(), SILENCE);
          controller.enqueue(new Uint8Array(piece));
        },
      });
      yield* await catchUp();
      const stream = data.pipeThrough(heard).pipeThrough(new TextDecoderStream());
      for await (const message of stream.pipeThrough(new EventSourceParserStream())) {
        lastId = message.id ?? lastId;
        // Types that a later release may add are left out.
        if (message.event === "video.updated" || message.event === "video.deleted")
          yield { event: message.event, data: JSON.parse(message.data) };
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ProblemError && error.status < 500 && error.status !== 429) throw error;
      await sleep(RETRY, undefined, { signal }).catch(() => undefined);
    } finally {
      delete held.request;
      clearTimeout(timer);
      // Where reading has not begun, nothing else ends the request.
      silence.abort();
    }
  }
}
