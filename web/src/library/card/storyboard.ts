/** Reads a storyboard: which tile of which sheet shows a time. Pure. */

export type Tile = { from: number; url: string; x: number; y: number; width: number; height: number };

const CUE = /(?:(\d+):)?(\d+):(\d+\.\d+) --> [^\n]*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** The tiles of the WebVTT file, in its order. */
export function tilesOf(vtt: string): Tile[] {
  return [...vtt.matchAll(CUE)].map(([, hours, minutes, seconds, url = "", x, y, width, height]) => ({
    from: Number(hours ?? 0) * 3_600 + Number(minutes) * 60 + Number(seconds),
    url,
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));
}
