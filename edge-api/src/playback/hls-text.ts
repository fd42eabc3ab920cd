/** What every HLS list of ours begins with, and how texts stand in one. */

import { uniqueNames } from "@storagex/contract/unique-names";

export const HEAD = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"];

/** A text that may stand in quotes: it has none itself, and no line breaks (RFC 8216, 4.2). */
const quotable = (text: string) => text.replaceAll(/["\p{Cc}]/gu, "'");

/** An attribute's quoted text. */
export const quoted = (text: string) => `"${quotable(text)}"`;

/** The NAMEs of one group, which differ within it (4.3.4.1.1), quoted. */
export const quotedNames = (names: readonly string[]): string[] =>
  uniqueNames(names.map(quotable)).map((name) => `"${name}"`);
