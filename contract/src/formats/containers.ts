/**
 * The supported containers: FFmpeg's names, the signatures of their files, their file extensions and their
 * content types.
 */

/** Bytes in hex at their offset in the file. */
type Bytes = readonly [at: number, hex: string];

export type ContainerFormat = {
  /** The name that people use. */
  name: string;
  /** FFmpeg's short names of its demuxer; the key of the table is one of them. */
  demuxers: readonly string[];
  /** How a file begins: one of these signatures, with all of its bytes. */
  signatures?: readonly (readonly Bytes[])[];
  /** Types of ISO boxes (ISO 14496-12, section 4.2) that a file may begin with. */
  boxes?: readonly string[];
  /** Packets of `size` bytes with the sync byte 0x47 at `sync`. */
  packets?: readonly { size: number; sync: number }[];
  /** File extensions without the dot; the usual one first. */
  endings: readonly string[];
  contentTypes: readonly string[];
};

export const CONTAINERS = {
  mov: {
    name: "MP4, MOV, 3GP",
    demuxers: ["mov"],
    boxes: ["ftyp", "styp", "moov", "mdat", "free", "skip", "wide", "pnot", "moof", "sidx"],
    endings: ["mp4", "m4v", "mov", "qt", "3gp", "3g2", "f4v"],
    contentTypes: [
      "video/mp4",
      "video/quicktime",
      "video/x-m4v",
      "video/3gpp",
      "video/3gpp2",
      "application/mp4",
    ],
  },
  matroska: {
    name: "Matroska, WebM",
    demuxers: ["matroska", "webm"],
    signatures: [[[0, "1a45dfa3"]]],
    endings: ["mkv", "webm"],
    contentTypes: ["video/webm", "video/matroska", "video/x-matroska", "application/x-matroska"],
  },
  mpegts: {
    name: "MPEG transport stream",
    demuxers: ["mpegts"],
    // Blu-ray and AVCHD put a 4-byte timecode before each packet.
    packets: [
      { size: 188, sync: 0 },
      { size: 192, sync: 4 },
    ],
    endings: ["ts", "mts", "m2ts", "m2t", "tod"],
    // Operating systems declare the last two for `.mts` and `.ts`.
    contentTypes: ["video/mp2t", "video/vnd.dlna.mpeg-tts", "model/vnd.mts", "text/vnd.trolltech.linguist"],
  },
  mpeg: {
    name: "MPEG program stream",
    demuxers: ["mpeg"],
    signatures: [[[0, "000001ba"]]],
    endings: ["mpg", "mpeg", "vob", "mod"],
    contentTypes: ["video/mpeg", "video/mp2p", "video/dvd", "video/x-ms-vob"],
  },
  mxf: {
    name: "MXF",
    demuxers: ["mxf"],
    // SMPTE ST 377-1, section 7.1: the key of the header partition pack.
    signatures: [[[0, "060e2b34020501010d0102010102"]]],
    endings: ["mxf"],
    contentTypes: ["application/mxf", "video/mxf"],
  },
  avi: {
    name: "AVI",
    demuxers: ["avi"],
    // "RIFF", four bytes of size, "AVI".
    signatures: [
      [
        [0, "52494646"],
        [8, "415649"],
      ],
    ],
    endings: ["avi", "divx"],
    contentTypes: ["video/x-msvideo", "video/avi", "video/vnd.avi", "video/msvideo"],
  },
  dv: {
    name: "Raw DV",
    demuxers: ["dv"],
    // IEC 61834-2: a header block of 525 or 625 lines.
    signatures: [[[0, "1f07003f"]], [[0, "1f0700bf"]]],
    endings: ["dv", "dif"],
    contentTypes: ["video/dv", "video/x-dv"],
  },
  asf: {
    name: "WMV, ASF",
    demuxers: ["asf"],
    signatures: [[[0, "3026b2758e66cf11a6d900aa0062ce6c"]]],
    endings: ["wmv", "asf"],
    contentTypes: ["video/x-ms-wmv", "video/x-ms-asf", "application/vnd.ms-asf"],
  },
  flv: {
    name: "Flash video",
    demuxers: ["flv"],
    signatures: [[[0, "464c56"]]],
    endings: ["flv"],
    contentTypes: ["video/x-flv"],
  },
  ogg: {
    name: "Ogg",
    demuxers: ["ogg"],
    signatures: [[[0, "4f676753"]]],
    endings: ["ogv", "ogg", "ogm"],
    contentTypes: ["video/ogg", "application/ogg"],
  },
} as const satisfies Record<string, ContainerFormat>;

export type Container = keyof typeof CONTAINERS;

const FORMATS: readonly ContainerFormat[] = Object.values(CONTAINERS);

/** FFmpeg's demuxer names, as `-format_whitelist` takes them: no playlist, script, image or animation demuxer. */
export const FORMAT_WHITELIST = FORMATS.flatMap(({ demuxers }) => demuxers).join(",");

/** File extensions, without the dot. */
export const FILE_ENDINGS: readonly string[] = FORMATS.flatMap(({ endings }) => endings);

/** Content types that are declared for these containers, in lower case. */
export const CONTENT_TYPES: readonly string[] = FORMATS.flatMap(({ contentTypes }) => contentTypes);
