/** Reads `GET /v1/events` with fetch (EventSource cannot send a token) and resumes where it broke off. */
import type { LiveEvent } from "@storagex/contract/events";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { liveEvent } from "../answers/library.ts";

/**
 * The server sends something at least every 15 s; a longer silence means a dead connection that reported no
 * error.
 */
const SILENCE = 40_000;

/**
 * Reads one connection until it ends. `fetch` adds the token.
 * Resolves when the server ends it; throws when it cannot be opened or breaks.
 */
export async function readStream(options: {
  fetch: (input: string, init: RequestInit) => Promise<Response>;
  lastEventId: string | undefined;
  signal: AbortSignal;
  onOpen: () => void;
  onEvent: (event: LiveEvent, id: string | undefined) => void;
}): Promise<void> {
  const dead = new AbortController();
  let timer = setTimeout(() => dead.abort(), SILENCE);
  const heard = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(bytes, controller) {
      clearTimeout(timer);
      timer = setTimeout(() => dead.abort(), SILENCE);
      controller.enqueue(bytes);
    },
  });
  try {
    const response = await options.fetch("/v1/events", {
      headers: {
        accept: "text/event-stream",
        ...(options.lastEventId ? { "last-event-id": options.lastEventId } : {}),
      },
      signal: AbortSignal.any([options.signal, dead.signal]),
    });
    if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
    options.onOpen();
    const messages = response.body
      .pipeThrough(heard)
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    const reader = messages.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const event = parseEvent(next.value.event, next.value.data);
      if (event) options.onEvent(event, next.value.id);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** An event of the contract, or undefined for one that this version does not know. */
export function parseEvent(event: string | undefined, data: string): LiveEvent | undefined {
  try {
    const parsed = liveEvent.safeParse({ event, data: JSON.parse(data) });
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
