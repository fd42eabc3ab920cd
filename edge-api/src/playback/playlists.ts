/** Builds the playlists for a valid right: rows of its generation, with URLs signed for its window. */
import { isAudioRendition } from "@storagex/contract/media/audio-tracks";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { VTT_TYPE } from "../captions/shown.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { storedObjectSchema } from "../db/stored-object.ts";
import { etagOf } from "../http/etag.ts";
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
  body: () => Promise<string | ReadableStream<Uint8Array>>;
};

/**
 * The playlist `name` (`master` or a rendition). Throws `video.not_playable`; `request.not_found` for an
 * unknown rendition; `playback.token_invalid` if the video was deleted meanwhile.
 */
export async function playlistFor(edge: Edge, { right, video }: Standing, name: string): Promise<Playlist> {
  if (!video.planned) throw problem("video.not_playable");
  const outline = await readOutline(edge, right, video.pending === 0);
  const { isWhole } = outline;
  if (name === "master") {
    const rates = isWhole ? await readBandwidths(edge, right) : [];
    const body = multivariantPlaylist(outline, rates, video.captions);
    if (body === null) throw problem("video.not_playable");
    return { etag: await etagOf(body), body: async () => body, isFinal: false, isLong: false };
  }
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
  // Rows do not change, and URLs are signed for the right's own window, so these values and the outline
  // determine the playlist. The grant is not among them: all viewers get the same URLs, and caches hit.
  const { videoId, generation, issued, expires } = right;
  const decisive = [name, outline, videoId, generation, issued, expires];
  return {
    etag: await etagOf(JSON.stringify(decisive)),
    body,
    isFinal: isWhole,
    isLong: objects > MAX_SHORT,
  };
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
