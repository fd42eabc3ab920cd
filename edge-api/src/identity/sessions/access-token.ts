/** Access tokens (RFC 9068): short-lived, with fixed algorithm, issuer, audience and type. */
import { jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { Caller } from "../../app-env.ts";
import type { Config } from "../../config.ts";
import { ALGORITHM, keysOf } from "../../keys/signing-keys.ts";

/** Seconds. */
export const ACCESS_TOKEN_SECONDS = 300;
const AUDIENCE = "storagex-api";
const TYPE = "at+jwt";

const claimsSchema = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  exp: z.number(),
  iat: z.number(),
});

/** Signs a token for a session that was just verified. */
export async function issueAccessToken(config: Config, { userId, sessionId }: Caller): Promise<string> {
  const { signer } = await keysOf(config);
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: ALGORITHM, kid: signer.kid, typ: TYPE })
    .setIssuer(config.publicOrigin)
    .setAudience(AUDIENCE)
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
    .sign(signer.privateKey);
}

/** Verified tokens, keyed by their text: until they expire, the result cannot change. */
type Verified = Caller & { until: number };
const MAX_VERIFIED = 20_000;
const verified = new WeakMap<Config, LRUCache<string, Verified>>();

/**
 * Reads a token; undefined if it is expired, altered, unsigned, or made for another purpose. Each call checks
 * separately whether its session is valid.
 */
export async function readAccessToken(config: Config, token: string): Promise<Caller | undefined> {
  let known = verified.get(config);
  if (!known) {
    known = new LRUCache<string, Verified>({ max: MAX_VERIFIED });
    verified.set(config, known);
  }
  const before = known.get(token);
  if (before && before.until > Date.now()) return before;
  const read = await verify(config, token);
  if (read) known.set(token, read);
  return read;
}

async function verify(config: Config, token: string): Promise<Verified | undefined> {
  const { find } = await keysOf(config);
  try {
    const { payload } = await jwtVerify(token, find, {
      algorithms: [ALGORITHM],
      issuer: config.publicOrigin,
      audience: AUDIENCE,
      typ: TYPE,
      requiredClaims: ["exp", "iat"],
      maxTokenAge: ACCESS_TOKEN_SECONDS,
    });
    const { sub, sid, exp, iat } = claimsSchema.parse(payload);
    // As jose calculates: a token has expired when it is `maxTokenAge` old, and also at its `exp`.
    return { userId: sub, sessionId: sid, until: 1000 * Math.min(exp, iat + ACCESS_TOKEN_SECONDS) };
  } catch {
    return undefined;
  }
}
