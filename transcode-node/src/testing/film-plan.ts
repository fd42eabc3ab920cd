/**
 * A plan for tests that need one without a source: 25 frames a second, a first chunk of 4 s, then one with
 * the rest.
 */
import type { CutPlan } from "@storagex/contract/tasks/plan";

export function filmPlan(seconds: number, [width, height]: readonly [number, number] = [1280, 720]): CutPlan {
  const rate = { num: 25, den: 1 };
  return {
    source: {
      ...{ container: "mov", codec: "h264", width, height, duration: seconds, frameRate: rate },
      ...{ variableFrameRate: false, bitDepth: 8, interlaced: false, hdr: null, bitrate: 0 },
      ...{ decoders: ["h264", "aac"], videoStream: 0, text: [] },
      audio: [{ stream: 0, codec: "aac", channels: 2, language: null, label: null, default: true }],
    },
    grid: { rate, segmentFrames: 50, totalFrames: 25 * seconds, preRoll: 1 },
    rungs: [{ name: `${height}p`, codec: "h264", width, height, crf: 22, maxrate: 3_000_000 }],
    preset: "veryfast",
    chunks: [
      { index: 0, firstFrame: 0, frames: 100 },
      { index: 1, firstFrame: 100, frames: null },
    ],
    audioPieceSeconds: 30,
    mezzanine: null,
  };
}
