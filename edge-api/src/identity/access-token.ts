/** Access tokens (RFC 9068): short-lived, and pinned in algorithm, issuer, audience and type. */
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { Caller } from "../app-env.ts";
import type { Config } from "../config.ts";
import { ALGORITHM, keysOf } from "../signing-keys.ts";

/** Seconds. */
export const ACCESS_TOKEN_SECONDS = 300;
const AUDIENCE = "storagex-api";
const TYPE = "at+jwt";

const claimsSchema = z.object({ sub: z.string().min(1), sid: z.string().min(1) });

/** Signs a token for a session that was just proven. */
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

/** Reads a token; undefined when it is expired, altered, unsigned, or made for something else. */
export async function readAccessToken(config: Config, token: string): Promise<Caller | undefined> {
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
    const { sub, sid } = claimsSchema.parse(payload);
    return { userId: sub, sessionId: sid };
  } catch {
    return undefined;
  }
}
