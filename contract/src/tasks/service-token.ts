/** The token by which edge-api proves to the bridge that it sent exactly this request (ES256 JWT, 60 s). */
import { type CryptoKey, createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from "jose";
import { z } from "zod";

const AUDIENCE = "storagex-bridge";
const ISSUER = "storagex-edge-api";
const LIFETIME_SECONDS = 60;

const claimsSchema = z.object({ htm: z.string(), htp: z.string(), bsh: z.string() });

/** base64url of SHA-256 over the exact body bytes. */
async function bodyHash(body: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body)));
  return btoa(String.fromCharCode(...digest))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Signs method, path and body. Throws where the key cannot sign ES256. */
export async function signServiceToken(
  key: { privateKey: CryptoKey | Uint8Array; kid: string },
  request: { method: string; path: string; body: string },
): Promise<string> {
  return new SignJWT({ htm: request.method, htp: request.path, bsh: await bodyHash(request.body) })
    .setProtectedHeader({ alg: "ES256", kid: key.kid, typ: "service+jwt" })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_SECONDS}s`)
    .sign(key.privateKey);
}

/** Resolves when the token is signed by our keys, fresh, and for exactly this request; throws otherwise. */
export async function verifyServiceToken(
  token: string,
  keys: JSONWebKeySet,
  request: { method: string; path: string; body: string },
): Promise<void> {
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
    algorithms: ["ES256"],
    audience: AUDIENCE,
    issuer: ISSUER,
    typ: "service+jwt",
    maxTokenAge: LIFETIME_SECONDS,
    clockTolerance: 30,
  });
  const claims = claimsSchema.parse(payload);
  const matches =
    claims.htm === request.method &&
    claims.htp === request.path &&
    claims.bsh === (await bodyHash(request.body));
  if (!matches) throw new Error("the token was made for another request");
}
