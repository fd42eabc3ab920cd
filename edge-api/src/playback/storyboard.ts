/** Writes the storyboard as WebVTT: which tile of which sheet shows a time. Players need absolute URLs. */
import { vttClock } from "@storagex/contract/webvtt/clock";
import type { StoredStoryboard } from "../db/schema/videos.ts";

/** `urls` holds one URL per sheet. The last tile extends to `duration` (seconds). */
export function storyboardVtt(board: StoredStoryboard, urls: readonly string[], duration: number): string {
  const { columns, rows, tileWidth, tileHeight, interval, tiles } = board;
  const cues: string[] = [];
  for (let tile = 0; tile < tiles; tile += 1) {
    const from = tile * interval;
    const to = tile === tiles - 1 ? Math.max(duration, from + 0.001) : (tile + 1) * interval;
    const url = urls[Math.floor(tile / (columns * rows))];
    if (url === undefined) break;
    const place = tile % (columns * rows);
    const x = (place % columns) * tileWidth;
    const y = Math.floor(place / columns) * tileHeight;
    cues.push(`${vttClock(from)} --> ${vttClock(to)}\n${url}#xywh=${x},${y},${tileWidth},${tileHeight}`);
  }
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
}
