/**
 * Edits boxes of MP4 files whose index comes last, so that no offset moves: files as some devices write them
 * and FFmpeg does not.
 */
import { readFile, writeFile } from "node:fs/promises";

/**
 * Bytes before the boxes within a box: counts of `stsd`, fields of a visual sample entry (ISO/IEC 14496-12).
 */
const FIELDS: Readonly<Record<string, number>> = { stsd: 8, avc1: 78, hvc1: 78 };

const box = (type: string, body: Buffer): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, "latin1");
  return Buffer.concat([header, body]);
};

/** `bytes` with the body of the first box at `path` changed. Throws where there is none. */
function rewritten(bytes: Buffer, [type = "", ...rest]: string[], change: (body: Buffer) => Buffer): Buffer {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const end = at + bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === type) {
      const body = bytes.subarray(at + 8, end);
      const fields = FIELDS[type] ?? 0;
      const within = () => [body.subarray(0, fields), rewritten(body.subarray(fields), rest, change)];
      const made = rest.length === 0 ? change(Buffer.from(body)) : Buffer.concat(within());
      return Buffer.concat([bytes.subarray(0, at), box(type, made), bytes.subarray(end)]);
    }
    at = end;
  }
  throw new Error(`no ${type} box`);
}

/** Applies each change to the box at its path, such as `moov/trak/mdia/mdhd`. */
export async function edit(path: string, changes: Record<string, (body: Buffer) => Buffer>): Promise<void> {
  let bytes: Buffer = await readFile(path);
  for (const [at, change] of Object.entries(changes)) bytes = rewritten(bytes, at.split("/"), change);
  await writeFile(path, bytes);
}

const STBL = "moov/trak/mdia/minf/stbl";

/** Adds a box of `type` to the first track's sample entry, which has the type `entry`. */
export const addToSampleEntry = (path: string, entry: string, type: string, body: Buffer): Promise<void> =>
  edit(path, {
    [`${STBL}/stsd`]: (stsd) => Buffer.concat([stsd.subarray(0, 8), grown(stsd, entry, box(type, body))]),
  });

/** The one sample entry of `stsd`, with one box more. */
function grown(stsd: Buffer, entry: string, added: Buffer): Buffer {
  if (stsd.toString("latin1", 12, 16) !== entry) throw new Error(`no ${entry}`);
  return box(entry, Buffer.concat([stsd.subarray(16), added]));
}

/** Makes the last frame of a file with one video track `seconds` longer. */
export async function lastFrameStands(path: string, seconds: number): Promise<void> {
  const ticks = { movie: 0, media: 0 };
  const longer = (body: Buffer, at: number, clock: keyof typeof ticks) => {
    body.writeUInt32BE(body.readUInt32BE(at) + Math.round(seconds * ticks[clock]), at);
    return body;
  };
  /** For a header: the ticks per second come before the duration. */
  const header = (clock: keyof typeof ticks) => (body: Buffer) => {
    ticks[clock] = body.readUInt32BE(12);
    return longer(body, 16, clock);
  };
  await edit(path, {
    "moov/mvhd": header("movie"),
    "moov/trak/tkhd": (body) => longer(body, 20, "movie"),
    "moov/trak/edts/elst": (body) => longer(body, 8, "movie"),
    "moov/trak/mdia/mdhd": header("media"),
    [`${STBL}/stts`]: (stts) => {
      const runs = stts.readUInt32BE(4);
      const at = 8 * runs;
      const [count, length] = [stts.readUInt32BE(at), stts.readUInt32BE(at + 4)];
      const tail = Buffer.alloc(8);
      tail.writeUInt32BE(1);
      tail.writeUInt32BE(length + Math.round(seconds * ticks.media), 4);
      stts.writeUInt32BE(count - 1, at);
      stts.writeUInt32BE(runs + 1, 4);
      return Buffer.concat([stts, tail]);
    },
  });
}
