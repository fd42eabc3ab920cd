/**
 * Object keys: where a video's objects are in the bucket. Only the server creates keys; sweeps parse them.
 */

const PARTS = "parts/";
const PART_DIGITS = 5;

/** The uploaded source of a video. */
export const sourceKey = (ownerId: string, videoId: string) => `raw/user_${ownerId}/${videoId}/source`;

/** The image that an owner uploads as a poster: a worker makes the poster of it, then it is removed. */
export const posterImageKey = (ownerId: string, videoId: string) => `raw/user_${ownerId}/${videoId}/poster`;

/** The parts of a source that is uploaded as one object per part, until they are put together. */
export const partsPrefix = (ownerId: string, videoId: string) => `raw/user_${ownerId}/${videoId}/${PARTS}`;

/** Part `number` (from 1) of such a source; the keys sort like the numbers. */
export const partKey = (ownerId: string, videoId: string, number: number) =>
  `${partsPrefix(ownerId, videoId)}${String(number).padStart(PART_DIGITS, "0")}`;

/** The number of the part under `key`; null where the key is no part's. */
export function partNumberOf(key: string): number | null {
  const digits = key.slice(key.lastIndexOf("/") + 1);
  return /^\d{5}$/.test(digits) ? Number(digits) : null;
}

/** Everything of one video under `raw/`, for listing and deletion. */
export const rawPrefix = (ownerId: string, videoId: string) => `raw/user_${ownerId}/${videoId}/`;

/** Everything of one video under `processed/`, for listing and deletion. */
export const processedPrefix = (ownerId: string, videoId: string) => `processed/user_${ownerId}/${videoId}/`;

/** Captions that an owner added: outside the generations, so that a retry keeps them. */
export const captionsKey = (ownerId: string, videoId: string, captionId: string) =>
  `${processedPrefix(ownerId, videoId)}captions/${captionId}.vtt`;

/** One task attempt's own prefix: a zombie attempt writes only into its own. */
export function attemptPrefix(at: {
  ownerId: string;
  videoId: string;
  generation: number;
  taskId: string;
  attempt: number;
}): string {
  return `${processedPrefix(at.ownerId, at.videoId)}${at.generation}/${at.taskId}-${at.attempt}/`;
}

/** File names of the outputs under an attempt's prefix; they are also the `name` of an output grant. */
export const outputName = {
  chunk: (rendition: string, index: number) => `${rendition}-${index}.mp4`,
  audioPiece: (track: number, piece: number) => `audio-${track}-${piece}.mp4`,
  mp4: "video.mp4",
  mezzanine: "mezzanine.mp4",
  poster: (candidate: number) => `poster-${candidate}.jpg`,
  storyboard: (sheet: number) => `storyboard-${sheet}.jpg`,
  captions: (track: number) => `captions-${track}.vtt`,
  /** An attempt's own result, written after all its other outputs; a later attempt may adopt it. */
  result: "result.json",
} as const;

const KEY = /^(raw|processed)\/user_([A-Za-z0-9_-]+)\/([A-Za-z0-9_-]+)\/(.+)$/;

/** Parses a key created here; null for anything else (a sweep never deletes a key that it cannot parse). */
export function parseKey(
  key: string,
): { area: "raw" | "processed"; ownerId: string; videoId: string; rest: string } | null {
  const match = KEY.exec(key);
  if (!match) return null;
  const [, area, ownerId, videoId, rest] = match;
  if ((area !== "raw" && area !== "processed") || !ownerId || !videoId || !rest) return null;
  return { area, ownerId, videoId, rest };
}
