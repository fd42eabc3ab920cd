import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { politeFetch, waitAskedBy } from "./polite-fetch.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that gives these answers in turn; the last one for good. Returns its URL, and the bodies it got. */
async function serve(...answers: { status: number; retryAfter?: string }[]) {
  const bodies: string[] = [];
  server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    bodies.push(Buffer.concat(pieces).toString());
    const { status, retryAfter } = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 500 };
    response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter }).end();
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, bodies };
}

test("a wait is asked for in seconds or by a date", () => {
  const now = Date.parse("2026-01-31T00:00:00Z");
  const waitOf = (value?: string) =>
    waitAskedBy(new Response(null, { headers: value === undefined ? {} : { "retry-after": value } }), now);
  expect(waitOf("90")).toBe(90_000);
  expect(waitOf("Sat, 31 Jan 2026 00:02:00 GMT")).toBe(120_000);
  expect(waitOf("Sat, 31 Jan 2025 00:02:00 GMT")).toBe(0);
  expect([waitOf(), waitOf("soon")]).toEqual([0, 0]);
});

test("a limit and an outage are waited for, and the body is sent again; a refusal is an answer", async () => {
  const { url, bodies } = await serve({ status: 429, retryAfter: "2" }, { status: 503 }, { status: 403 });
  const began = Date.now();
  const call = politeFetch(new AbortController().signal);
  expect((await call(new Request(url, { method: "POST", body: "a film" }))).status).toBe(403);
  expect(Date.now() - began).toBeGreaterThan(1_990);
  expect(bodies).toEqual(["a film", "a film", "a film"]);
});

test("who asks for a day is not waited for; a signal ends a wait", async () => {
  const { url } = await serve({ status: 429, retryAfter: "86400" }, { status: 429, retryAfter: "600" });
  const stop = new AbortController();
  const call = politeFetch(stop.signal);
  expect((await call(new Request(url))).status).toBe(429);
  const waiting = call(new Request(url));
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});
