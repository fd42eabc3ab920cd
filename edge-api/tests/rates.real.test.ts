/** Limits of calls per minute: by session, key and address, told in headers, and shared by all isolates. */
import { shareSchema } from "@storagex/contract/sharing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { post, problemOf } from "./support/client.ts";
import { newKey, newSigned, newVideo } from "./support/direct-rows.ts";
import { eventually } from "./support/eventually.ts";
import { type Edge, startEdge } from "./support/harness.ts";

const LIMIT = 20;
const HEADER = "x-real-ip";
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({
    STORAGEX_RATE_PER_MINUTE: String(LIMIT),
    STORAGEX_CLIENT_ADDRESS_HEADER: HEADER,
    STORAGEX_API_ORIGINS: "https://app.example.org",
  });
});
afterAll(() => edge?.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(edge.url + path, { headers });
const as = (token: string) => ({ authorization: `Bearer ${token}` });
const from = (address: string) => ({ [HEADER]: address });

/** Counts are of a minute of the clock: what must happen within one begins early in it. */
async function earlyInMinute(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 40_000) await new Promise((resolve) => setTimeout(resolve, left + 100));
}

/** Calls until it is refused; the answers before, and the refusal. */
async function untilRefused(call: () => Promise<Response>): Promise<{ passed: number; refused: Response }> {
  for (let passed = 0; passed <= 2 * LIMIT; passed += 1) {
    const answer = await call();
    if (answer.status === 429) return { passed, refused: answer };
    await answer.body?.cancel();
  }
  throw new Error("never refused");
}

test("each session, key and address has calls of its own; the headers say how many are left", async () => {
  await earlyInMinute();
  const person = await newSigned(edge);
  const key = await newKey(edge, person.userId, ["videos:read"]);
  const first = await get("/v1/videos", as(key));
  expect(first.headers.get("ratelimit-policy")).toBe(`"minute";q=${LIMIT};w=60`);
  expect(first.headers.get("ratelimit")).toMatch(new RegExp(`^"minute";r=${LIMIT - 1};t=\\d+$`));
  const { passed, refused } = await untilRefused(() => get("/v1/videos", as(key)));
  expect(passed).toBe(LIMIT - 1);
  expect(refused.headers.get("ratelimit")).toMatch(/^"minute";r=0;t=\d+$/);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await problemOf(refused)).toMatchObject({ status: 429, code: "request.too_many" });
  // Every guard counts, also one that runs beside its handler, and the one of another method.
  for (const path of ["/v1/me", "/v1/tags", "/v1/videos/none"])
    expect(await problemOf(await get(path, as(key)))).toMatchObject({ code: "request.too_many" });
  expect((await get("/v1/videos", as(person.accessToken))).status).toBe(200);

  // Without a credential, or with one that is none, a client is its address; a network of IPv6 is one client.
  const unknown = await untilRefused(() => get("/v1/auth/session", from("2001:db8::1")));
  expect(unknown.passed).toBe(LIMIT);
  for (const headers of [{}, as("sxk_00000000000000000000000000000000"), as("a.b.c")])
    expect(await problemOf(await get("/v1/videos", { ...from("2001:db8::2"), ...headers }))).toMatchObject({
      code: "request.too_many",
    });
  expect((await get("/v1/auth/session", from("2001:db8:0:1::1"))).status).toBe(200);
  // No header names the address: nobody is counted for others.
  const nameless = await get("/v1/auth/session");
  expect([nameless.status, nameless.headers.get("ratelimit")]).toEqual([200, null]);
});

test("a share is unlocked within a limit of its own for each address", async () => {
  await earlyInMinute();
  const person = await newSigned(edge);
  const videoId = await newVideo(edge, person.userId);
  const made = await post(`${edge.url}/v1/videos/${videoId}/shares`, {}, as(person.accessToken));
  const token = new URL(shareSchema.parse(await made.json()).url).pathname.split("/").at(-1);
  const unlock = (address: string) => post(`${edge.url}/v1/shared/${token}/unlock`, {}, from(address));
  expect((await untilRefused(() => unlock("192.0.2.1"))).passed).toBe(LIMIT);
  expect((await unlock("192.0.2.2")).status).not.toBe(429);
  expect((await get("/v1/auth/session", from("192.0.2.1"))).status).toBe(200);
});

test("what an isolate has counted is shared in a row, and counts after its restart; a listed site sees the headers", async () => {
  await earlyInMinute();
  const person = await newSigned(edge);
  const call = () => get("/v1/videos", { ...as(person.accessToken), origin: "https://app.example.org" });
  const exposed = (await call()).headers.get("access-control-expose-headers");
  expect(exposed).toContain("RateLimit");
  expect((await untilRefused(call)).passed).toBe(LIMIT - 1);
  await eventually(async () => {
    await (await call()).body?.cancel();
    const { rows } = await edge.sql.query("SELECT count FROM attempts WHERE subject = $1", [
      `rate:${person.sessionId}`,
    ]);
    expect(rows[0]?.count).toBeGreaterThanOrEqual(LIMIT);
  });
  await edge.restart();
  // The first calls of a new isolate pass; as soon as it has shared its own it knows better.
  await eventually(async () => {
    const answer = await call();
    await answer.body?.cancel();
    expect(answer.status).toBe(429);
  });
});
