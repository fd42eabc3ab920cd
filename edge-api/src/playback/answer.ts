/** `GET …/playback`: signed URLs of one video, which stay the same for a whole window. */
import type { Playback } from "@storagex/contract/videos/playback";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { shownCaptions, shownCaptionsRow, VTT_TYPE } from "../captions/shown.ts";
import type { Edge } from "../context.ts";
import { type Db, query, queryKeyed } from "../db/connect.ts";
import { eachOf, type KeyedRead, placeOf } from "../db/keyed.ts";
import { KnownRows, versionOf } from "../db/lists/known-rows.ts";
import { isVisibleToKey, type Reader, type VideoKey, videoKey, visibleTo } from "../db/scope.ts";
import { storedObjectSchema } from "../db/stored-object.ts";
import { isPlainId } from "../db/text.ts";
import { problem } from "../problem/problem.ts";
import { dispositionOf } from "../storage/attachment.ts";
import { MEDIA_CACHE, mediaLife, spanAt } from "../storage/media-life.ts";
import { signersOf } from "../storage/presign.ts";
import { isPlayable } from "../videos/columns.ts";
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

type Files = z.infer<typeof filesRow>;

/** Of completed videos, whose files change only with the row. */
const knownFiles = new KnownRows<Files & { id: string; version: string }>(2_000);
const outerRow = z.object({ version: z.string(), files: z.unknown() });

const readVersions: KeyedRead<VideoKey> = (
  keys,
) => sql`SELECT ${placeOf} AS place, ${versionOf(sql`videos`)} AS version
  FROM ${eachOf(keys)} JOIN videos ON videos.id = asked.key ->> 0 WHERE ${isVisibleToKey}`;
const versionRow = z.object({ version: z.string() });

/** For a reader, or for everybody under a scope. */
async function readFiles(db: Db, whom: Reader | SQL, id: string): Promise<Files | undefined> {
  const known = knownFiles.among(db, [id]).get(id);
  const isReader = "userId" in whom;
  if (known && isReader) {
    const [now] = await queryKeyed(db, readVersions, videoKey(id, whom), versionRow);
    if (now?.version === known.version) return known;
  }
  const scope = isReader ? visibleTo(whom) : whom;
  const columns = sql`title, status, generation, duration, ${isPlayable} AS playable, mp4,
    posters -> poster_index AS poster, storyboard IS NOT NULL AS "hasStoryboard", ${shownCaptions} AS captions`;
  const [read] = await query(
    db,
    sql`SELECT version, (
        SELECT row_to_json(changed) FROM (
          SELECT ${columns} FROM videos WHERE videos.id = outside.id AND version IS DISTINCT FROM ${known?.version ?? null}::text
        ) AS changed) AS files
      FROM (SELECT videos.id, ${versionOf(sql`videos`)} AS version FROM videos WHERE videos.id = ${id} AND ${scope}) AS outside`,
    outerRow,
  );
  if (!read) return undefined;
  if (read.files === null && known) return known;
  const files = { ...filesRow.parse(read.files), id, version: read.version };
  if (files.status === "completed") knownFiles.keep(db, files);
  return files;
}

/**
 * The URLs for a reader, or for whom a scope lets see the video; playlists end with `grant`. What does not exist yet
 * is null. Throws `video.not_found`, and `video.not_playable` if nothing will appear by itself: before the
 * upload is complete or playable, and after a failure.
 */
export async function playbackOf(
  edge: Edge,
  whom: Reader | SQL,
  id: string,
  grant: Grant,
): Promise<Playback> {
  const { config, db } = edge;
  if (!isPlainId(id)) throw problem("video.not_found");
  const row = await readFiles(db, whom, id);
  if (!row) throw problem("video.not_found");
  const isAwaited = row.status === "pending_upload" && !row.playable;
  if (isAwaited || row.status === "failed") throw problem("video.not_playable");
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
