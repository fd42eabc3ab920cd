import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { token } from "../answers/session.ts";
import type { ApiError } from "./api-error.ts";
import { reach, read } from "./client.ts";
import { limitedFetch } from "./limited-fetch.ts";

/**
 * `/silent` never answers, `/half` sends half of its answer, `/busy/N/M` is busy for N seconds the first M times;
 * everything else answers.
 */
let open = 0;
const bodies: string[] = [];
const server = createServer(async (request, response) => {
  open += 1;
  const [, busy, times] = request.url?.match(/^\/busy\/(\d+)\/(\d+)$/) ?? [];
  if (busy !== undefined) {
    bodies.push(await text(request));
    if (bodies.length <= Number(times))
      return void response.writeHead(429, { "retry-after": busy }).end("busy");
  }
  if (request.url === "/silent") return;
  response.writeHead(request.url === "/empty" ? 204 : 200, { "content-type": "application/json" });
  if (request.url === "/half") response.write('{"answer":');
  else response.end(request.url === "/empty" ? undefined : '{"answer":42}');
});
let base = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  open = 0;
  bodies.length = 0;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => void vi.useRealTimers());

const reached = async () => {
  while (open === 0) await new Promise((resolve) => setImmediate(resolve));
  open = 0;
};

test.each(["/silent", "/half"])(
  "a call of %s, whose answer does not come, counts as an outage after a minute",
  async (path) => {
    const call = read(token, reach(limitedFetch(`${base}${path}`))).catch((error: ApiError) => error.code);
    await reached();
    vi.advanceTimersByTime(59_000);
    expect(await Promise.race([call, new Promise((resolve) => setImmediate(resolve, "waits"))])).toBe(
      "waits",
    );
    vi.advanceTimersByTime(2_000);
    expect(await call).toBe("network.unreachable");
  },
);

test("an answer in time is passed on, also an empty one", async () => {
  const answer = await limitedFetch(`${base}/full`);
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(await answer.json()).toEqual({ answer: 42 });
  expect((await limitedFetch(`${base}/empty`)).status).toBe(204);
});

/** Each call has a timer for its answer, and one for as long as it waits. */
const waiting = async (asked: number) => {
  while (vi.getTimerCount() <= asked) await new Promise((resolve) => setImmediate(resolve));
  expect(bodies).toHaveLength(asked);
};

test("a server that is busy for seconds is asked again, when it says", async () => {
  const call = limitedFetch(`${base}/busy/6/3`, { method: "POST", body: "all of it" });
  for (const asked of [1, 2, 3]) {
    await waiting(asked);
    vi.advanceTimersByTime(5_999);
    expect(vi.getTimerCount()).toBe(asked + 1);
    vi.advanceTimersByTime(1);
  }
  expect((await call).status).toBe(200);
  expect(bodies).toEqual(Array(4).fill("all of it"));
});

test("one that is busy for longer than a person waits is not", async () => {
  expect((await limitedFetch(`${base}/busy/16/1`)).status).toBe(429);
  expect(bodies).toHaveLength(1);
  bodies.length = 0;
  vi.clearAllTimers();
  const call = limitedFetch(`${base}/busy/15/4`);
  for (const asked of [1, 2, 3]) {
    await waiting(asked);
    vi.advanceTimersByTime(15_000);
  }
  expect((await call).status).toBe(429);
  expect(bodies).toHaveLength(4);
});
