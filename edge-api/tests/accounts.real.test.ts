/** Register, sign in, sign out, limits, and bad input, over HTTP against the bundle in workerd. */
import { createHash } from "node:crypto";
import { sessionSchema } from "@storagex/contract/accounts/account";
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { logIn } from "../src/identity/accounts.ts";
import { ofAccount } from "../src/identity/attempts/attempt-limits.ts";
import { attemptsOf, setAttempts } from "./support/attempts.ts";
import {
  earlyInWindow,
  newEmail,
  PASSWORD,
  post,
  problemOf,
  refresh,
  refreshTokenOf,
  register,
} from "./support/client.ts";
import { type Edge, startEdge } from "./support/harness.ts";
import { insideEdge } from "./support/in-process.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ STORAGEX_CLIENT_ADDRESS_HEADER: "x-real-ip" });
});
afterAll(() => edge?.stop());

const login = (email: string, password: string, headers = {}): Promise<Response> =>
  post(`${edge.url}/v1/auth/login`, { email, password }, headers);

test("register answers user, token and cookie; login the same; me knows the caller", async () => {
  const email = newEmail();
  const answer = await post(`${edge.url}/v1/auth/register`, {
    email: ` ${email.toUpperCase()} `,
    password: PASSWORD,
    name: "Ann",
  });
  expect(answer.status).toBe(201);
  const made = sessionSchema.parse(await answer.json());
  expect(made).toEqual({
    user: { id: expect.stringMatching(/^[0-9A-Za-z]{20}$/), email, name: "Ann", role: "user" },
    accessToken: expect.any(String),
    expiresIn: 300,
  });
  const [cookie] = answer.headers.getSetCookie();
  expect(cookie).toMatch(
    /^storagex_refresh=[\w-]{43}; Max-Age=2592000; Path=\/v1\/auth; HttpOnly; SameSite=Strict$/,
  );
  const again = await login(email, PASSWORD);
  expect(again.status).toBe(200);
  const { accessToken, user } = sessionSchema.parse(await again.json());
  expect(user).toEqual(made.user);
  const me = await fetch(`${edge.url}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  expect(await me.json()).toMatchObject({ ...made.user, storage: { used: 0, reserved: 0 } });
});

test("a taken address is refused, in any case of its letters; two at once make one account", async () => {
  const email = newEmail();
  const both = await Promise.all(
    [email, email.toUpperCase()].map((e) =>
      post(`${edge.url}/v1/auth/register`, { email: e, password: PASSWORD }),
    ),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  const taken = both.find(({ status }) => status === 409);
  expect(taken && (await problemOf(taken))).toMatchObject({
    code: "account.email_taken",
  });
});

test("an unknown user and a wrong password answer the same, for the same work", async () => {
  const { email } = await register(edge.url);
  const answerTo = async (who: string): Promise<string> => {
    const answer = await login(who, "wrong password");
    return `${answer.status} ${(await answer.text()).replace(/"traceId":"\w+"/, "")}`;
  };
  const known = await answerTo(email);
  expect(known).toContain("auth.wrong_credentials");
  expect(await answerTo(newEmail())).toBe(known);

  const { db } = insideEdge(edge);
  const hash = vi.spyOn(bcrypt, "hash");
  /** The costs of the hashes that a sign-in computes. */
  const costs = async (who: string): Promise<string[]> => {
    hash.mockClear();
    const code = "auth.wrong_credentials";
    await expect(
      logIn({ db, audit: undefined }, { email: who, password: "wrong password", clears: "nothing" }),
    ).rejects.toMatchObject({ code });
    return hash.mock.calls.map(([, salt]) => String(salt).slice(0, 7));
  };
  expect(await costs(email)).toEqual(["$2b$10$"]);
  expect(await costs(newEmail())).toEqual(["$2b$10$"]);
  hash.mockRestore();
});

test("the eleventh wrong attempt on an account is refused before hashing, a right one clears the count", async () => {
  await earlyInWindow();
  const { email } = await register(edge.url);
  const account = await ofAccount(email);
  expect((await login(email, "wrong")).status).toBe(401);
  await setAttempts(edge, account, 9);
  expect((await login(email, PASSWORD)).status).toBe(200);
  expect(await attemptsOf(edge, account)).toBe(0);
  for (let i = 0; i < 2; i += 1) expect((await login(email, "wrong")).status).toBe(401);
  expect(await attemptsOf(edge, account)).toBe(2);
  await setAttempts(edge, account, 9);
  expect((await login(email, "wrong")).status).toBe(401);
  const refused = await login(email, PASSWORD);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(900);
  expect(await problemOf(refused)).toMatchObject({ status: 429, code: "auth.too_many_attempts" });
  // Attempts on an account that does not exist are counted in the same way.
  const nobody = newEmail();
  expect((await login(nobody, "wrong")).status).toBe(401);
  await setAttempts(edge, await ofAccount(nobody), 10);
  expect((await login(nobody, "wrong")).status).toBe(429);
});

test("attempts of one client count over all accounts; the address is read from the trusted header only", async () => {
  const from = { "x-real-ip": "2001:db8:1:2::3" };
  const neighbour = { "x-real-ip": "2001:db8:1:2:ffff::9" };
  await edge.sql.query(
    `INSERT INTO attempts VALUES ('login:2001:db8:1:2::/64', date_bin('15 minutes', now(), 'epoch'), 60)`,
  );
  const countsOf = async (email: string): Promise<number> => {
    const subject = `account:${createHash("sha256").update(email).digest("hex")}`;
    return (await edge.sql.query("SELECT 1 FROM attempts WHERE subject = $1", [subject])).rows.length;
  };
  const [refused, answered] = [newEmail(), newEmail()];
  expect((await login(refused, "wrong", from)).status).toBe(429);
  expect((await login(newEmail(), "wrong", neighbour)).status).toBe(429);
  expect((await login(answered, "wrong")).status).toBe(401);
  expect(
    [await countsOf(refused), await countsOf(answered)],
    "what a refused client tries is not kept",
  ).toEqual([0, 1]);
  expect((await login(newEmail(), "wrong", { "x-real-ip": "2001:db8:1:3::3" })).status).toBe(401);
  expect((await login(newEmail(), "wrong", { "x-forwarded-for": "2001:db8:1:2::3" })).status).toBe(401);
});

describe("bad input", () => {
  const send = (body: unknown, headers = {}): Promise<Response> =>
    post(`${edge.url}/v1/auth/register`, body, headers);

  test.each([
    ["over 72 bytes in few letters", "é".repeat(37), "password"],
    ["NUL", "long enough\0but no", "password"],
    ["too short", "short", "password"],
  ])("a password with %s is refused by name", async (_, password, path) => {
    const refused = await problemOf(await send({ email: newEmail(), password }));
    expect(refused).toEqual({ status: 422, code: "request.invalid", errors: [path] });
  });

  test("72 bytes are taken, and the last one counts", async () => {
    const email = newEmail();
    const password = `${"é".repeat(35)}xy`;
    expect((await send({ email, password })).status).toBe(201);
    expect((await login(email, password.replace(/y$/, "z"))).status).toBe(401);
    expect((await login(email, `${password}more`)).status).toBe(401);
    expect((await login(email, password)).status).toBe(200);
  });

  test("unknown fields are named", async () => {
    const refused = await problemOf(await send({ email: newEmail(), password: PASSWORD, role: "admin" }));
    expect(refused).toEqual({ status: 422, code: "request.invalid", errors: ["role"] });
  });

  test("what is no JSON, no object, no body, or another type", async () => {
    expect(await problemOf(await send("{"))).toMatchObject({ status: 400, code: "request.malformed" });
    expect(await problemOf(await send("[]"))).toMatchObject({ status: 422 });
    expect(await problemOf(await send(""))).toMatchObject({ status: 400 });
    expect(await problemOf(await send("a=b", { "content-type": "text/plain" }))).toMatchObject({
      status: 415,
    });
  });

  test("10 MB are read away and refused, with and without a content-length", async () => {
    const body = JSON.stringify({ email: newEmail(), password: "x".repeat(10_000_000) });
    expect(await problemOf(await send(body))).toMatchObject({ status: 413, code: "request.too_large" });
    const stream = new Blob([body]).stream();
    const chunked = await fetch(`${edge.url}/v1/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: stream,
      duplex: "half",
    } as RequestInit);
    expect(await problemOf(chunked)).toMatchObject({ status: 413, code: "request.too_large" });
  });

  test("NUL in a name or an address loses nothing", async () => {
    const { user } = await register(edge.url, { name: "A\0nn" });
    expect(user.name).toBe("Ann");
    const marked = await register(edge.url, { name: "Ann\u202E\u0007\n  Ben" });
    expect(marked.user.name).toBe("Ann Ben");
    const nothing = await send({ email: newEmail(), password: PASSWORD, name: "\0\u200E" });
    expect(await problemOf(nothing)).toMatchObject({ status: 422, errors: ["name"] });
    expect((await send({ email: "a\0@example.test", password: PASSWORD })).status).toBe(422);
  });
});

