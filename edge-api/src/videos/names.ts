/**
 * Ids and titles of new videos. Ids are random and reveal nothing. A file's name is only text to display,
 * never part of a key.
 */

import { oneLine } from "../db/text.ts";
import { randomText } from "../keys/random.ts";

/** A video's id: 128 random bits as base64url. */
export function newVideoId(): string {
  return randomText(16);
}

const LONGEST_TITLE = 300;

/** A text to display as a title: one line without hidden characters; empty if nothing is left. */
export function cleanTitle(text: string): string {
  return [...oneLine(text)].slice(0, LONGEST_TITLE).join("").trim();
}

/** The title for a file name: its last path element without the extension. */
export function titleOf(filename: string): string {
  const name = filename.split(/[/\\]/).findLast((element) => element.trim() !== "") ?? "";
  const cut = cleanTitle(name.replace(/\.[^.]{1,10}$/, ""));
  return cut || cleanTitle(name) || "Untitled";
}
