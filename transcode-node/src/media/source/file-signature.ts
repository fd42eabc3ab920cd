/**
 * First check of a source: its container by its magic bytes, before any demuxer sees it. Texts and playlists
 * are refused here.
 */
import { CONTAINERS, type Container, type ContainerFormat } from "@storagex/contract/formats/containers";

/**
 * Bytes of the file's head that `containerOf` needs: as much junk as FFmpeg skips before a transport stream.
 */
export const MAGIC_BYTES = 64 * 1024;
/** Shorter than any container's own header. */
const MIN_BYTES = 12;
/**
 * Consecutive sync bytes that prove a stream of packets: more where junk longer than a packet precedes them.
 */
const SYNCS = { first: 5, later: 20 } as const;

const FORMATS = Object.entries(CONTAINERS) as [Container, ContainerFormat][];

/** The container of a file that begins with `head`; null for anything but a supported video container. */
export function containerOf(head: Uint8Array): Container | null {
  if (head.length < MIN_BYTES) return null;
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const found = FORMATS.find(([, format]) => begins(bytes, format));
  return found ? found[0] : null;
}

/**
 * First bytes of streams without a container: MPEG-1 and 2 (a sequence header), MPEG-4 Visual, H.264 and HEVC
 * (parameter sets or a delimiter after a start code of three or four bytes).
 */
const BARE = /^(00)?000001(b3|b0|b5|09|[246]7|4001|4201|4601)/;

/** True for video without a container: an elementary stream. */
export const isBareStream = (head: Uint8Array): boolean =>
  head.length >= MIN_BYTES && BARE.test(Buffer.from(head.subarray(0, 8)).toString("hex"));

const begins = (head: Buffer, { signatures = [], boxes = [], packets = [] }: ContainerFormat): boolean =>
  signatures.some((parts) => parts.every(([at, hex]) => hasBytes(head, at, hex))) ||
  isBox(head, boxes) ||
  packets.some((packet) => hasSyncs(head, packet));

const hasBytes = (head: Buffer, at: number, hex: string) =>
  head.subarray(at, at + hex.length / 2).toString("hex") === hex;

/** A type of `types` after a valid box size: 0 means to the file's end, 1 that a 64-bit size follows. */
function isBox(head: Buffer, types: readonly string[]): boolean {
  if (!types.includes(head.toString("latin1", 4, 8))) return false;
  const size = head.readUInt32BE(0);
  return size === 0 || size === 1 || size >= 8;
}

/** Wherever the first packet begins: a recording may start in the middle of one, or after other bytes. */
function hasSyncs(head: Buffer, { size, sync }: { size: number; sync: number }): boolean {
  for (let start = 0; start < head.length; start++) {
    const needed = start < size ? SYNCS.first : SYNCS.later;
    let hits = 0;
    while (hits < needed && head[start + sync + hits * size] === 0x47) hits++;
    if (hits === needed) return true;
  }
  return false;
}
