/** Removes timestamps from a stream's PES packets, as muxers write them that give one to a few frames only. */

/** Bytes of the PES header's fixed part, and of one timestamp (ISO 13818-1, 2.4.3.7). */
const FIXED = 9;
const TIMESTAMP = 5;
const PACKET = 188;

/**
 * A program or transport stream whose video keeps the timestamps of each `every`-th PES packet, from the
 * first one on. The others' become stuffing, so that nothing moves.
 */
export function fewTimes(file: Buffer, every: number): Buffer {
  const bytes = Buffer.from(file);
  let timed = 0;
  for (const at of bytes[0] === 0x47 ? transportHeaders(bytes) : programHeaders(bytes)) {
    const flags = bytes[at + 7] ?? 0;
    const size = TIMESTAMP * ((flags & 0x80) / 0x80 + (flags & 0x40) / 0x40);
    if (size === 0 || timed++ % every === 0) continue;
    const end = at + FIXED + (bytes[at + 8] ?? 0);
    bytes[at + 7] = flags & 0x3f;
    bytes.copy(bytes, at + FIXED, at + FIXED + size, end);
    bytes.fill(0xff, end - size, end);
  }
  return bytes;
}

const isVideo = (bytes: Buffer, at: number) =>
  bytes.readUIntBE(at, 3) === 1 && ((bytes[at + 3] ?? 0) & 0xf0) === 0xe0;

function* transportHeaders(bytes: Buffer): Generator<number> {
  for (let packet = 0; packet + PACKET <= bytes.length; packet += PACKET) {
    const [starts, adapted] = [(bytes[packet + 1] ?? 0) & 0x40, (bytes[packet + 3] ?? 0) & 0x20];
    const at = packet + 4 + (adapted ? 1 + (bytes[packet + 4] ?? 0) : 0);
    if (starts && at + FIXED + 2 * TIMESTAMP <= packet + PACKET && isVideo(bytes, at)) yield at;
  }
}

function* programHeaders(bytes: Buffer): Generator<number> {
  for (let at = bytes.indexOf("000001", 0, "hex"); at >= 0; at = bytes.indexOf("000001", at + 3, "hex"))
    // Two bits are always "10": frames may hold the same start code.
    if (at + FIXED < bytes.length && isVideo(bytes, at) && ((bytes[at + 6] ?? 0) & 0xc0) === 0x80) yield at;
}