test("sign-out takes the cookie away even where the database is silent, and says that it was not heard", async () => {
  const { refreshToken } = await register(edge.url);
  edge.pauseDatabase(true);
  try {
    const answer = await refresh(edge.url, refreshToken, {}, "logout");
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^storagex_refresh=; Max-Age=0/)]);
    expect(await problemOf(answer)).toMatchObject({ status: 503, code: "database.unavailable" });
  } finally {
    edge.pauseDatabase(false);
  }
});

test("sign-out ends the session and takes the cookie away", async () => {
  const { refreshToken } = await register(edge.url);
  const cookie = `storagex_refresh=${refreshToken}`;
  const presence = (headers: Record<string, string>) => fetch(`${edge.url}/v1/auth/session`, { headers });
  expect(await (await presence({ cookie })).json()).toEqual({ presented: true });
  const nobody = await presence({});
  expect([nobody.status, await nobody.json()]).toEqual([200, { presented: false }]);
  const out = await fetch(`${edge.url}/v1/auth/logout`, { method: "POST", headers: { cookie } });
  expect(out.status).toBe(204);
  expect(refreshTokenOf(out)).toBe("");
  const after = await fetch(`${edge.url}/v1/auth/refresh`, { method: "POST", headers: { cookie } });
  expect(await problemOf(after)).toMatchObject({ status: 401, code: "auth.refresh_invalid" });
});

test("an operator resets a forgotten password, which ends all sessions", async () => {
  const { email, refreshToken } = await register(edge.url);
  const printed = await edge.ops("admin", ["reset-password", email.toUpperCase()]);
  const password = /: (\w{20})$/m.exec(printed)?.[1] ?? "";
  expect((await login(email, PASSWORD)).status).toBe(401);
  expect((await login(email, password)).status).toBe(200);
  const cookie = `storagex_refresh=${refreshToken}`;
  const old = await fetch(`${edge.url}/v1/auth/refresh`, { method: "POST", headers: { cookie } });
  expect(old.status).toBe(401);
  await expect(edge.ops("admin", ["reset-password", "nobody@example.test"])).rejects.toThrow("no account");
});

test("a database that does not answer is a 503, not a hang", async () => {
  edge.pauseDatabase(true);
  try {
    const answer = await login(newEmail(), "wrong");
    expect(await problemOf(answer)).toMatchObject({ status: 503, code: "database.unavailable" });
  } finally {
    edge.pauseDatabase(false);
  }
  expect((await login(newEmail(), "wrong")).status).toBe(401);
});
