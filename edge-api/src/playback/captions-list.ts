/** Writes captions for HLS (RFC 8216, 3.5 and 4.3.4.1). Pure. A WebVTT file is one segment of full length. */

import type { ShownCaptions } from "../captions/shown.ts";
import { HEAD, quoted, quotedNames } from "./hls-text.ts";

/** The attribute by which a STREAM-INF names the group; empty without tracks. */
export const captionsGroup = (captions: readonly ShownCaptions[]): string[] =>
  captions.length > 0 ? ['SUBTITLES="captions"'] : [];

/** One EXT-X-MEDIA per track. */
export function captionLines(captions: readonly ShownCaptions[]): string[] {
  const names = quotedNames(captions.map(({ label }) => label));
  return captions.map(({ id, language }, index) => {
    const attributes = [
      "TYPE=SUBTITLES",
      'GROUP-ID="captions"',
      `NAME=${names[index]}`,
      ...(language ? [`LANGUAGE=${quoted(language)}`] : []),
      "DEFAULT=NO",
      "AUTOSELECT=YES",
      "FORCED=NO",
      `URI="captions/${id}.m3u8"`,
    ];
    return `#EXT-X-MEDIA:${attributes.join(",")}`;
  });
}

/** The playlist of one track. `url` is its file, `duration` the video's in seconds. */
export function captionsPlaylist(url: string, duration: number): string {
  return [
    ...HEAD,
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(duration))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    `#EXTINF:${duration.toFixed(6)},`,
    url,
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
}
