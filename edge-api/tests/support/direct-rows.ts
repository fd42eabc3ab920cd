/** Writes people, sessions, videos and tokens straight to the database: a separate set for each test case. */
import { randomBytes } from "node:crypto";
import type { Scope } from "@storagex/contract/accounts/scopes";
import { importJWK, SignJWT } from "jose";
import { readConfig } from "../../src/config.ts";
import { hashOf, newId, newSecret, newToken } from "../../src/keys/random.ts";
import { seal } from "../../src/keys/sealed.ts";
import { type Grant, writeToken } from "../../src/playback/access.ts";
import { writeVideoToken } from "../../src/upload-links/token.ts";
import { newEmail } from "./client.ts";
import type { Edge } from "./harness.ts";

const configs = new WeakMap<Edge["bindings"], ReturnType<typeof readConfig>>();
/** Read once: with the configuration go the keys that are derived from it. */
const configOf = ({ bindings }: Edge) => {
  const config = configs.get(bindings) ?? readConfig(bindings);
  configs.set(bindings, config);
  return config;
};

export type Signed = { userId: string; sessionId: string; accessToken: string; refreshToken: string };

/** A signed-in account. `age` is the age of its access token in seconds. */
export async function newSigned(edge: Edge, role: "user" | "admin" = "user", age = 0): Promise<Signed> {
  const [userId, sessionId, refreshToken] = [newId(), newId(), newSecret()];
  await edge.sql.query(
    `WITH account AS (INSERT INTO users (id, email, password_hash, role) VALUES ($1, $2, 'none', $3) RETURNING id),
      opened AS (INSERT INTO sessions (id, user_id, expires_at) SELECT $4, id, now() + interval '1 day' FROM account RETURNING id)
    INSERT INTO refresh_tokens (token_hash, session_id) SELECT $5, id FROM opened`,
    [userId, newEmail(), role, sessionId, await hashOf(refreshToken)],
  );
  return { userId, sessionId, refreshToken, accessToken: await accessToken(edge, userId, sessionId, age) };
}

/** Another access token of the account, with a session of its own. */
export async function newAccess(edge: Edge, userId: string): Promise<string> {
  const sessionId = newId();
  await edge.sql.query(
    "INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 day')",
    [sessionId, userId],
  );
  return accessToken(edge, userId, sessionId, 0);
}

async function accessToken(edge: Edge, userId: string, sessionId: string, age: number): Promise<string> {
  const [jwk] = JSON.parse(edge.signingKeys).keys;
  const issued = Math.floor(Date.now() / 1000) - age;
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: "ES256", kid: "test", typ: "at+jwt" })
    .setIssuer(edge.url)
    .setAudience("storagex-api")
    .setSubject(userId)
    .setIssuedAt(issued)
    .setExpirationTime(issued + 300)
    .sign(await importJWK(jwk, "ES256"));
}

/** The secret of a new API key of the user. */
export async function newKey(edge: Edge, userId: string, scopes: readonly Scope[]): Promise<string> {
  const secret = newToken("sxk_");
  await edge.sql.query(
    "INSERT INTO api_keys (id, user_id, name, secret_hash, hint, scopes) VALUES ($1, $2, 'key', $3, '…', $4)",
    [newId(), userId, await hashOf(secret), JSON.stringify(scopes)],
  );
  return secret;
}

/** A new upload link of the user, for `videoIds` already uploaded by it. */
export async function newUploadLink(
  edge: Edge,
  ownerId: string,
  videoIds: readonly string[] = [],
): Promise<{ id: string; token: string }> {
  const [id, token] = [newId(), newToken("sxu_")];
  await edge.sql.query(
    `WITH made AS (INSERT INTO upload_links (id, owner_id, token_hash, token_sealed, max_uploads, expires_at)
        VALUES ($1, $2, $3, $5, 100, now() + interval '1 day') RETURNING id)
      INSERT INTO link_uploads (video_id, link_id) SELECT unnest($4::text[]), id FROM made`,
    [id, ownerId, await hashOf(token), videoIds, await seal(configOf(edge), token)],
  );
  return { id, token };
}

/** The token of one video for whoever uploads it by a link. `ticketEnds` in milliseconds since the epoch. */
export const newVideoToken = (edge: Edge, videoId: string, ticketEnds = Date.now()): Promise<string> =>
  writeVideoToken(configOf(edge), videoId, new Date(ticketEnds).toISOString());

/** A failed video of the owner: it can be read, changed, retried and deleted. */
export async function newVideo(edge: Edge, ownerId: string): Promise<string> {
  const id = randomBytes(16).toString("base64url");
  await edge.sql.query(
    "INSERT INTO videos (id, owner_id, title, filename, size, status, source_etag) VALUES ($1, $2, 'film', 'film.mp4', 1000, 'failed', 'e')",
    [id, ownerId],
  );
  return id;
}

/** The token to play the video's first generation until `expires` (Unix seconds), with that grant. */
export function playbackToken(edge: Edge, videoId: string, expires: number, grant: Grant): Promise<string> {
  const right = { videoId, generation: 0, issued: expires - 3_600, expires, grant };
  return writeToken(configOf(edge), right);
}
