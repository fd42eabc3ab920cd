/**
 * Whether an MXF file has an index: without one FFmpeg seeks by the bitrate and mislabels the frames it
 * finds.
 */
import type { ReadBytes } from "./facts.ts";

/** SMPTE ST 377-1, section 7.1: the key of a partition pack; kind, status and a zero follow. */
const PACK_KEY = Buffer.from("060e2b34020501010d01020101", "hex");
const KEY_BYTES = 16;
/** Offsets in the pack: the position of the footer partition, and the index bytes in this partition. */
const FOOTER_AT = 24;
const INDEX_BYTES_AT = 40;

type Partition = { footer: number; indexBytes: number };

/** The partition whose pack begins at `at`; null where none does. */
async function partition(read: ReadBytes, at: number): Promise<Partition | null> {
  const bytes = await read(at, at + KEY_BYTES + 9 + INDEX_BYTES_AT + 8 - 1);
  if (!bytes.subarray(0, PACK_KEY.length).equals(PACK_KEY)) return null;
  // BER: one byte, or the number of bytes that hold the length.
  const first = bytes[KEY_BYTES] ?? 0;
  const pack = KEY_BYTES + 1 + (first & 0x80 ? first & 0x7f : 0);
  if (pack + INDEX_BYTES_AT + 8 > bytes.length) return null;
  const footer = Number(bytes.readBigUInt64BE(pack + FOOTER_AT));
  return { footer, indexBytes: Number(bytes.readBigUInt64BE(pack + INDEX_BYTES_AT)) };
}

/**
 * Whether the first or the last partition holds an index; a recording that was never closed has none there.
 */
export async function hasMxfIndex(read: ReadBytes, size: number): Promise<boolean> {
  const header = await partition(read, 0);
  if (!header) return false;
  if (header.indexBytes > 0) return true;
  if (header.footer <= 0 || header.footer >= size) return false;
  const footer = await partition(read, header.footer);
  return footer !== null && footer.indexBytes > 0;
}
