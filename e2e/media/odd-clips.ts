/** Files with false headers, and encrypted ones: generated clips with a few bytes changed. */
import { readFile, writeFile } from "node:fs/promises";
import { bars, clipOf, H264, tone } from "../testing/media-clips.ts";
import { edit } from "../testing/mp4-edit.ts";

const plain = [...bars("160x90", 25, 2), ...H264, "-bf", "0"];
const both = [...bars("160x90", 25, 2), ...tone(440, 2), ...H264, "-c:a", "aac"];

type Change = (bytes: Buffer) => Buffer;

/** A clip of `args` whose bytes `change` has edited. */
const changed = (name: string, args: readonly string[], recipe: string, change: Change): Promise<string> =>
  clipOf(name, args, {
    recipe,
    apply: async (path) => writeFile(path, change(await readFile(path))),
  });

const u32 = (...numbers: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [n, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * n);
  return bytes;
};
const at = (bytes: Buffer, mark: string): number => {
  const place = bytes.lastIndexOf(mark, undefined, "latin1");
  if (place < 0) throw new Error(`no ${mark}`);
  return place;
};

/** The `mdat` box claims 8 bytes more than the file has. */
export const mdatTooLong = () =>
  changed("mdat.mp4", [...plain, "-movflags", "+faststart"], "mdat 8 longer", (bytes) => {
    const size = at(bytes, "mdat") - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(size) + 8, size);
    return bytes;
  });

/** The segment claims 5,000 bytes more than the file has. */
export const segmentTooLong = () =>
  changed("segment.mkv", both, "segment 5000 longer", (bytes) => {
    const size = bytes.indexOf("18538067", 0, "hex") + 4;
    // An eight-byte length, as its first byte says.
    bytes.writeUInt32BE(bytes.readUInt32BE(size + 4) + 5000, size + 4);
    return bytes;
  });

/** Hundreds of empty boxes before `moov`. */
export const manyBoxes = () =>
  changed("boxes.mp4", both, "450 boxes", (bytes) => {
    const movie = at(bytes, "moov") - 4;
    const free = Buffer.concat([u32(8), Buffer.from("free")]);
    const many = Array.from({ length: 450 }, () => free);
    return Buffer.concat([bytes.subarray(0, movie), ...many, bytes.subarray(movie)]);
  });

/** Two seconds of media that the edit list shows twice, as four seconds: from 0 to 2, and the same again. */
export const shownTwice = () =>
  clipOf("twice.mp4", plain, {
    recipe: "shown twice",
    apply: (path) =>
      edit(path, {
        "moov/trak/edts/elst": (elst) => {
          const once = elst.subarray(8, 20);
          return Buffer.concat([u32(0, 2), once, once]);
        },
      }),
  });

/**
 * As a phone writes a recording cut at its start: the edit list skips 20 frames and begins between two
 * keyframes.
 */
export const editBeforeKeyframe = () =>
  clipOf(
    "open.mp4",
    [
      ...["-f", "lavfi", "-i", "testsrc2=s=160x90:r=30:d=3", "-c:v", "libx265", "-preset", "ultrafast"],
      ...["-x265-params", "open-gop=1:bframes=3:keyint=30:log-level=error", "-tag:v", "hvc1"],
    ],
    {
      recipe: "begins 20 frames later",
      apply: (path) => {
        let ticks = 0;
        return edit(path, {
          "moov/trak/mdia/mdhd": (mdhd) => {
            ticks = mdhd.readUInt32BE(12);
            return mdhd;
          },
          "moov/trak/edts/elst": (elst) => {
            elst.writeInt32BE(elst.readInt32BE(12) + Math.round((20 / 30) * ticks), 12);
            return elst;
          },
        });
      },
    },
  );

/** Version 1 headers with the duration value for "unknown". */
export const unknownDurations = () => {
  /**
   * `between`: bytes between flags and duration of version 0; the two times before them grow to eight bytes
   * each.
   */
  const widened = (between: number) => (body: Buffer) =>
    Buffer.concat([
      Buffer.from([1, 0, 0, 0]),
      Buffer.alloc(16),
      body.subarray(12, 12 + between),
      Buffer.alloc(8, 0xff),
      body.subarray(12 + between + 4),
    ]);
  return clipOf("ones.mp4", plain, {
    recipe: "durations of all ones",
    apply: (path) =>
      edit(path, {
        "moov/mvhd": widened(4),
        "moov/trak/tkhd": widened(8),
        "moov/trak/mdia/mdhd": widened(4),
      }),
  });
};

/** Kilobytes of other data before the first sync byte. */
export const junkFirst = () =>
  changed("junk.ts", [...both, "-f", "mpegts"], "3000 bytes of junk", (bytes) =>
    Buffer.concat([Buffer.alloc(3000, 0x55), bytes]),
  );

/** The movie's last track a thousand times. */
export const thousandTracks = () =>
  clipOf("tracks.mp4", both, {
    recipe: "1002 tracks",
    apply: (path) =>
      edit(path, {
        moov: (moov) => {
          const last = at(moov, "trak") - 4;
          const track = moov.subarray(last, last + moov.readUInt32BE(last));
          return Buffer.concat([moov, ...Array.from({ length: 1000 }, () => track)]);
        },
      }),
  });

/** The header says that the content is encrypted (ASF specification, 3.14). */
export const lockedAsf = () => {
  const wmv = [...bars("160x90", 25, 1), ...tone(440, 1), "-c:v", "wmv2", "-c:a", "wmav2"];
  return changed("locked.wmv", wmv, "content encryption", (bytes) => {
    const object = Buffer.alloc(24 + 4 * 8);
    object.write("fbb3112223bdd211b4b700a0c955fc6e", 0, "hex");
    object.writeBigUInt64LE(BigInt(object.length), 16);
    for (const n of [0, 1, 2, 3]) object.writeUInt32LE(4, 24 + n * 8);
    const end = Number(bytes.readBigUInt64LE(16));
    bytes.writeBigUInt64LE(BigInt(end + object.length), 16);
    bytes.writeUInt32LE(bytes.readUInt32LE(24) + 1, 24);
    return Buffer.concat([bytes.subarray(0, end), object, bytes.subarray(end)]);
  });
};

/** A recording of pay television without its card: every packet of the video is scrambled. */
export const scrambledStream = () =>
  changed("pay.ts", [...both, "-f", "mpegts"], "scrambled", (bytes) => {
    for (let start = 0; start + 188 <= bytes.length; start += 188) {
      if ((bytes.readUInt16BE(start + 1) & 0x1fff) !== 0x100) continue;
      bytes[start + 3] = (bytes[start + 3] ?? 0) | 0x80;
      for (let n = start + 20; n < start + 188; n++) bytes[n] = (bytes[n] ?? 0) ^ 0x5a;
    }
    return bytes;
  });

/** `ftyp`, and then no box. */
export const noBox = () =>
  changed("nobox.mp4", plain, "no box after ftyp", (bytes) => {
    const end = bytes.readUInt32BE(0);
    return Buffer.concat([bytes.subarray(0, end), Buffer.alloc(9_000, 0x07)]);
  });

/** A video codec that is not in the table. */
export const unknownVideo = () =>
  clipOf("magic.avi", [...bars("64x64", 25, 1), "-c:v", "magicyuv", "-pix_fmt", "gbrp"]);
