/** The lines that every HLS playlist starts with, and how texts are quoted in one. */

import { uniqueNames } from "@storagex/contract/text/unique-names";

export const HEAD = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"];

/** Makes a text safe for quotes: without quotes and line breaks of its own (RFC 8216, 4.2). */
const quotable = (text: string) => text.replaceAll(/["\p{Cc}]/gu, "'");

/** A quoted attribute value. */
export const quoted = (text: string) => `"${quotable(text)}"`;

/** The NAMEs of one group, quoted and made unique within it (4.3.4.1.1). */
export const quotedNames = (names: readonly string[]): string[] =>
  uniqueNames(names.map(quotable)).map((name) => `"${name}"`);
