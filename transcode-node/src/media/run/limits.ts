/** The limits of one FFmpeg run, derived from what its work should need. */
import { availableParallelism } from "node:os";
import type { Plan } from "@storagex/contract/tasks/plan";
import type { Encoder } from "../encoders/encoder.ts";
import { software } from "../encoders/software.ts";
import type { Limits } from "./ffmpeg.ts";

/** Max tracks of a source: FFmpeg opens a decoder for each. */
export const MAX_STREAMS = 64;

const GIB = 2 ** 30;

const pixelsOf = (plan: Plan): number =>
  Math.max(plan.source.width * plan.source.height, ...plan.rungs.map((rung) => rung.width * rung.height));

/**
 * Bytes of memory of one FFmpeg with the plan's whole ladder: measured 0.5 GiB for 1080p on two cores, 1.7
 * for 2160p. SVT-AV1 beside it buffers many more frames (reasoned, not measured).
 */
export function encodeMemory(plan: Plan): number {
  const h264 = (0.1 + (0.2 * pixelsOf(plan)) / 1e6) * GIB;
  return Math.round(plan.rungs.some((rung) => rung.codec === "av1") ? 2 * h264 : h264);
}

/** Bytes of memory of a run that encodes audio, probes, or copies packets. */
export const LIGHT_MEMORY = 0.15 * GIB;

/**
 * Limits of an encode of `seconds` of video within `hardLimit` seconds of wall time. Address space is not
 * memory: thread stacks and the allocator's arenas count, so it grows with the cores and with the largest
 * frame.
 */
export function encodeLimits(
  plan: Plan,
  seconds: number,
  hardLimit: number,
  encoder: Encoder = software,
): Limits {
  const av1 = plan.rungs.some((rung) => rung.codec === "av1") ? 4 * GIB : 0;
  const inSoftware = Math.round(
    4 * GIB + av1 + (pixelsOf(plan) / 2_000_000) * GIB + availableParallelism() * 0.25 * GIB,
  );
  const rate = Math.max(...plan.rungs.map((rung) => rung.maxrate));
  return {
    wallSeconds: hardLimit,
    // CUDA reserves address space as large as all memory, its own and the machine's; drivers map theirs. The
    // remaining limits are the container's, and the bounds on frame sizes.
    memoryBytes: encoder.name === "software" ? inSoftware : null,
    // The cap applies over two seconds; a file twice as long as it should be is a fault, not a video.
    fileBytes: Math.round((2 * rate * (seconds + 60)) / 8) + 64 * 2 ** 20,
  };
}

/**
 * Limits of work that copies or decodes little: audio, remux, stills, captions. `fileBytes` bounds its
 * largest file.
 */
export const lightLimits = (hardLimit: number, fileBytes: number): Limits => ({
  wallSeconds: hardLimit,
  memoryBytes: Math.round(3 * GIB + availableParallelism() * 0.25 * GIB),
  fileBytes,
});
