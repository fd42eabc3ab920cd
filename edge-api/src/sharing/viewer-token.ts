/** Viewer tokens: a site signs for one of its members that they may watch one video (JWT, RFC 7519). */
import { originSchema } from "@storagex/contract/sharing";
import { sql } from "drizzle-orm";
import { base64url, decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isPlainId } from "../db/text.ts";
import { isActive } from "../identity/active.ts";
import { problem } from "../problem/problem.ts";
import type { Entry } from "./shown.ts";

const VIEWER_AUDIENCE = "storagex";
/** Seconds by which the site's clock may differ, and how far ahead a token may end. */
const SKEW = 60;
const LONGEST = 7 * 86_400;

const claimsSchema = z.object({
  exp: z.number(),
  viewer: z.string().max(200).optional(),
  download: z.boolean().optional(),
  origins: z
    .array(z.union([z.literal("*"), originSchema]))
    .max(20)
    .optional(),
});

const keyRow = z.object({ id: z.string(), publicJwk: z.looseObject({ kty: z.string() }) });

/**
 * Reads a token for the video `videoId`. The key's account must own the video. Throws
 * `playback.token_invalid`, whatever is wrong.
 */
export async function readViewerToken(edge: Edge, videoId: string, token: string): Promise<Entry> {
  try {
    return await verified(edge, videoId, token);
  } catch (cause) {
    // A database that does not answer is no bad token.
    if (!isRefusal(cause)) throw cause;
    throw problem("playback.token_invalid", { cause });
  }
}

class Refused extends Error {}
const isRefusal = (error: unknown) =>
  error instanceof Refused ||
  error instanceof z.ZodError ||
  error instanceof TypeError ||
  (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_J"));

async function verified({ db }: Edge, videoId: string, token: string): Promise<Entry> {
  const { kid = "" } = decodeProtectedHeader(token);
  if (!isPlainId(kid) || !isPlainId(videoId)) throw new Refused("no key or video of ours");
  const statement = sql`SELECT playback_keys.id, public_jwk AS "publicJwk" FROM playback_keys
    JOIN videos ON videos.owner_id = playback_keys.owner_id JOIN users AS u ON u.id = playback_keys.owner_id
    WHERE playback_keys.id = ${kid} AND videos.id = ${videoId} AND videos.status <> 'deleting' AND ${isActive}`;
  const [key] = await query(db, statement, keyRow);
  if (!key) throw new Refused("the key's account does not own the video");
  // The key's type decides the algorithm, never the token.
  const algorithm = key.publicJwk.kty === "EC" ? "ES256" : "EdDSA";
  const { payload } = await jwtVerify(token, await importJWK(key.publicJwk, algorithm), {
    algorithms: [algorithm],
    audience: VIEWER_AUDIENCE,
    subject: videoId,
    clockTolerance: SKEW,
    requiredClaims: ["exp"],
  });
  const { exp, viewer, download = false, origins = [] } = claimsSchema.parse(payload);
  if (exp > Date.now() / 1000 + LONGEST + SKEW) throw new Refused("ends too far ahead");
  const until = Math.floor(exp) + SKEW;
  const named = viewer === undefined ? "" : await viewerHash(key.id, viewer);
  return {
    videoId,
    download,
    origins: origins.includes("*") ? [] : origins,
    ends: new Date(until * 1000),
    grant: { kind: "viewer", keyId: key.id, viewer: named, until },
  };
}

/** Of the site's own name for a person, so that neither a log nor the token's reader learns it. */
export async function viewerHash(keyId: string, viewer: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${keyId}\n${viewer}`);
  return base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).subarray(0, 16));
}
