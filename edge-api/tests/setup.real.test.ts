/** The first administrator, by a one-time link or by the operator's settings; and closed registration. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { newEmail, PASSWORD, post, problemOf, register } from "./support/client.ts";
import { type Edge, startEdge } from "./support/harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());

const setUp = (token: string, email = newEmail()): Promise<Response> =>
  post(`${edge.url}/v1/auth/setup`, { token, email, password: PASSWORD });
const link = async (): Promise<string> =>
  /^setup: http:\S+\/setup\?token=([\w-]{43})$/m.exec(await edge.ops("admin", ["first-admin"]))?.[1] ??
  "none";

test("the link makes one administrator, once, and whoever races for it", async () => {
  const old = await link();
  const token = await link();
  expect(await problemOf(await setUp(old))).toMatchObject({ status: 403, code: "setup.token_invalid" });
  expect((await setUp("x".repeat(43))).status).toBe(403);
  const { rows } = await edge.sql.query("SELECT token_hash FROM setup_tokens");
  expect(rows).toHaveLength(1);
  expect(rows[0].token_hash).not.toContain(token);

  // If the email address is taken, the link stays valid.
  const { email } = await register(edge.url);
  expect(await problemOf(await setUp(token, email))).toMatchObject({
    status: 409,
    code: "account.email_taken",
  });

  const race = await Promise.all([setUp(token), setUp(token), setUp(token)]);
  expect(race.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
  const winner = race.find(({ status }) => status === 201);
  expect(await winner?.json()).toMatchObject({ user: { role: "admin" } });
  expect((await setUp(token)).status).toBe(403);
  expect(await edge.ops("admin", ["first-admin"])).toBe("there is an administrator\n");
});

test("an expired link is refused", async () => {
  await edge.sql.query("DELETE FROM users WHERE role = 'admin'");
  const token = await link();
  await edge.sql.query("UPDATE setup_tokens SET expires_at = now()");
  expect((await setUp(token)).status).toBe(403);
});

test("settings make the administrator once; an account of that address is taken over", async () => {
  await edge.sql.query("DELETE FROM users WHERE role = 'admin'");
  const squatter = await register(edge.url);
  const admin = { STORAGEX_ADMIN_EMAIL: squatter.email, STORAGEX_ADMIN_PASSWORD: "the operator's own words" };
  expect(await edge.ops("admin", ["first-admin"], admin)).toBe(`administrator: ${squatter.email}\n`);
  const login = (password: string): Promise<Response> =>
    post(`${edge.url}/v1/auth/login`, { email: squatter.email, password });
  expect((await login(PASSWORD)).status).toBe(401);
  const answer = await login("the operator's own words");
  expect(await answer.json()).toMatchObject({ user: { role: "admin" } });
  const changed = { ...admin, STORAGEX_ADMIN_PASSWORD: "other words of his" };
  expect(await edge.ops("admin", ["first-admin"], changed)).toBe("there is an administrator\n");
  expect((await login("other words of his")).status).toBe(401);
  await expect(
    edge.ops("admin", ["first-admin"], { STORAGEX_ADMIN_EMAIL: "x@example.test" }),
  ).rejects.toThrow("STORAGEX_ADMIN_PASSWORD");
});

test("closed registration refuses everybody", async () => {
  await edge.restart({ STORAGEX_REGISTRATION: "closed" });
  const answer = await post(`${edge.url}/v1/auth/register`, { email: newEmail(), password: PASSWORD });
  expect(await problemOf(answer)).toMatchObject({ status: 403, code: "auth.registration_closed" });
});

test("cookies are Secure with their prefix wherever the public URL is https", async () => {
  await edge.restart({ STORAGEX_PUBLIC_URL: "https://video.example.test" });
  const { email } = { email: newEmail() };
  const answer = await post(`${edge.url}/v1/auth/register`, { email, password: PASSWORD });
  expect(answer.headers.getSetCookie()[0]).toMatch(
    /^__Host-storagex_refresh=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const from = (origin: string): Promise<Response> =>
    fetch(`${edge.url}/v1/auth/refresh`, { method: "POST", headers: { cookie, origin } });
  expect((await from(edge.url)).status).toBe(403);
  expect((await from("https://video.example.test")).status).toBe(200);
});

test("a wrong configuration starts, answers 503, and names every bad setting", async () => {
  await edge.restart({
    STORAGEX_PUBLIC_URL: "http://video.example.test",
    S3_ENDPOINT: "",
    BRIDGE_URL: "nonsense",
  });
  expect((await fetch(`${edge.url}/healthz`)).status).toBe(200);
  const answer = await post(`${edge.url}/v1/auth/login`, { email: newEmail(), password: PASSWORD });
  expect(await problemOf(answer)).toMatchObject({ status: 503, code: "configuration.invalid" });
});
