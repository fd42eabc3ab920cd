/** Builds the playlists for a valid right: rows of its generation, with URLs signed for its window. */
import { isAudioRendition } from "@storagex/contract/media/audio-tracks";
import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { VTT_TYPE } from "../captions/shown.ts";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { storedObjectSchema } from "../db/stored-object.ts";
import { etagOf } from "../http/answers/etag.ts";
import { problem } from "../problem/problem.ts";
import { MEDIA_CACHE, mediaLife } from "../storage/media-life.ts";
import { signersOf } from "../storage/presign.ts";
import { captionsPlaylist } from "./captions-list.ts";
import { extentOf, listNames, mediaPlaylist, multivariantPlaylist } from "./manifest.ts";
import { readBandwidths, readOutline } from "./outline.ts";
import { readMedia } from "./read-media.ts";
import type { Standing } from "./standing.ts";
import { storyboardVtt } from "./storyboard.ts";

/** Objects of a playlist that is sent as it is: some ten kilobytes. */
const MAX_SHORT = 8;

/** `isFinal`: it never changes again. A master is never final: captions are added and removed. */
export type Playlist = {
  /** A strong ETag: it stays the same for the same playlist for as long as the right is valid. */
  etag: string;
  isFinal: boolean;
  /** Of a length at which compressing costs less than sending: URLs repeat themselves. */
  isLong: boolean;
  /** Reads the playlist's rows. Not called if the client already has the playlist. */
  body: () => Promise<string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>>;
};

type Finished = Pick<Playlist, "etag" | "isFinal" | "isLong"> & { bytes: Uint8Array<ArrayBuffer> };
/** Bytes of finished playlists that are kept: about 700 films of five minutes, each with one rendition watched. */
const MAX_KEPT = 32 * 1024 * 1024;
/** Objects of a playlist that is kept; a longer one is written for each viewer, part by part. */
const MAX_KEPT_OBJECTS = 64;
const finished = new WeakMap<Config, LRUCache<string, Finished>>();

function finishedOf(config: Config): LRUCache<string, Finished> {
  let kept = finished.get(config);
  if (!kept) {
    kept = new LRUCache<string, Finished>({
      maxSize: MAX_KEPT,
      sizeCalculation: ({ bytes }) => bytes.length + 1,
    });
    finished.set(config, kept);
  }
  return kept;
}

/**
 * The playlist `name` (`master` or a rendition). Throws `video.not_playable`; `request.not_found` for an
 * unknown rendition; `playback.token_invalid` if the video was deleted meanwhile.
 */
export async function playlistFor(edge: Edge, standing: Standing, name: string): Promise<Playlist> {
  const { right, video } = standing;
  if (!video.planned) throw problem("video.not_playable");
  const isWhole = video.pending === 0;
  const { videoId, generation, issued, expires } = right;
  // Everything on which a whole generation's playlist depends. The grant is not part of it: all viewers get
  // the same URLs, and caches hit.
  const decisive = [
    name,
    videoId,
    generation,
    issued,
    expires,
    ...(name === "master" ? [video.captions] : []),
  ];
  const kept = finishedOf(edge.config);
  const key = JSON.stringify(decisive);
  const known = isWhole ? kept.get(key) : undefined;
  if (known) return { ...known, body: async () => known.bytes };
  const made = await (name === "master" ? master(edge, standing) : mediaFor(edge, standing, name));
  const { objects = 0, body, ...rest } = made;
  if (!isWhole || objects > MAX_KEPT_OBJECTS) return { ...rest, body };
  const bytes = new Uint8Array(await new Response(await body()).arrayBuffer());
  kept.set(key, { ...rest, bytes });
  return { ...rest, body: async () => bytes };
}

type Made = Playlist & { objects?: number };

async function master(edge: Edge, { right, video }: Standing): Promise<Made> {
  const outline = await readOutline(edge, right, video.pending === 0);
  const rates = outline.isWhole ? await readBandwidths(edge, right) : [];
  const body = multivariantPlaylist(outline, rates, video.captions);
  if (body === null) throw problem("video.not_playable");
  return { etag: await etagOf(body), body: async () => body, isFinal: false, isLong: false };
}

async function mediaFor(edge: Edge, { right, video }: Standing, name: string): Promise<Made> {
  const outline = await readOutline(edge, right, video.pending === 0);
  if (!listNames(outline).includes(name)) throw problem("request.not_found");
  const life = mediaLife(edge.config, right);
  const signer = signersOf(edge.config).browser;
  const overrides = {
    "response-cache-control": MEDIA_CACHE,
    // Overrides the stored type: no browser may treat the object as a page.
    "response-content-type": isAudioRendition(name) ? "audio/mp4" : "video/mp4",
  };
  const urlOf = (key: string) => signer.get(key, life, overrides);
  const objects = extentOf(outline, name)?.objects ?? 0;
  const body = async () => {
    const rows = await readMedia(edge, right, name, objects);
    return streamOf(mediaPlaylist(outline, rows, urlOf));
  };
  // Rows do not change, and URLs are signed for the right's own window.
  const { videoId, generation, issued, expires } = right;
  const etag = await etagOf(JSON.stringify([name, outline, videoId, generation, issued, expires]));
  return { etag, body, isFinal: outline.isWhole, isLong: objects > MAX_SHORT, objects };
}

/**
 * Written while it is sent, at the reader's pace: only one part of a long playlist is in memory, and other
 * requests run in between.
 */
function streamOf(pieces: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return();
    },
  });
}

/** The playlist of one caption track. Throws as `playlistFor`; `request.not_found` if the track is gone. */
export async function captionsPlaylistFor(
  edge: Edge,
  { right, video: { duration, captions } }: Standing,
  id: string,
): Promise<string> {
  const track = captions.find((caption) => caption.id === id);
  if (!track || duration === null) throw problem("request.not_found");
  const overrides = { "response-cache-control": MEDIA_CACHE, "response-content-type": VTT_TYPE };
  const url = await signersOf(edge.config).browser.get(track.key, mediaLife(edge.config, right), overrides);
  return captionsPlaylist(url, duration);
}

const boardRow = z.object({
  duration: z.number(),
  storyboard: z.object({
    sheets: z.array(storedObjectSchema),
    columns: z.number(),
    rows: z.number(),
    tileWidth: z.number(),
    tileHeight: z.number(),
    interval: z.number(),
    tiles: z.number(),
  }),
});

/** The storyboard as WebVTT. Throws as `playlistFor`. */
export async function storyboardFor(edge: Edge, { right }: Standing): Promise<string> {
  const { db, config } = edge;
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
