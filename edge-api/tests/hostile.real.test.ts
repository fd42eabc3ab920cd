/**
 * Attacks by outsiders: addresses that are almost ours, invalid HTTP, bodies that are too long or too slow,
 * too many streams.
 */
import { connect } from "node:net";
import { ticketSchema } from "@storagex/contract/uploads/upload";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemOf, register } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { type Edge, startEdge } from "./support/harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());

test.each(["/play//master.m3u8", "/play/x/y/z", "//play/x", "/.well-known/none", "//.well-known/jwks.json"])(
  "no page stands at %s",
  async (path) => {
    expect(await problemOf(await fetch(edge.url + path))).toMatchObject({ code: "request.not_found" });
  },
);

test.each([
  "/v1/%6de",
  "/v1/./me",
  "/v1/x/../me",
  "/v1/%61dmin/users",
  "/v1/admin/%75sers",
  "/v1/videos/x%2Fy",
])("another spelling does not get past the guard: %s", async (path) => {
  expect((await problemOf(await fetch(edge.url + path))).code).toMatch(/^(auth.required|request.not_found)$/);
});

test("of more than a hundred streams of one person the oldest gives way, the newest hear", async () => {
  const { accessToken } = await register(edge.url);
  const headers = { authorization: `Bearer ${accessToken}` };
  const open = () => fetch(`${edge.url}/v1/events`, { headers });
  const first = await open();
  let ended = false;
  const drained = first.text().then(() => {
    ended = true;
  });
  const others: Response[] = [];
  for (let batch = 0; batch < 5; batch += 1)
    others.push(...(await Promise.all(Array.from({ length: 20 }, open))));
  await eventually(async () => expect(ended).toBe(true));
  await drained;
  const body = JSON.stringify({ filename: "a.mp4", size: 10, contentType: "video/mp4" });
  const ticket = await fetch(`${edge.url}/v1/videos`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body,
  });
  const { video } = ticketSchema.parse(await ticket.json());
  await fetch(`${edge.url}/v1/videos/${video.id}/upload`, { method: "DELETE", headers });
  const reader = others.at(-1)?.body?.getReader();
  let heard = "";
  while (!heard.includes("video.deleted")) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) throw new Error(`the stream ended after: ${heard}`);
    heard += new TextDecoder().decode(value);
  }
  await Promise.all([reader?.cancel(), ...others.slice(0, -1).map((other) => other.body?.cancel())]);
});

/** The status with which the server answers exactly these bytes. */
function rawStatus(bytes: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(edge.url).port), "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.on("data", (piece) => {
      answer += piece.toString();
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
      if (status === undefined) return;
      resolve(Number(status));
      socket.destroy();
    });
    socket.on("close", () => reject(new Error(`no answer but ${answer}`)));
    socket.on("error", reject);
  });
}

test.each(["<x>", "127.0.0.1:99999", "a b"])("a Host that is none is a 400: %s", async (host) => {
  expect(await rawStatus(`GET /v1/me HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toBe(400);
  expect(await rawStatus(`GET /login HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toBe(400);
});

test("a body whose chunks cannot be read is a 400", async () => {
  const head =
    "POST /v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nContent-Type: application/json\r\n" +
    "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
  expect(await rawStatus(`${head}ZZ\r\n`)).toBe(400);
});

test("a body that does not come is given up after half a minute", async () => {
  const began = Date.now();
  const head =
    "POST /v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nContent-Type: application/json\r\n" +
    "Content-Length: 100\r\nConnection: close\r\n\r\n{";
  expect(await rawStatus(head)).toBe(408);
  expect(Date.now() - began).toBeGreaterThan(25_000);
});

test("what one route may hold is too much for another", async () => {
  const send = (path: string, size: number) =>
    fetch(edge.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: " ".repeat(size),
    });
  expect((await send("/v1/auth/login", 9_000)).status).toBe(413);
  expect((await send("/v1/auth/login", 8_000)).status).toBe(400);
  // Larger bodies are drained before the caller is refused: otherwise clients would see a broken connection.
  expect((await send("/v1/videos", 700_000)).status).toBe(401);
  expect((await send("/v1/videos", 800_000)).status).toBe(413);
  expect((await send("/v1/videos/x/captions", 3_000_000)).status).toBe(401);
  expect((await send("/internal/tasks/x/succeed", 6_000_000)).status).toBe(401);
});
