/**
 * Copy protection in MP4 and MOV: FFmpeg reads such a file as if it were clear and fails only at its frames.
 */
import { findBox } from "../../index/find-box.ts";

/**
 * Sample entries of protected tracks: common encryption (ISO 23001-7), and Apple's own of the iTunes Store.
 */
const LOCKED = new Set(["encv", "enca", "drmi", "drms"]);

/** More descriptions of one track are not looked at: a crafted table can hold millions. */
const MAX_ENTRIES = 1_000;

/**
 * The kind of a `trak` whose samples are encrypted; null for a clear one. `from` and `to` bound its content
 * in `bytes`.
 */
export function lockedEntry(bytes: Buffer, from: number, to: number): string | null {
  const stsd = findBox(bytes, "mdia/minf/stbl/stsd", from, to);
  if (!stsd || stsd.end - stsd.body < 8) return null;
  let at = stsd.body + 8;
  // A description that changes midway is a further entry.
  const entries = Math.min(bytes.readUInt32BE(stsd.body + 4), MAX_ENTRIES);
  for (let left = entries; left > 0 && at + 8 <= stsd.end; left--) {
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (LOCKED.has(type)) return type;
    at += Math.max(8, bytes.readUInt32BE(at));
  }
  return null;
}
