/**
 * A declared content type is only a hint: the bytes decide what a file is. Only types that name another kind
 * of file are refused before the bytes are read.
 */
import { CONTENT_TYPES } from "./containers.ts";

/**
 * Images and text, playlists included, are not videos. (`audio/` is allowed: some clients declare a
 * recorder's MP4 or WebM so.)
 */
const OTHER_KINDS =
  /^(?:image|text|font)\/|^(?:application|audio)\/(?:vnd\.apple\.mpegurl|x-mpegurl|mpegurl|dash\+xml)$/;

/** The type alone, in lower case: without parameters such as `codecs`. */
export const essenceOf = (contentType: string): string =>
  (contentType.split(";")[0] ?? "").trim().toLowerCase();

/** Whether a video may be declared with this type: any type but those of other kinds, and no type at all. */
export function mayBeVideo(contentType: string): boolean {
  const essence = essenceOf(contentType);
  return CONTENT_TYPES.includes(essence) || !OTHER_KINDS.test(essence);
}
