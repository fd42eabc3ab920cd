/** FFmpeg's arguments to extract the messages that accompany the frames (SEI or user data). */
import type { SourceFacts } from "@storagex/contract/tasks/plan";
import { quiet, sourceInput } from "../args/encode-args.ts";
import { unitTypes } from "./user-data.ts";

/**
 * Writes the bytes of all packets' messages, concatenated, to `data`, and their times and sizes to `index`:
 * of a span of the timeline in seconds, or of the whole source. Nothing is decoded.
 */
export const besideFramesArgs = (work: {
  url: string;
  source: SourceFacts;
  span: { from: number; to: number } | null;
  data: string;
  index: string;
}): string[] => {
  const { source, span } = work;
  const packets = [
    ...["-map", `0:v:${source.videoStream}`, "-c:v", "copy"],
    ...["-bsf:v", `filter_units=pass_types=${unitTypes(source.codec)}`],
    // Output -t counts from the timeline's zero under -copyts.
    ...(span ? ["-t", span.to.toFixed(3)] : []),
  ];
  return [
    ...quiet,
    // Old containers omit timestamps.
    ...["-fflags", "+genpts", ...sourceInput(work.url, source, span?.from ?? 0)],
    ...[...packets, "-f", "data", work.data],
    ...[...packets, "-f", "framecrc", work.index],
  ];
};
