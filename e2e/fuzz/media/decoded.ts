/**
 * What plain FFmpeg decodes of a file, without any of the product's arguments: the reference for a correct
 * result.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Plan } from "@storagex/contract/tasks/plan";
import { z } from "zod";
import { type Frame, framesOf } from "../../testing/measure.ts";

const run = promisify(execFile);

/** Seconds on the file's own clock. */
export type Span = { at: number; lasts: number };
/** The frames with their mean luma, and the start and length of every video and audio frame. */
export type Decoded = { shown: Frame[]; video: Span[]; audio: Span[][] };

const seconds = z.coerce.number().optional().catch(undefined);
const frameSchema = z.object({
  best_effort_timestamp_time: seconds,
  pkt_duration_time: seconds,
  /** Its name since FFmpeg 6. */
  duration_time: seconds,
});
/** FFmpeg ends with an error on many a damaged file, after it has output what it could. */
const whatItGave = async (tool: string, args: readonly string[]): Promise<string> => {
  try {
    return (await run(tool, args, { maxBuffer: 256 * 2 ** 20 })).stdout;
  } catch (error) {
    return z.object({ stdout: z.string() }).parse(error).stdout;
  }
};

async function spansOf(path: string, stream: string, demuxer: readonly string[]): Promise<Span[]> {
  const ask = ["-show_entries", "frame=best_effort_timestamp_time,pkt_duration_time,duration_time"];
  // One line a frame: ffprobe itself may end in the middle of a damaged file.
  const args = ["-v", "quiet", ...demuxer, "-select_streams", stream, ...ask, "-of", "compact=p=0", path];
  const lines = (await whatItGave("ffprobe", args)).split("\n").slice(0, -1);
  return lines.flatMap((line) => {
    const fields = Object.fromEntries(line.split("|").map((field) => field.split("=", 2)));
    const frame = frameSchema.parse(fields);
    const at = frame.best_effort_timestamp_time;
    if (at === undefined || Number.isNaN(at)) return [];
    return [{ at, lasts: frame.duration_time ?? frame.pkt_duration_time ?? 0 }];
  });
}

/** The tracks of a source that its plan uses, read by the demuxer that its first bytes name. */
export async function decodedSource(path: string, { source, mezzanine }: Plan): Promise<Decoded> {
  // A plan with a mezzanine describes the mezzanine, which has another demuxer.
  const demuxer = source.demuxer === undefined || mezzanine !== null ? [] : ["-f", source.demuxer];
  const stream = mezzanine === null ? source.videoStream : 0;
  const [shown, video, ...audio] = await Promise.all([
    framesOf(path, { before: [...demuxer, "-copyts"], stream }).catch(() => []),
    spansOf(path, `v:${stream}`, demuxer),
    ...source.audio.map((track) => spansOf(path, `a:${track.stream}`, demuxer)),
  ]);
  return { shown, video, audio };
}

/** The same of a finished MP4. */
export async function decodedMp4(path: string): Promise<Decoded> {
  const [shown, video, audio] = await Promise.all([
    framesOf(path, { before: ["-copyts"] }),
    spansOf(path, "v:0", []),
    spansOf(path, "a:0", []),
  ]);
  return { shown, video, audio: audio.length > 0 ? [audio] : [] };
}
