/**
 * Decides whether the source's own video can be the top rung unchanged. Every doubt means no: an encode is
 * always correct.
 */
import { ladderFor, type Rung } from "@storagex/contract/media/ladder";
import type { Rational, SourceFacts } from "@storagex/contract/tasks/plan";
import type { Frames } from "../index/sample-table.ts";
import { type Probed, videoStream } from "../source/probe.ts";
import { perSecond, segmentChoices } from "./grid.ts";
import { levelFor, levelNumber } from "./h264-level.ts";

/** What browsers decode everywhere, without 4:2:2, 10 bits and lossless. */
const PROFILES = new Set(["Constrained Baseline", "Main", "High"]);
/** Encoders often declare a higher level than they use; every browser's decoder supports this one. */
const USUAL_LEVEL = 41;
/** Undeclared, or the value of our own renditions. */
const isOurs = (said: string | undefined) => said === undefined || said === "unknown" || said === "bt709";

/** Why the probed video format is not that of our renditions; null where it is. */
export function formFault(probed: Probed, facts: SourceFacts): string | null {
  const stream = videoStream(probed);
  const { sample_aspect_ratio: aspect = "1:1", color_primaries, color_range, color_transfer } = stream ?? {};
  if (facts.codec !== "h264") return `it is ${facts.codec}`;
  if (!PROFILES.has(stream?.profile ?? "")) return `its profile is ${stream?.profile}`;
  const ours = levelNumber(levelFor({ ...facts, frameRate: perSecond(facts.frameRate), maxrate: 0 }));
  if (!stream?.level || stream.level > Math.max(USUAL_LEVEL, ours)) return `its level is ${stream?.level}`;
  if (stream.pix_fmt !== "yuv420p" || color_range === "pc") return `its pixels are ${stream?.pix_fmt}`;
  if (stream.field_order !== "progressive" || facts.interlaced) return "it may be interlaced";
  if (facts.hdr || facts.matrix !== "bt709" || !isOurs(color_primaries) || !isOurs(color_transfer))
    return "its colours are not BT.709";
  if (!["1:1", "0:1", "N/A"].includes(aspect)) return "its pixels are not square";
  if (stream.side_data_list.some(({ rotation }) => rotation !== undefined)) return "it is turned";
  if (stream.width !== facts.width || stream.height !== facts.height) return "it is shown in another size";
  if (facts.variableFrameRate) return "its rate varies";
  // Our timeline may begin with the audio.
  if (Math.abs((stream.start_time ?? 0) - (facts.origin ?? 0)) > 1e-6) return "it begins late";
  return null;
}

export type Fit = {
  segmentFrames: number;
  totalFrames: number;
  /** Bits a second of the largest segment. */
  peak: number;
};

/** How a grid of `rate` fits the frames so that each segment is decodable alone, or why it does not. */
export function fitOf(frames: Frames, rate: Rational): Fit | string {
  const { ticks, timescale, sizes } = frames;
  if (ticks * rate.num !== timescale * rate.den) return "its clock is not the grid's";
  const cuts = cutsOf(frames);
  const standing = new Set(cuts);
  const totalFrames = sizes.length;
  const isCutEvery = (length: number) => {
    for (let at = 0; at < totalFrames; at += length) if (!standing.has(at)) return false;
    return true;
  };
  const segmentFrames = segmentChoices(rate, cuts).find(isCutEvery);
  if (segmentFrames === undefined) return "its keyframes do not stand at even distances";
  return {
    segmentFrames,
    totalFrames,
    peak: peakOf(sizes, segmentFrames) * (perSecond(rate) / segmentFrames),
  };
}

/** Frames where decoding may begin: all frames shown before them, and no others, are stored before them. */
function cutsOf({ slots, keys }: Frames): number[] {
  const cuts: number[] = [];
  let highest = -1;
  for (const [n, slot] of slots.entries()) {
    if (keys[n] === 1 && slot === n && highest === n - 1) cuts.push(n);
    highest = Math.max(highest, slot);
  }
  return cuts;
}

/** Bits of the largest segment. */
function peakOf(sizes: Uint32Array, segmentFrames: number): number {
  let [peak, sum] = [0, 0];
  for (const [n, size] of sizes.entries()) {
    sum = n % segmentFrames === 0 ? size : sum + size;
    peak = Math.max(peak, sum);
  }
  return 8 * peak;
}

/** The top rung as the source's own packets with the grid that fits them, or why it is encoded. */
export function copyOf(
  { facts, frames }: { facts: SourceFacts; frames: (() => Frames | string) | undefined },
  top: Rung,
): { rung: Rung; fit: Fit } | string {
  if (top.width !== facts.width || top.height !== facts.height) return "no rung is of its size";
  const listed = frames ? listedBy(frames) : "its container has no table of frames";
  if (typeof listed === "string") return listed;
  const fit = fitOf(listed, facts.frameRate);
  if (typeof fit === "string") return fit;
  // The ladder's own cap: the rung's cap is bounded by the source's mean bitrate, which no source stays below
  // throughout.
  const [{ maxrate: cap } = top] = ladderFor({
    ...facts,
    frameRate: perSecond(facts.frameRate),
    sourceRate: 0,
  });
  if (fit.peak > cap) return `it takes ${Math.round(fit.peak)} bits a second where the rung has ${cap}`;
  return { rung: { ...top, copied: true, maxrate: Math.max(top.maxrate, Math.ceil(fit.peak)) }, fit };
}

/** Where our reader fails on a table, FFmpeg must read the file. */
function listedBy(frames: () => Frames | string): Frames | string {
  try {
    return frames();
  } catch {
    return "its table makes no sense";
  }
}
