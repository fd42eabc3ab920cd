/** `GET …/playback`: signed URLs of one video, which stay the same for a whole window. */
import type { Playback } from "@storagex/contract/playback";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { shownCaptions, shownCaptionsRow, VTT_TYPE } from "../captions/shown.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { storedObjectSchema } from "../db/stored-object.ts";
import { isPlainId } from "../db/text.ts";
import { problem } from "../problem/problem.ts";
import { dispositionOf } from "../storage/attachment.ts";
import { MEDIA_CACHE, mediaLife, spanAt } from "../storage/media-life.ts";
import { signersOf } from "../storage/presign.ts";
import { isPlayable } from "../videos/read.ts";
import { type Grant, writeToken } from "./access.ts";

/** Characters of a title in a file's name. */
const MAX_TITLE = 120;

const filesRow = z.object({
  title: z.string(),
  status: z.string(),
  generation: z.number(),
  duration: z.number().nullable(),
  playable: z.boolean(),
  mp4: storedObjectSchema.nullable(),
  poster: storedObjectSchema.nullable(),
  hasStoryboard: z.boolean(),
  captions: shownCaptionsRow,
});

/**
 * The URLs for a caller whom `scope` lets see the video; playlists end with `grant`. What does not exist yet
 * is null. Throws `video.not_found`, and `video.not_playable` if nothing will appear by itself: before the
 * upload is complete, and after a failure.
 */
export async function playbackOf(edge: Edge, scope: SQL, id: string, grant: Grant): Promise<Playback> {
  const { config, db } = edge;
  if (!isPlainId(id)) throw problem("video.not_found");
  const statement = sql`SELECT title, status, generation, duration, ${isPlayable} AS playable, mp4,
      posters -> poster_index AS poster, storyboard IS NOT NULL AS "hasStoryboard", ${shownCaptions} AS captions
    FROM videos WHERE id = ${id} AND ${scope}`;
  const [row] = await query(db, statement, filesRow);
  if (!row) throw problem("video.not_found");
  if (row.status === "pending_upload" || row.status === "failed") throw problem("video.not_playable");
  const isComplete = row.status === "completed";
  const span = spanAt(config, row.duration ?? 0, Date.now());
  const token = await writeToken(config, { videoId: id, generation: row.generation, grant, ...span });
  const base = `${config.STORAGEX_PUBLIC_URL}/play/${token}`;
  const life = mediaLife(config, span);
  const sign = (key: string, type: string, more: Record<string, string> = {}) =>
    signersOf(config).browser.get(key, life, {
      "response-cache-control": MEDIA_CACHE,
      "response-content-type": type,
      ...more,
    });
  const signMp4 = (how: "inline" | "attachment") => {
    // A title is a name, whatever slashes and dots it has.
    const start = [...row.title.toWellFormed()].slice(0, MAX_TITLE).join("");
    const disposition = dispositionOf(how, `${start}.mp4`);
    return isComplete && row.mp4
      ? sign(row.mp4.key, "video/mp4", { "response-content-disposition": disposition })
      : null;
  };
  return {
    state: isComplete ? "complete" : "partial",
    hls: row.playable ? `${base}/master.m3u8` : null,
    mp4: await signMp4("inline"),
    download: await signMp4("attachment"),
    poster: row.poster && (await sign(row.poster.key, "image/jpeg")),
    storyboard: row.hasStoryboard ? `${base}/storyboard.vtt` : null,
    captions: await Promise.all(
      row.captions.map(async ({ id: track, key, language, label }) => ({
        id: track,
        url: await sign(key, VTT_TYPE),
        language,
        label,
      })),
    ),
    expiresAt: new Date(span.expires * 1000).toISOString(),
  };
}
