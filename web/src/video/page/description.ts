/** A description in pieces: plain text, and times of the video that can be pressed. Pure. */

/** `seconds` is set for a time. */
export type Piece = { text: string; seconds?: number };

const TIME = /(?<![\d:.])(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?![\d:.])/g;

/** Together the pieces are the text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(TIME)) {
    const [found, hours = "0", minutes = "0", seconds = "0"] = match;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({
      text: found,
      seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** Tags as typed, separated by commas: trimmed, each once, none empty. */
export function tagsIn(typed: string): string[] {
  const tags = typed.split(",").map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ""))];
}
