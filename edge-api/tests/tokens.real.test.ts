/** Access tokens to refuse, and refresh tokens that rotate, are lost, shared by two tabs, or stolen. */
import { sessionSchema } from "@storagex/contract/accounts/account";
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { PASSWORD, post, problemOf, refresh, refreshTokenOf, register } from "./support/client.ts";
import { type Edge, startEdge } from "./support/harness.ts";

let edge: Edge;
let signed: Awaited<ReturnType<typeof register>>;
beforeAll(async () => {
  edge = await startEdge();
  signed = await register(edge.url);
});
afterAll(() => edge?.stop());

const me = (token: string, scheme = "Bearer"): Promise<Response> =>
  fetch(`${edge.url}/v1/me`, { headers: { authorization: `${scheme} ${token}` } });
/** The session that a token names. */
const sessionOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).sid;
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("access tokens", () => {
  /** A token as the API issues it, with something changed. */
  async function forged(
    change: { header?: Record<string, string>; claims?: JWTPayload; endless?: boolean; key?: CryptoKey } = {},
  ): Promise<string> {
    const [jwk] = JSON.parse(edge.signingKeys).keys;
    const now = Math.floor(Date.now() / 1000);
    const { exp, ...rest } = {
      iss: edge.url,
      aud: "storagex-api",
      sub: signed.user.id,
      sid: sessionOf(signed.accessToken),
      iat: now,
      exp: now + 300,
      ...change.claims,
    };
    return new SignJWT(change.endless ? rest : { ...rest, exp })
      .setProtectedHeader({ alg: "ES256", kid: "test", typ: "at+jwt", ...change.header })
      .sign(change.key ?? (await importJWK(jwk, "ES256")));
  }

  test("one made like ours passes: the changes below are what refuses", async () => {
    expect((await me(await forged())).status).toBe(200);
    expect((await me(signed.accessToken)).status).toBe(200);
  });

  test.each<[string, () => Promise<string>]>([
    ["expired", () => forged({ claims: { iat: 1_700_000_000, exp: 1_700_000_300 } })],
    ["without an end", () => forged({ endless: true })],
    ["older than we make them", () => forged({ claims: { iat: Math.floor(Date.now() / 1000) - 3600 } })],
    ["of another issuer", () => forged({ claims: { iss: "https://other.example" } })],
    ["for another audience", () => forged({ claims: { aud: "storagex-bridge" } })],
    ["of another type", () => forged({ header: { typ: "service+jwt" } })],
    ["of no known key", () => forged({ header: { kid: "other" } })],
    ["signed by somebody else", async () => forged({ key: (await generateKeyPair("ES256")).privateKey })],
    [
      "altered",
      async () => {
        const [head, , tail] = (await forged()).split(".");
        return `${head}.${base64url({ sub: "admin", sid: "s", iss: edge.url, aud: "storagex-api" })}.${tail}`;
      },
    ],
    [
      "alg none",
      async () => {
        const [, body] = (await forged()).split(".");
        return `${base64url({ alg: "none", typ: "at+jwt" })}.${body}.`;
      },
    ],
    [
      "signed with the public key as a secret",
      async () => {
        const { d: _, ...publicJwk } = JSON.parse(edge.signingKeys).keys[0];
        const [, body] = (await forged()).split(".");
        return new SignJWT(JSON.parse(Buffer.from(body ?? "", "base64url").toString()))
          .setProtectedHeader({ alg: "HS256", kid: "test", typ: "at+jwt" })
          .sign(new TextEncoder().encode(JSON.stringify(publicJwk)));
      },
    ],
    ["of a session that never was", () => forged({ claims: { sid: "none" } })],
    [
      "of another account's session",
      async () => forged({ claims: { sid: sessionOf((await register(edge.url)).accessToken) } }),
    ],
    ["nonsense", async () => "nonsense"],
  ])("%s is refused", async (_, make) => {
    const answer = await me(await make());
    expect(answer.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect(await problemOf(answer)).toMatchObject({ status: 401, code: "auth.token_invalid" });
  });

  test("none at all, or another scheme", async () => {
    const none = await fetch(`${edge.url}/v1/me`);
    expect(none.headers.get("www-authenticate")).toBe("Bearer");
    expect(await problemOf(none)).toMatchObject({ code: "auth.required" });
    expect((await me(signed.accessToken, "Basic")).status).toBe(401);
  });

  test("the public keys verify them and hold nothing private", async () => {
    const answer = await fetch(`${edge.url}/.well-known/jwks.json`);
    const { keys } = z.object({ keys: z.array(z.unknown()) }).parse(await answer.json());
    const { x, y } = JSON.parse(edge.signingKeys).keys[0];
    expect(keys).toEqual([{ kty: "EC", crv: "P-256", kid: "test", x, y, alg: "ES256", use: "sig" }]);
  });

  test("after a change of keys the old token still passes, new ones are signed by the new key", async () => {
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    const added = { ...(await exportJWK(privateKey)), kid: "next", alg: "ES256" };
    await edge.restart({
      STORAGEX_SIGNING_KEYS: JSON.stringify({ keys: [added, ...JSON.parse(edge.signingKeys).keys] }),
    });
    expect((await me(signed.accessToken)).status).toBe(200);
    const fresh = await register(edge.url);
    const [head] = fresh.accessToken.split(".");
    expect(JSON.parse(Buffer.from(head ?? "", "base64url").toString())).toMatchObject({ kid: "next" });
    await edge.restart();
  });
});

describe("refresh tokens", () => {
  const turn = async (token: string): Promise<string> => {
    const answer = await refresh(edge.url, token);
    expect(answer.status).toBe(200);
    expect(await answer.clone().json()).toEqual({ accessToken: expect.any(String), expiresIn: 300 });
    return refreshTokenOf(answer);
  };
  const refused = async (token: string): Promise<void> => {
    expect(await problemOf(await refresh(edge.url, token))).toMatchObject({
      status: 401,
      code: "auth.refresh_invalid",
    });
  };
  /** As if that many seconds had passed since every use so far. */
  const later = (seconds: number): Promise<unknown> =>
    edge.sql.query("UPDATE refresh_tokens SET first_used_at = first_used_at - $1 * interval '1 second'", [
      seconds,
    ]);

  test("rotate, and the token they give is for the same user", async () => {
    const { refreshToken } = await register(edge.url);
    const second = await turn(refreshToken);
    expect(second).not.toBe(refreshToken);
    expect(await turn(second)).not.toBe(second);
  });

  test("a lost answer signs nobody out, however late the next try is", async () => {
    const { refreshToken } = await register(edge.url);
    await turn(refreshToken);
    await later(86_400);
    const second = await turn(refreshToken);
    await later(86_400);
    await turn(second);
  });

  test("two tabs at once both go on for 10 s", async () => {
    const { refreshToken } = await register(edge.url);
    const [one, two] = await Promise.all([turn(refreshToken), turn(refreshToken)]);
    await turn(one);
    await turn(two);
    await turn(refreshToken);
  });

  test("an old token 10 s after its successor was used ends the whole session", async () => {
    const { refreshToken } = await register(edge.url);
    const second = await turn(refreshToken);
    const third = await turn(second);
    await later(11);
    await refused(refreshToken);
    await refused(third);
  });

  test("a copy that was rotated apart is found out too", async () => {
    const { refreshToken } = await register(edge.url);
    const [thief, owner] = [await turn(refreshToken), await turn(refreshToken)];
    const next = await turn(owner);
    await later(11);
    await refused(thief);
    await refused(next);
  });

  test("one token refreshed again and again leaves a bounded number of successors, and the newest are good", async () => {
    const { refreshToken, user } = await register(edge.url);
    let newest = "";
    for (let i = 0; i < 60; i += 1) newest = await turn(refreshToken);
    const { rows } = await edge.sql.query(
      "SELECT t.depth, count(*)::int FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.user_id = $1 GROUP BY 1 ORDER BY 1",
      [user.id],
    );
    expect(rows).toEqual([
      { depth: 0, count: 1 },
      { depth: 1, count: 50 },
    ]);
    await turn(newest);
  });

  test("a session in use ends 180 days after it began", async () => {
    const { refreshToken, user } = await register(edge.url);
    const began = (days: number) =>
      edge.sql.query("UPDATE sessions SET created_at = now() - $2 * interval '1 day' WHERE user_id = $1", [
        user.id,
        days,
      ]);
    await began(170);
    const next = await turn(refreshToken);
    const { rows } = await edge.sql.query(
      "SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int AS days FROM sessions WHERE user_id = $1",
      [user.id],
    );
    expect(rows).toEqual([{ days: 10 }]);
    await began(181);
    await turn(next);
    await refused(next);
  });

  test("one session's end leaves the others", async () => {
    const first = await register(edge.url);
    const other = await register(edge.url);
    await refresh(edge.url, first.refreshToken, {}, "logout");
    await refused(first.refreshToken);
    await turn(other.refreshToken);
  });

  test("a session of 30 days without use is over; so is nonsense", async () => {
    const { refreshToken, user } = await register(edge.url);
    await edge.sql.query("UPDATE sessions SET expires_at = now() WHERE user_id = $1", [user.id]);
    await refused(refreshToken);
    await refused("x".repeat(43));
    await refused("");
  });

  test("only hashes are stored", async () => {
    const { refreshToken } = await register(edge.url);
    const { rows } = await edge.sql.query("SELECT token_hash FROM refresh_tokens");
    expect(rows.map((row) => row.token_hash).join()).not.toContain(refreshToken);
  });

  test.each([
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{}, 200],
  ])("a page of another origin cannot use the cookie: %j", async (headers, status) => {
    const { refreshToken } = await register(edge.url);
    const answer = await refresh(edge.url, refreshToken, headers);
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(await problemOf(answer)).toMatchObject({ code: "auth.origin_refused" });
      expect((await refresh(edge.url, refreshToken, headers, "logout")).status).toBe(403);
      expect((await refresh(edge.url, refreshToken, { origin: edge.url })).status).toBe(200);
    }
  });

  test("nobody else may call the API from a page: there is no CORS", async () => {
    const preflight = await fetch(`${edge.url}/v1/auth/login`, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    // The methods are no secret, but no page of another origin is allowed to use them.
    expect(preflight.headers.get("allow")).toBe("POST, OPTIONS");
    expect([...preflight.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

test("a session's access token ends with the session: signed out here, or by a change of the password elsewhere", async () => {
  const { accessToken, refreshToken, email } = await register(edge.url);
  const login = await post(`${edge.url}/v1/auth/login`, { email, password: PASSWORD });
  const elsewhere = sessionSchema.parse(await login.json()).accessToken;
  const change = { currentPassword: PASSWORD, newPassword: "another horse battery" };
  const changed = await post(`${edge.url}/v1/me/password`, change, {
    authorization: `Bearer ${accessToken}`,
  });
  expect(changed.status).toBe(204);
  expect((await me(elsewhere)).status).toBe(401);
  expect((await me(accessToken)).status).toBe(200);
  expect((await refresh(edge.url, refreshToken, {}, "logout")).status).toBe(204);
  expect((await me(accessToken)).status).toBe(401);
});

test("a restart signs nobody out", async () => {
  const { accessToken, refreshToken } = await register(edge.url);
  await edge.restart();
  expect((await me(accessToken)).status).toBe(200);
  expect((await refresh(edge.url, refreshToken)).status).toBe(200);
});
