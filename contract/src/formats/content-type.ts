/** What a declared content type is worth: a hint. The bytes decide what a file is; only what names another kind of file is refused before them. */
import { CONTENT_TYPES } from "./containers.ts";

/** Images and texts, playlists among them, are no videos. (`audio/` is: some name a recorder's MP4 or WebM so.) */
const OTHER_KINDS =
  /^(?:image|text|font)\/|^(?:application|audio)\/(?:vnd\.apple\.mpegurl|x-mpegurl|mpegurl|dash\+xml)$/;

/** The type alone, in lower case: without parameters such as `codecs`. */
export const essenceOf = (contentType: string): string =>
  (contentType.split(";")[0] ?? "").trim().toLowerCase();

/** Whether the type is one that a video may be declared with: any but those of other kinds, and none at all. */
export function mayBeVideo(contentType: string): boolean {
  const essence = essenceOf(contentType);
  return CONTENT_TYPES.includes(essence) || !OTHER_KINDS.test(essence);
}
