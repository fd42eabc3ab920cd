/** FFmpeg's arguments to take out what stands beside the frames. */
import type { SourceFacts } from "@storagex/contract/tasks/task";
import { quiet, sourceInput } from "../args/encode-args.ts";
import { unitTypes } from "./user-data.ts";

/**
 * The bytes of all packets' messages end to end in `data`, their times and sizes in `index`: of a span of the timeline in
 * seconds, or of the whole source. Nothing is decoded.
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
    // Old containers leave out times.
    ...["-fflags", "+genpts", ...sourceInput(work.url, source, span?.from ?? 0)],
    ...[...packets, "-f", "data", work.data],
    ...[...packets, "-f", "framecrc", work.index],
  ];
};
