/** The storyboard as WebVTT: which tile of which sheet shows a moment. Players want absolute addresses. */
import type { StoredStoryboard } from "../db/schema.ts";

const clock = (seconds: number) => {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const thousandths = String(Math.round((seconds - whole) * 1000)).padStart(3, "0");
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${thousandths}`;
};

/** `urls` holds one address per sheet; the last tile reaches to `duration` (seconds). */
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
    cues.push(`${clock(from)} --> ${clock(to)}\n${url}#xywh=${x},${y},${tileWidth},${tileHeight}`);
  }
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
}
