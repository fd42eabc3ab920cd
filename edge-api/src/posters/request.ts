/** Takes an owner's request for another poster: a frame becomes a task at once, an image when it is stored. */
import { posterImageKey } from "@storagex/contract/keys";
import type { PosterRequest, PosterUpload } from "@storagex/contract/videos/poster";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { countInWindow } from "../db/count.ts";
import { cte } from "../db/cte.ts";
import type { StoredPosterChange } from "../db/schema/videos.ts";
import { isPlainId, json } from "../db/text.ts";
import { handOverSoon } from "../outbox/outbox.ts";
import { problem } from "../problem/problem.ts";
import { signersOf } from "../storage/presign.ts";
import { storageOf } from "../storage/s3.ts";
import { cancelPosterTasks, posterTask } from "./task.ts";

/** Requests of an account per 15 minutes: each costs a worker a moment. */
const MAX_REQUESTS = 100;
/** How long an image may be uploaded. */
const UPLOAD_SECONDS = 900;

const placeRow = z.object({ ownerId: z.string(), status: z.string(), duration: z.number().nullable() });
type Place = z.infer<typeof placeRow>;

/**
 * Replaces a request that is not done. Returns where to PUT the image, or null where a frame is being taken.
 * Throws `video.not_found`, `video.wrong_status` unless the video is completed, `request.invalid` for a time
 * after its end, `poster.too_often`, `storage.unavailable`.
 */
export async function requestPoster(
  edge: Edge,
  scope: SQL,
  id: string,
  request: PosterRequest,
): Promise<PosterUpload | null> {
  const place = await readPlace(edge, scope, id);
  if ("at" in request && request.at > (place.duration ?? 0))
    throw problem("request.invalid", {
      errors: [{ path: "at", message: `must be at most the duration, ${place.duration ?? 0}` }],
    });
  const { count, left } = await countInWindow(edge.db, `poster:${place.ownerId}`);
  if (count > MAX_REQUESTS) throw problem("poster.too_often", { retryAfter: left });
  if (!("at" in request)) return requestImage(edge, scope, id, { ...place, size: request.size });
  await begin(edge, scope, id, { state: "making", at: request.at });
  handOverSoon(edge);
  return null;
}

async function readPlace({ db }: Edge, scope: SQL, id: string): Promise<Place> {
  if (!isPlainId(id)) throw problem("video.not_found");
  const statement = sql`SELECT owner_id AS "ownerId", status, duration FROM videos WHERE id = ${id} AND ${scope}`;
  const [place] = await query(db, statement, placeRow);
  if (!place) throw problem("video.not_found");
  if (place.status !== "completed") throw problem("video.wrong_status");
  return place;
}

async function requestImage(
  edge: Edge,
  scope: SQL,
  id: string,
  { ownerId, size }: Place & { size: number },
): Promise<PosterUpload> {
  const key = posterImageKey(ownerId, id);
  // All images of a video have one key, so that however many URLs were signed, one is stored. What lies there
  // from now on was sent after this request.
  await storageOf(edge.config).remove([key]);
  const at = new Date();
  const expiresAt = new Date(at.getTime() + UPLOAD_SECONDS * 1000).toISOString();
  await begin(edge, scope, id, { state: "uploading", image: { key, size, etag: "" }, expiresAt });
  const url = await signersOf(edge.config).browser.put(key, { at, expires: UPLOAD_SECONDS }, size);
  return { url, expiresAt };
}

/** Throws `video.wrong_status` if the video is not completed any more. */
async function begin(
  edge: Edge,
  scope: SQL,
  id: string,
  change: Omit<StoredPosterChange, "n">,
): Promise<void> {
  const requested = cte("changed", "id", "generation", "n");
  const statement = sql`
    WITH changed AS (
      UPDATE videos SET updated_at = now(), poster_change = ${json(change)}
        || jsonb_build_object('n', coalesce((poster_change ->> 'n')::int, -1) + 1)
      WHERE id = ${id} AND ${scope} AND status = 'completed'
      RETURNING id, owner_id, generation, seq, (poster_change ->> 'n')::int AS n
    ), ${audited(edge.audit, "changed", "video")}, ${cancelPosterTasks(requested)}${"at" in change ? sql`, ${posterTask(requested)}` : sql``}
    SELECT id FROM changed`;
  const changed = await query(edge.db, statement, z.object({ id: z.string() }));
  if (changed.length === 0) throw problem("video.wrong_status");
}
