/** Names and ids of a new video: ids are random and say nothing; a file's name is text to show, never part of a key. */
import { base64url } from "jose";
import { oneLine } from "../db/text.ts";

/** 128 random bits as base64url, for videos. */
export function newVideoId(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(16)));
}

const LONGEST_TITLE = 300;

/** A text to show as a title: one line, nothing hidden in it; empty where nothing is left. */
export function cleanTitle(text: string): string {
  return [...oneLine(text)].slice(0, LONGEST_TITLE).join("").trim();
}

/** The title a file name suggests: its last path element without the ending. */
export function titleOf(filename: string): string {
  const name = filename.split(/[/\\]/).findLast((element) => element.trim() !== "") ?? "";
  const cut = cleanTitle(name.replace(/\.[^.]{1,10}$/, ""));
  return cut || cleanTitle(name) || "Untitled";
}
