/** What a stranger tries: addresses that are almost ours, and more streams than anybody needs. */
import { ticketSchema } from "@storagex/contract/upload";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemOf, register } from "./client.ts";
import { eventually } from "./eventually.ts";
import { type Edge, startEdge } from "./harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
}, 90_000);
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
])("another spelling opens no door: %s", async (path) => {
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
