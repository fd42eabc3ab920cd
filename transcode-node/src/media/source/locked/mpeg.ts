/**
 * Scrambled MPEG streams: conditional access in transport streams, CSS of DVDs in program streams. Headers
 * are not scrambled.
 */

const SYNC = 0x47;
/** Consecutive sync bytes that prove where packets begin. */
const SYNCS = 4;

/** Tables and stuffing, which are never scrambled (ISO/IEC 13818-1, section 2.4.3.3, table 2-3). */
const FIRST_MEDIA = 0x20;
const STUFFING = 0x1fff;

/**
 * Packets of `pid` (null: of all media) that carry payload, and how many of them are scrambled (ISO/IEC
 * 13818-1, section 2.4.3.3).
 */
export function scrambledPackets(bytes: Buffer, pid: number | null): { all: number; scrambled: number } {
  const found = { all: 0, scrambled: 0 };
  const grid = gridOf(bytes);
  if (!grid) return found;
  for (let at = grid.first; at + 4 <= bytes.length; at += grid.size) {
    const its = bytes.readUInt16BE(at + 1) & 0x1fff;
    if (bytes[at] !== SYNC || its < FIRST_MEDIA || its === STUFFING || (pid ?? its) !== its) continue;
    const flags = bytes.readUInt8(at + 3);
    if (!(flags & 0x10)) continue;
    found.all++;
    if (flags >> 6) found.scrambled++;
  }
  return found;
}

/** Where packets begin, and their length: Blu-ray and AVCHD put four bytes before each. */
function gridOf(bytes: Buffer): { first: number; size: number } | null {
  for (let first = 0; first < Math.min(bytes.length, 64 * 1024); first++)
    for (const size of [188, 192])
      if (Array.from({ length: SYNCS }, (_, n) => bytes[first + n * size]).every((byte) => byte === SYNC))
        return { first, size };
  return null;
}

/** Min share of scrambled video packets on a disc: CSS leaves about half of the sectors clear. */
const MIN_SHARE = 1 / 8;

/**
 * True where the program stream's video packets are marked as scrambled (PES_scrambling_control, ISO/IEC
 * 13818-1, section 2.4.3.7).
 */
export function isLockedProgramStream(bytes: Buffer): boolean {
  const found = { all: 0, scrambled: 0 };
  for (let at = bytes.indexOf(START); at >= 0 && at + 7 <= bytes.length; at = bytes.indexOf(START, at + 3)) {
    const flags = bytes.readUInt8(at + 6);
    // Video streams with an MPEG-2 header.
    if ((bytes.readUInt8(at + 3) & 0xf0) !== 0xe0 || flags >> 6 !== 0b10) continue;
    found.all++;
    if ((flags >> 4) & 0b11) found.scrambled++;
  }
  return found.all > 0 && found.scrambled / found.all >= MIN_SHARE;
}
const START = Buffer.from([0, 0, 1]);
