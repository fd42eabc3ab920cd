/**
 * Adds an owner's captions. The row is written before the object. The object lies outside the generations, so
 * a retry keeps it.
 */

import { captionsKey } from "@storagex/contract/keys";
import type { AddedCaptions, CaptionsRequest } from "@storagex/contract/videos/captions";
import { MAX_CAPTIONS } from "@storagex/contract/videos/captions";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import type { StoredCaptions } from "../db/schema/videos.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { randomHex } from "../keys/random.ts";
import { problem } from "../problem/problem.ts";
import { storesMore, usesWithin } from "../quota/counters.ts";
import { storageOf } from "../storage/s3.ts";
import { cleanTitle } from "../videos/names.ts";
import { countFile } from "./limit.ts";
import { removeTrack } from "./remove.ts";
import { toVtt } from "./to-vtt.ts";

const placeRow = z.object({ ownerId: z.string(), status: z.string(), tracks: z.number() });

/**
 * Adds a track under `scope`. Throws `captions.invalid` with the line number, `captions.too_many`,
 * `captions.too_often`, `video.wrong_status` while the upload is unfinished, `upload.quota_exceeded`,
 * `video.not_found`, `storage.unavailable`.
 */
export async function addCaptions(
  edge: Edge,
  scope: SQL,
  videoId: string,
  request: CaptionsRequest,
): Promise<AddedCaptions> {
  const label = cleanTitle(request.label);
  if (label === "")
    throw problem("request.invalid", { errors: [{ path: "label", message: "holds nothing to show" }] });
  const place = await readPlace(edge, scope, videoId);
  await countFile(edge.db, place.ownerId);
  const { vtt, mended } = await toVtt(request.content);
  const bytes = new TextEncoder().encode(vtt);
  const id = newCaptionId();
  const key = captionsKey(place.ownerId, videoId, id);
  const track = { id, key, size: bytes.length, etag: "", language: request.language, label };
  if (!(await insertTrack(edge, scope, videoId, track))) {
    // Throws if another caller took the last slot or deleted the video. Otherwise the quota is exceeded.
    await readPlace(edge, scope, videoId);
    throw problem("upload.quota_exceeded");
  }
  await putTrack(edge, videoId, track, bytes);
  return { id, language: track.language, label, mended };
}

/** 96 random bits in hex: the id is part of an HLS playlist's path, which allows only lower-case letters. */
const newCaptionId = () => randomHex(12);

async function readPlace({ db }: Edge, scope: SQL, videoId: string) {
  const statement = sql`SELECT owner_id AS "ownerId", status, jsonb_array_length(captions) AS tracks
    FROM videos WHERE id = ${videoId} AND ${scope}`;
  const [place] = await query(db, statement, placeRow);
  if (!place) throw problem("video.not_found");
  if (place.status === "pending_upload") throw problem("video.wrong_status");
  if (place.tracks >= MAX_CAPTIONS) throw problem("captions.too_many");
  return place;
}

const idRow = z.object({ id: z.string() });

/**
 * Inserts the row and counts its bytes against the owner's quota in one statement. Without an ETag the track
 * is not shown to anybody.
 */
async function insertTrack(
  { db, config }: Edge,
  scope: SQL,
  videoId: string,
  track: StoredCaptions,
): Promise<boolean> {
  const quota = config.STORAGEX_QUOTA_BYTES;
  const { size } = track;
  const statement = sql`
    WITH target AS (
      SELECT id, owner_id FROM videos WHERE id = ${videoId} AND ${scope} AND status <> 'pending_upload'
        AND jsonb_array_length(captions) < ${MAX_CAPTIONS}::int FOR NO KEY UPDATE
    ), ${usesWithin(cte("target", "owner_id"), { bytes: size, quota })}
    UPDATE videos SET ${storesMore(size)}, updated_at = now(),
      captions = captions || jsonb_build_array(${json(track)} || jsonb_build_object('begunAt', now()))
    FROM target, space WHERE videos.id = target.id RETURNING videos.id`;
  return (await query(db, statement, idRow)).length > 0;
}

/** Puts the object, then writes its ETag to the row. If the put fails, the row is removed. */
async function putTrack(
  edge: Edge,
  videoId: string,
  track: StoredCaptions,
  bytes: Uint8Array,
): Promise<void> {
  let etag: string;
  try {
    etag = await storageOf(edge.config).put(track.key, bytes, "text/vtt; charset=utf-8");
  } catch (error) {
    edge.waitUntil(removeTrack(edge, sql`videos.id = ${videoId}`, track.id));
    throw error;
  }
  const statement = sql`WITH stored AS (
    UPDATE videos SET updated_at = now(), revision = revision + 1, captions = (
      SELECT jsonb_agg(CASE WHEN track ->> 'id' = ${track.id} THEN track || ${json({ etag })} ELSE track END ORDER BY place)
      FROM jsonb_array_elements(videos.captions) WITH ORDINALITY AS tracks(track, place))
    WHERE id = ${videoId} AND status <> 'deleting' AND captions @> ${json([{ id: track.id }])} RETURNING id, owner_id, seq, revision
    ), ${recorded("video.updated", "stored")}, ${audited(edge.audit, "stored", "video")}
    SELECT id FROM stored`;
  if ((await query(edge.db, statement, idRow)).length > 0) return;
  // The video was deleted meanwhile: the purge may have run before the object was stored.
  edge.waitUntil(storageOf(edge.config).remove([track.key]));
  throw problem("video.not_found");
}
