/** What every HLS list of ours begins with, and how texts stand in one. */

export const HEAD = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"];

/** An attribute's quoted text: no quotes, no line breaks (RFC 8216, 4.2). */
export const quoted = (text: string) => `"${text.replaceAll(/["\p{Cc}]/gu, "'")}"`;
