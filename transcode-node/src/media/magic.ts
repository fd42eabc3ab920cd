/** First look at a source: its container by its magic bytes, before any demuxer sees it. Texts and playlists end here. */

/** FFmpeg demuxer names, as `-format_whitelist` takes them: no hls, dash, concat, sdp, image or animation demuxer. */
export const FORMAT_WHITELIST = "mov,matroska,webm,mpegts,avi,flv,ogg,asf,mpeg";

export type Container = "mov" | "matroska" | "mpegts" | "avi" | "flv" | "ogg" | "asf" | "mpeg";

/** Bytes that `containerOf` wants to see of the file's head. */
export const MAGIC_BYTES = 4096;

const ascii = (head: Uint8Array, from: number, to: number) =>
  Buffer.from(head.subarray(from, to)).toString("latin1");

/** Top-level boxes that a QuickTime or ISO file may begin with. */
const MOV_FIRST = new Set(["ftyp", "styp", "moov", "mdat", "free", "skip", "wide", "pnot", "moof", "sidx"]);

const isMov = (head: Uint8Array) => {
  if (!MOV_FIRST.has(ascii(head, 4, 8))) return false;
  const size = Buffer.from(head.subarray(0, 4)).readUInt32BE(0);
  return size === 0 || size === 1 || size >= 8;
};

/** A sync byte each 188 (or 192, with a 4-byte time code before it) bytes, five times in a row. */
const isTransportStream = (head: Uint8Array) =>
  [
    { packet: 188, lead: 0 },
    { packet: 192, lead: 4 },
  ].some(({ packet, lead }) => {
    for (let start = 0; start < packet; start++) {
      let hits = 0;
      while (hits < 5 && head[start + lead + hits * packet] === 0x47) hits++;
      if (hits === 5) return true;
    }
    return false;
  });

const ASF_HEADER = "3026b2758e66cf11a6d900aa0062ce6c";

/** The container of a file that begins with `head`; null for what is no video container that we read. */
export function containerOf(head: Uint8Array): Container | null {
  if (head.length < 12) return null;
  const hex = Buffer.from(head.subarray(0, 16)).toString("hex");
  if (hex.startsWith("1a45dfa3")) return "matroska";
  if (isMov(head)) return "mov";
  if (ascii(head, 0, 4) === "RIFF" && ascii(head, 8, 11) === "AVI") return "avi";
  if (ascii(head, 0, 3) === "FLV") return "flv";
  if (ascii(head, 0, 4) === "OggS") return "ogg";
  if (hex === ASF_HEADER) return "asf";
  if (hex.startsWith("000001ba")) return "mpeg";
  return isTransportStream(head) ? "mpegts" : null;
}
