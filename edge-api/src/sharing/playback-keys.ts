/** Keys with which the sites of an account sign viewer tokens. */
import {
  MAX_PLAYBACK_KEYS,
  type MadePlaybackKey,
  type PlaybackKey,
  type PlaybackKeyRequest,
} from "@storagex/contract/sharing";
import { sql } from "drizzle-orm";
import { exportJWK, generateKeyPair, importJWK } from "jose";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query, readRows } from "../db/connect.ts";
import { lockAccount, queryLocked } from "../db/lock.ts";
import { iso, isPlainId, json, oneLine } from "../db/text.ts";
import { newId } from "../keys/random.ts";
import { problem } from "../problem/problem.ts";
import { requireSharing } from "./allowed.ts";

const keyRow = z.object({ id: z.string(), name: z.string(), createdAt: z.string() });

/**
 * Registers the public key that was sent, or makes a pair (ES256) and returns its private half this once.
 * Throws `request.invalid` for a key that cannot be read, `playback_key.too_many`, `sharing.not_allowed`.
 */
export async function createPlaybackKey(
  edge: Edge,
  ownerId: string,
  { name, publicJwk }: PlaybackKeyRequest,
): Promise<MadePlaybackKey> {
  requireSharing(edge.config, "link");
  const clean = oneLine(name);
  if (clean === "")
    throw problem("request.invalid", { errors: [{ path: "name", message: "holds nothing to show" }] });
  const id = newId();
  const made = publicJwk === undefined ? await makePair(id) : { publicJwk: await readPublic(publicJwk) };
  const statement = sql`WITH made AS (
      INSERT INTO playback_keys (id, owner_id, name, public_jwk)
      SELECT ${id}, id, ${clean}, ${json(made.publicJwk)} FROM users
      WHERE id = ${ownerId} AND (SELECT count(*) FROM playback_keys WHERE owner_id = ${ownerId}) < ${MAX_PLAYBACK_KEYS}::int RETURNING *
    ), ${audited(edge.audit, "made", "playback_key")}
    SELECT id, name, ${iso(sql`created_at`)} AS "createdAt" FROM made`;
  const [row] = await queryLocked(edge.db, lockAccount(ownerId), statement, keyRow);
  if (!row) throw problem("playback_key.too_many");
  return { ...row, ...("privateJwk" in made && { privateJwk: made.privateJwk }) };
}

async function makePair(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const privateJwk = { ...(await exportJWK(privateKey)), kid, alg: "ES256", use: "sig" };
  return { publicJwk: await exportJWK(publicKey), privateJwk };
}

/** Only the public members, of a key that is on its curve. */
async function readPublic(jwk: NonNullable<PlaybackKeyRequest["publicJwk"]>) {
  try {
    const key = await importJWK(jwk, jwk.kty === "EC" ? "ES256" : "EdDSA", { extractable: true });
    if (key instanceof Uint8Array) throw new Error("a symmetric key");
    return await exportJWK(key);
  } catch (cause) {
    throw problem("request.invalid", {
      errors: [{ path: "publicJwk", message: "is not a key on its curve" }],
      cause,
    });
  }
}

/** Newest first. */
export function listPlaybackKeys({ db }: Edge, ownerId: string): Promise<PlaybackKey[]> {
  return readRows(
    db,
    sql`SELECT id, name, ${iso(sql`created_at`)} AS "createdAt" FROM playback_keys
      WHERE owner_id = ${ownerId} ORDER BY created_at DESC, id DESC`,
  );
}

/** Throws `playback_key.not_found`. */
export async function deletePlaybackKey(edge: Edge, ownerId: string, id: string): Promise<void> {
  if (!isPlainId(id)) throw problem("playback_key.not_found");
  const statement = sql`WITH gone AS (
      DELETE FROM playback_keys WHERE id = ${id} AND owner_id = ${ownerId} RETURNING id
    ), ${audited(edge.audit, "gone", "playback_key")}
    SELECT id FROM gone`;
  const gone = await query(edge.db, statement, z.object({ id: z.string() }));
  if (gone.length === 0) throw problem("playback_key.not_found");
}
