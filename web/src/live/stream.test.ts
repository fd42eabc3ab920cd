import type { LiveEvent } from "@storagex/contract/events";
import { expect, test } from "vitest";
import { parseEvent, readStream } from "./stream.ts";

const deleted = (id: string) => `data: {"id":"${id}"}\n\n`;

function answer(pieces: string[]): Response {
  const bytes = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(bytes.encode(piece));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

async function readAll(pieces: string[], lastEventId?: string) {
  const events: [LiveEvent["event"], string | undefined][] = [];
  const asked: RequestInit[] = [];
  await readStream({
    fetch: async (_path, init) => {
      asked.push(init);
      return answer(pieces);
    },
    lastEventId,
    signal: new AbortController().signal,
    onOpen: () => undefined,
    onEvent: (event, id) => events.push([event.event, id]),
  });
  return { events, asked };
}

test("events are read over any cut of the bytes, with comments between", async () => {
  const text = `: hello\n\nid: 7\nevent: video.deleted\n${deleted("a")}: beat\n\nid: 8\r\nevent: video.deleted\r\ndata: {"id":"ü"}\r\n\r\n`;
  for (const size of [1, 3, 1_000]) {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    const { events } = await readAll(pieces);
    expect(events).toEqual([
      ["video.deleted", "7"],
      ["video.deleted", "8"],
    ]);
  }
});

test("an event that was cut off at the end does not count", async () => {
  expect((await readAll(['event: video.deleted\ndata: {"id":"a"}'])).events).toEqual([]);
});

test("the last event id is sent, so that nothing is missed", async () => {
  const { asked } = await readAll([], "41");
  expect(new Headers(asked[0]?.headers).get("last-event-id")).toBe("41");
});

test("a refused stream throws", async () => {
  const refused = readStream({
    fetch: async () => new Response("", { status: 503 }),
    lastEventId: undefined,
    signal: new AbortController().signal,
    onOpen: () => undefined,
    onEvent: () => undefined,
  });
  await expect(refused).rejects.toThrow("503");
});

test("what this version does not know is passed over", () => {
  expect(parseEvent("video.deleted", "not json")).toBeUndefined();
  expect(parseEvent("video.sang", '{"id":"a"}')).toBeUndefined();
  expect(parseEvent("video.deleted", '{"id":"a"}')).toEqual({ event: "video.deleted", data: { id: "a" } });
});
