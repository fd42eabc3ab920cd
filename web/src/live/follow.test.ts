import { afterEach, expect, test, vi } from "vitest";
import { dropToken, holdToken } from "../api/access-token.ts";
import { queryClient } from "../api/cache.ts";
import { followChanges, pollEvery } from "./follow.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  dropToken();
});

test("beside the stream it is polled seldom, and each new connection reads what the last may have missed", async () => {
  holdToken({ accessToken: "token", expiresIn: 300 });
  let opened = 0;
  vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal("fetch", async () => {
    opened += 1;
    // The server ends the first connection normally, as it does after five minutes.
    const body = new ReadableStream({ start: (stream) => (opened === 1 ? stream.close() : undefined) });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  const read = vi.spyOn(queryClient, "invalidateQueries");
  expect(pollEvery()).toBe(3_000);
  const stop = followChanges();
  await expect.poll(() => read.mock.calls.length, { timeout: 5_000 }).toBe(2);
  expect(opened).toBe(2);
  expect(pollEvery()).toBe(30_000);
  stop();
});

test("what a short break missed is repeated; not after a stream that ended with nothing, nor after a long absence", async () => {
  holdToken({ accessToken: "token", expiresIn: 300 });
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", page);
  const ids: (string | null)[] = [];
  const tell = 'id: 7-1\nevent: video.deleted\ndata: {"id":"V1StGXR8_Z5jdHi6B-myT"}\n\n';
  vi.stubGlobal("fetch", async (url: string, { headers, signal }: RequestInit) => {
    expect(url).toBe("/v1/events");
    ids.push(new Headers(headers).get("last-event-id"));
    const body = new ReadableStream({
      start(stream) {
        signal?.addEventListener("abort", () => stream.error(signal.reason));
        // The second connection is ended without a word.
        if (ids.length !== 2) stream.enqueue(new TextEncoder().encode(tell));
        if (ids.length <= 2) stream.close();
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  // A deletion makes its video's query stale, and only that.
  const reads = vi.spyOn(queryClient, "invalidateQueries");
  const told = () => reads.mock.calls.filter(([filters]) => filters?.queryKey).length;
  const turn = (hidden: boolean) => {
    page.hidden = hidden;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  const stop = followChanges();
  await expect.poll(() => ids, { timeout: 5_000 }).toEqual([null, "7-1", null]);
  await expect.poll(told).toBe(2);
  turn(true);
  turn(false);
  await expect.poll(() => ids, { timeout: 5_000 }).toEqual([null, "7-1", null, "7-1"]);
  await expect.poll(told).toBe(3);
  turn(true);
  // Until the stream's end has come through.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const now = Date.now();
  vi.spyOn(Date, "now").mockReturnValue(now + 3_600_000);
  // The old one has expired: its renewal is another call.
  holdToken({ accessToken: "token", expiresIn: 300 });
  turn(false);
  await expect.poll(() => ids, { timeout: 5_000 }).toEqual([null, "7-1", null, "7-1", null]);
  stop();
});
