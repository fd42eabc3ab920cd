/** The doors before the doors: health, unknown addresses, bodies that are too large. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Edge, startEdge } from "./harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
}, 90_000);
afterAll(() => edge?.stop());

test("/healthz answers without asking anything", async () => {
  const answer = await fetch(`${edge.url}/healthz`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: "ok" });
});

test("an unknown API address is a 404 problem, a known one with another method a 405 with Allow", async () => {
  const unknown = await fetch(`${edge.url}/v1/nothing`);
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get("content-type")).toBe("application/problem+json");
  expect(await unknown.json()).toMatchObject({
    type: "/docs#problem-request.not_found",
    status: 404,
    code: "request.not_found",
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  const wrong = await fetch(`${edge.url}/v1/auth/login`);
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get("allow")).toBe("POST");
});

test("a trace that comes in goes on", async () => {
  const traceparent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
  const answer = await fetch(`${edge.url}/v1/me`, { headers: { traceparent } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get("traceparent")).toMatch(/^00-0123456789abcdef0123456789abcdef-(?!0123)/);
});
