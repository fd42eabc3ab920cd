import { afterEach, expect, test, vi } from "vitest";
import { holdToken } from "../api/access-token.ts";
import { queryClient } from "../api/cache.ts";
import { followChanges, pollEvery } from "./follow.ts";

afterEach(() => vi.unstubAllGlobals());

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
