/** The software encoders: x264, which every worker has and which all measurements used, and SVT-AV1. */
import type { Rung } from "@storagex/contract/media/ladder";
import type { Plan } from "@storagex/contract/tasks/plan";
import { bt709, type Encoder, inBand, levelOf } from "./encoder.ts";

function x264(rung: Rung, plan: Plan): string[] {
  const gop = String(plan.grid.segmentFrames);
  return [
    ...["-c:v", "libx264", "-preset", plan.preset, "-profile:v", "high", "-pix_fmt", "yuv420p"],
    ...["-level:v", levelOf(rung, plan)],
    // Capped CRF: easy content stays small, hard content stays under the rung's cap.
    ...["-crf", String(rung.crf), "-maxrate", String(rung.maxrate), "-bufsize", String(2 * rung.maxrate)],
    // A keyframe exactly at each segment's first frame, nowhere else, and no frame that refers across it.
    ...["-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-bf", "3"],
    ...["-x264-params", "open-gop=0:force-cfr=1"],
    // Captions in the source's frames become separate tracks: playlists say that the renditions contain none.
    ...["-a53cc", "0"],
    ...bt709,
  ];
}

export const software: Encoder = {
  name: "software",
  label: "software (x264)",
  device: null,
  init: [],
  upload: "",
  args: x264,
};

/** The same on a worker that uses hardware, for the chunks that hardware cannot encode. */
export const softwareBesideHardware: Encoder = {
  ...software,
  args: (rung, plan) => [...x264(rung, plan), ...inBand],
};

/** No hardware encoder is used for AV1: software makes its rungs whatever encodes H.264. */
export const av1 = (rung: Rung, plan: Plan): string[] => [
  // Preset 10: about the time of x264 veryfast for all rungs together. 8 bits: what every AV1 decoder in a
  // phone supports.
  ...["-c:v", "libsvtav1", "-preset", plan.preset === "medium" ? "8" : "10", "-pix_fmt", "yuv420p"],
  ...["-crf", String(rung.crf), "-maxrate", String(rung.maxrate), "-bufsize", String(2 * rung.maxrate)],
  // Keyframes only on the segment grid, as for H.264.
  ...["-g", String(plan.grid.segmentFrames), "-svtav1-params", "scd=0"],
  ...bt709,
];
