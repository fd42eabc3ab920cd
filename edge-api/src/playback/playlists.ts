/** Playlists for a token's holder: rows of its generation, signed for its window. What is complete never changes. */
import { rungSchema } from "@storagex/contract/ladder";
import { segmentSchema } from "@storagex/contract/report";
import { audioTrackSchema, planSchema } from "@storagex/contract/task";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import type { Edge } from "../edge.ts";
import { problem } from "../http/problem.ts";
import { signersOf } from "../storage/presign.ts";
import { type Right, readToken } from "./access.ts";
import { captionsPlaylist } from "./captions-list.ts";
import { MEDIA_CACHE, mediaLife } from "./life.ts";
import { type MediaRow, mediaPlaylist, multivariantPlaylist, type Timeline } from "./manifest.ts";
import { shownCaptions, shownCaptionsRow, VTT_TYPE } from "./shown-captions.ts";
import { storyboardVtt } from "./storyboard.ts";

/** `isFinal`: the same for ever. A master is not: captions come and go. */
export type Playlist = { text: string; isFinal: boolean };

const headRow = z.object({
  pending: z.number(),
  planned: z.boolean(),
  duration: z.number().nullable(),
  captions: shownCaptionsRow,
});
type Head = z.infer<typeof headRow>;
const planRow = z.object({
  rungs: z.array(rungSchema),
  grid: planSchema.shape.grid,
  audio: z.array(audioTrackSchema),
  ended: z.array(z.string()),
});
const mediaRow = z.object({
  rendition: z.string(),
  index: z.number(),
  key: z.string(),
  size: z.coerce.number(),
  initLength: z.number(),
  initHash: z.string(),
  codecs: z.string(),
  timescale: z.number(),
  segments: z.array(segmentSchema),
});

/** Timelines of whole generations, newest last; a film of an hour is about a megabyte. */
const kept = new Map<string, Timeline>();
const KEPT = 20;

/**
 * The playlist `name` (`master` or a rendition). Throws `playback.token_invalid` for a token that is expired, altered,
 * of an earlier generation, or of a video that is gone; `request.not_found` for a rendition that is not there.
 */
export async function playlistFor(edge: Edge, token: string, name: string): Promise<Playlist> {
  const right = await rightOf(edge, token);
  const head = await readHead(edge.db, right);
  const timeline = await timelineOf(edge.db, right, head);
  if (name === "master") {
    const text = multivariantPlaylist(timeline, head.captions);
    if (text === null) throw problem("video.not_playable");
    return { text, isFinal: false };
  }
  const life = mediaLife(edge.config, right);
  const signer = signersOf(edge.config).browser;
  const urls = new Map<string, string>();
  for (const { key, rendition } of timeline.rows)
    if (rendition === name)
      urls.set(key, await signer.get(key, life, { "response-cache-control": MEDIA_CACHE }));
  const text = mediaPlaylist(timeline, name, ({ key }: MediaRow) => urls.get(key) ?? "");
  if (text === null) throw problem("request.not_found");
  return { text, isFinal: timeline.isWhole };
}

/** The list of one caption track. Throws as `playlistFor`; `request.not_found` where the track is gone. */
export async function captionsPlaylistFor(edge: Edge, token: string, id: string): Promise<string> {
  const right = await rightOf(edge, token);
  const { captions, duration } = await readHead(edge.db, right);
  const track = captions.find((caption) => caption.id === id);
  if (!track || duration === null) throw problem("request.not_found");
  const overrides = { "response-cache-control": MEDIA_CACHE, "response-content-type": VTT_TYPE };
  const url = await signersOf(edge.config).browser.get(track.key, mediaLife(edge.config, right), overrides);
  return captionsPlaylist(url, duration);
}

async function rightOf({ config }: Edge, token: string): Promise<Right> {
  const right = await readToken(config, token, Date.now());
  if (!right) throw problem("playback.token_invalid");
  return right;
}

/** One small question each time, so that a deleted video is refused at once. */
async function readHead(db: Db, { videoId, generation }: Right): Promise<Head> {
  const statement = sql`SELECT pending_tasks AS pending, plan IS NOT NULL AS planned, duration,
      ${shownCaptions} AS captions FROM videos
    WHERE id = ${videoId} AND generation = ${generation}::int AND status IN ('processing', 'completed')`;
  const [head] = await query(db, statement, headRow);
  if (!head) throw problem("playback.token_invalid");
  return head;
}

/** The rows are read only while they can change. */
async function timelineOf(db: Db, { videoId, generation }: Right, head: Head): Promise<Timeline> {
  if (!head.planned) throw problem("video.not_playable");
  const id = `${videoId}.${generation}`;
  const known = kept.get(id);
  if (known) return known;
  const timeline = await readTimeline(db, videoId, generation, head.pending === 0);
  if (timeline.isWhole) {
    kept.set(id, timeline);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  }
  return timeline;
}

async function readTimeline(
  db: Db,
  videoId: string,
  generation: number,
  isWhole: boolean,
): Promise<Timeline> {
  const [plan] = await query(
    db,
    sql`SELECT plan -> 'rungs' AS rungs, plan -> 'grid' AS grid, plan #> '{source,audio}' AS audio,
        (SELECT coalesce(jsonb_agg('audio-' || index), '[]') FROM tasks WHERE video_id = videos.id
          AND tasks.generation = videos.generation AND kind = 'audio' AND state = 'succeeded') AS ended
      FROM videos WHERE id = ${videoId} AND generation = ${generation}::int`,
    planRow,
  );
  if (!plan) throw problem("playback.token_invalid");
  const rows = await query(
    db,
    sql`SELECT rendition, index, key, size, init_length AS "initLength", init_hash AS "initHash", codecs, timescale,
        segments FROM media_objects WHERE video_id = ${videoId} AND generation = ${generation}::int`,
    mediaRow,
  );
  return { ...plan, rows, isWhole };
}

const boardRow = z.object({
  duration: z.number(),
  storyboard: z.object({
    sheets: z.array(z.object({ key: z.string(), size: z.number(), etag: z.string() })),
    columns: z.number(),
    rows: z.number(),
    tileWidth: z.number(),
    tileHeight: z.number(),
    interval: z.number(),
    tiles: z.number(),
  }),
});

/** The storyboard as WebVTT. Throws as `playlistFor`. */
export async function storyboardFor(edge: Edge, token: string): Promise<string> {
  const { db, config } = edge;
  const right = await rightOf(edge, token);
  const [row] = await query(
    db,
    sql`SELECT duration, storyboard FROM videos WHERE id = ${right.videoId}
      AND generation = ${right.generation}::int AND status = 'completed' AND storyboard IS NOT NULL`,
    boardRow,
  );
  if (!row) throw problem("playback.token_invalid");
  const life = mediaLife(config, right);
  const overrides = { "response-cache-control": MEDIA_CACHE, "response-content-type": "image/jpeg" };
  const { browser } = signersOf(config);
  const urls = await Promise.all(row.storyboard.sheets.map(({ key }) => browser.get(key, life, overrides)));
  return storyboardVtt(row.storyboard, urls, row.duration);
}
