/**
 * Tracks of an HLS presentation as files: each rendition's segments concatenated, and the time at which the
 * first one begins by its boxes.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, types } from "hls-parser";

/**
 * A track on disk; `begins` is its first frame's presentation time in seconds, by `tfdt` and composition
 * offset.
 */
export type TrackFile = { path: string; begins: number };

type Box = { type: string; start: number; end: number };

function* boxesIn(bytes: Buffer, from: number, to: number): Generator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.readUInt32BE(at);
    if (size < 8) throw new Error(`box of ${size} bytes at ${at}`);
    yield { type: bytes.toString("latin1", at + 4, at + 8), start: at + 8, end: at + size };
    at += size;
  }
}

function boxAt(bytes: Buffer, path: string, from = 0, to = bytes.length): Box | undefined {
  const [type, ...rest] = path.split("/");
  for (const box of boxesIn(bytes, from, to))
    if (box.type === type) return rest.length === 0 ? box : boxAt(bytes, rest.join("/"), box.start, box.end);
  return undefined;
}

/** ISO 14496-12: `tfdt` (8.8.12), plus the smallest composition offset of the first `trun` (8.8.8). */
function firstPresentation(init: Buffer, segment: Buffer): number {
  const mdhd = boxAt(init, "moov/trak/mdia/mdhd");
  const tfdt = boxAt(segment, "moof/traf/tfdt");
  const trun = boxAt(segment, "moof/traf/trun");
  if (!mdhd || !tfdt || !trun) throw new Error("a segment without its boxes");
  const timescale = init.readUInt32BE(mdhd.start + (init[mdhd.start] === 1 ? 20 : 12));
  const decode =
    segment[tfdt.start] === 1
      ? Number(segment.readBigUInt64BE(tfdt.start + 4))
      : segment.readUInt32BE(tfdt.start + 4);
  const flags = segment.readUInt32BE(trun.start) & 0xffffff;
  if ((flags & 0x800) === 0) return decode / timescale;
  const samples = segment.readUInt32BE(trun.start + 4);
  const head = 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
  const fields = [0x100, 0x200, 0x400, 0x800].filter((field) => (flags & field) !== 0);
  // Samples may be shown before the first stored one: a player begins with the earliest of the segment.
  let durations = 0;
  let earliest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < samples; n++) {
    const at = trun.start + head + n * fields.length * 4;
    const offset = segment.readInt32BE(at + 4 * fields.indexOf(0x800));
    earliest = Math.min(earliest, durations + offset);
    const tfhd = boxAt(segment, "moof/traf/tfhd");
    const trackDuration = tfhd ? defaultDuration(segment, tfhd) : undefined;
    durations += fields.includes(0x100) ? segment.readUInt32BE(at) : (trackDuration ?? trexDuration(init));
  }
  return (decode + earliest) / timescale;
}

function defaultDuration(segment: Buffer, tfhd: Box): number | undefined {
  const flags = segment.readUInt32BE(tfhd.start) & 0xffffff;
  if ((flags & 0x8) === 0) return undefined;
  return segment.readUInt32BE(tfhd.start + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0));
}

function trexDuration(init: Buffer): number {
  const trex = boxAt(init, "moov/mvex/trex");
  return trex ? init.readUInt32BE(trex.start + 12) : 0;
}

async function bytesOf(url: string, range?: { offset: number; length: number }): Promise<Buffer> {
  const headers = range ? { range: `bytes=${range.offset}-${range.offset + range.length - 1}` } : {};
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${answer.status} for ${new URL(url).pathname}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The multivariant playlist at `url`. */
export async function multivariant(url: string): Promise<types.MasterPlaylist> {
  const playlist = parse((await bytesOf(url)).toString());
  if (!(playlist instanceof types.MasterPlaylist)) throw new Error("no multivariant playlist");
  return playlist;
}

async function trackFile(url: string, path: string): Promise<TrackFile> {
  const playlist = parse((await bytesOf(url)).toString());
  if (!(playlist instanceof types.MediaPlaylist)) throw new Error("no media playlist");
  const pieces: Buffer[] = [];
  let init: Buffer | undefined;
  let begins: number | undefined;
  let map = "";
  for (const { uri, byterange, map: head } of playlist.segments) {
    if (head && JSON.stringify(head) !== map) {
      map = JSON.stringify(head);
      init = await bytesOf(new URL(head.uri, url).href, head.byterange);
      pieces.push(init);
    }
    const segment = await bytesOf(new URL(uri, url).href, byterange);
    if (!init) throw new Error("a segment without its map");
    begins ??= firstPresentation(init, segment);
    pieces.push(segment);
  }
  await writeFile(path, Buffer.concat(pieces));
  return { path, begins: begins ?? 0 };
}

/** Seconds in the playlist of the first (highest) rendition at `url`. */
export async function playlistSeconds(url: string): Promise<number> {
  const [variant] = (await multivariant(url)).variants;
  if (!variant) throw new Error("no rendition");
  const playlist = parse((await bytesOf(new URL(variant.uri, url).href)).toString());
  if (!(playlist instanceof types.MediaPlaylist)) throw new Error("no media playlist");
  return playlist.segments.reduce((sum, { duration }) => sum + duration, 0);
}

/**
 * The first (highest) rendition's frames and the default audio of the presentation at `url`, as files until
 * disposed.
 */
export async function openTracks(
  url: string,
): Promise<{ video: TrackFile; audio: TrackFile | null } & AsyncDisposable> {
  const main = await multivariant(url);
  const [variant] = main.variants;
  if (!variant) throw new Error("no rendition");
  const folder = await mkdtemp(join(tmpdir(), "storagex-hls-"));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const audio = variant.audio.find((rendition) => rendition.isDefault)?.uri;
    return {
      video: await trackFile(new URL(variant.uri, url).href, join(folder, "video.mp4")),
      audio: audio ? await trackFile(new URL(audio, url).href, join(folder, "audio.mp4")) : null,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
