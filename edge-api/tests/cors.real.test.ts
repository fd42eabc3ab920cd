/** Scripts of other sites: only listed origins may call the API, with a token and never with our cookie. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { register } from "./support/client.ts";
import { type Edge, startEdge } from "./support/harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());

const get = (path: string, headers: Record<string, string>) => fetch(edge.url + path, { headers });
const SITE = "https://app.example.org";
const preflight = (origin: string) =>
  fetch(`${edge.url}/v1/videos/x`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "PATCH",
      "access-control-request-headers": "authorization",
    },
  });
const allowed = ({ headers }: Response) => headers.get("access-control-allow-origin");

test("may call the API with a token where the operator lists their origin, and nothing else", async () => {
  const { accessToken } = await register(edge.url);
  const own = { authorization: `Bearer ${accessToken}`, origin: SITE };
  expect([allowed(await preflight(SITE)), allowed(await get("/v1/me", own))]).toEqual([null, null]);
  try {
    await edge.restart({ STORAGEX_API_ORIGINS: `https://other.example.org/, ${SITE}` });
    const answer = await preflight(SITE);
    expect([answer.status, allowed(answer)]).toEqual([204, SITE]);
    expect(answer.headers.get("access-control-allow-methods")).toContain("PATCH");
    expect(answer.headers.get("access-control-allow-headers")).toContain("Authorization");
    // A listed site may show shares with a password, as any other may.
    expect(answer.headers.get("access-control-allow-headers")).toContain("x-share-unlock");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    const list = await get("/v1/videos", own);
    expect([list.status, allowed(list), list.headers.get("vary")]).toEqual([200, SITE, "Origin"]);
    expect(list.headers.get("access-control-expose-headers")).toContain("ETag");
    // A refusal can be read too, so that the script can say why.
    const refused = await get("/v1/videos/none", own);
    expect([refused.status, allowed(refused)]).toEqual([404, SITE]);
    const unlisted = await get("/v1/videos", { ...own, origin: "https://evil.example.org" });
    expect([allowed(unlisted), unlisted.headers.get("vary")]).toEqual([null, "Origin"]);
    expect(allowed(await preflight("https://evil.example.org"))).toBeNull();
    expect(allowed(await get("/healthz", { origin: SITE }))).toBeNull();
    const refresh = await fetch(`${edge.url}/v1/auth/refresh`, {
      method: "POST",
      headers: { origin: SITE },
    });
    expect(refresh.status).toBe(403);
  } finally {
    await edge.restart();
  }
});
