/**
 * Copy protection in MP4 and MOV: FFmpeg reads such a file as if it were clear and fails only at its frames.
 */
import { find } from "../../output/boxes.ts";

/**
 * Sample entries of protected tracks: common encryption (ISO 23001-7), and Apple's own of the iTunes Store.
 */
const LOCKED = new Set(["encv", "enca", "drmi", "drms"]);

/**
 * The kind of a `trak` whose samples are encrypted; null for a clear one. `from` and `to` bound its content
 * in `bytes`.
 */
export function lockedEntry(bytes: Buffer, from: number, to: number): string | null {
  const stsd = find(bytes, "mdia/minf/stbl/stsd", from, to);
  if (!stsd || stsd.end - stsd.body < 8) return null;
  let at = stsd.body + 8;
  // A description that changes midway is a further entry.
  for (let left = bytes.readUInt32BE(stsd.body + 4); left > 0 && at + 8 <= stsd.end; left--) {
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (LOCKED.has(type)) return type;
    at += Math.max(8, bytes.readUInt32BE(at));
  }
  return null;
}
