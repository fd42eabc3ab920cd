/** What FFmpeg itself decodes of a file, without any of the product's arguments: the measure of a right success. */
import type { SourceFacts } from "@storagex/contract/task";
import { onFile } from "../../../transcode-node/src/testing/read-frames.ts";

const times = (text: string) =>
  [...text.matchAll(/^frame,(\S*?),(\S*?)(?:,|$)/gm)].flatMap(([, at, lasts]) =>
    at === undefined || Number.isNaN(Number(at)) || at === ""
      ? []
      : [{ at: Number(at), lasts: Number(lasts) || 0 }],
  );

async function framesOf(bytes: Buffer, stream: string, demuxer: string[]) {
  const ask = ["-show_entries", "frame=best_effort_timestamp_time,pkt_duration_time", "-of", "csv"];
  const args = ["-v", "quiet", ...demuxer, "-select_streams", stream, ...ask, "FILE"];
  return times((await onFile(bytes, "ffprobe", args)).toString());
}

/** Seconds from the first to the end of the last frame, or of the audio where that is later; null where nothing is decoded. */
export async function decodedSpan(bytes: Buffer, source: SourceFacts): Promise<number | null> {
  const demuxer = source.demuxer === undefined ? [] : ["-f", source.demuxer];
  const tracks = await Promise.all([
    framesOf(bytes, `v:${source.videoStream}`, demuxer),
    ...source.audio.map(({ stream }) => framesOf(bytes, `a:${stream}`, demuxer)),
  ]);
  const all = tracks.flat();
  if (all.length === 0) return null;
  const begin = Math.min(...all.map(({ at }) => at));
  return Math.max(...all.map(({ at, lasts }) => at + lasts)) - begin;
}

/** Frames and seconds of a finished MP4. */
export async function measured(bytes: Buffer): Promise<{ frames: number; seconds: number }> {
  const frames = await framesOf(bytes, "v:0", []);
  const last = frames.at(-1);
  return { frames: frames.length, seconds: last ? last.at + last.lasts : 0 };
}
