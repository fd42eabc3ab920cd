/** Tests an encoder at start: a second of test frames with the same arguments and checks as every chunk. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "@storagex/contract/tasks/plan";
import { quiet, rungArgs } from "../args/encode-args.ts";
import { checkChunk, checkNames } from "../output/check.ts";
import { cutFile } from "../output/fragments.ts";
import { endLeftovers, runTool } from "../run/ffmpeg.ts";
import { encodeLimits } from "../run/limits.ts";
import type { Encoder } from "./encoder.ts";

/**
 * A device that hangs must not delay the worker's start for long; a driver may take seconds to initialize.
 */
const PATIENCE_SECONDS = 20;
const rung = { codec: "h264" as const, crf: 23 };

/** Not the first chunk: its timestamps must begin where the chunk begins. */
const CHUNK = { index: 1, firstFrame: 8, frames: 20 };

/**
 * Four rungs at once, as many as a usual ladder opens (drivers limit sessions), cut into segments of eight
 * frames.
 */
export const PROOF: Plan = {
  source: {
    ...{ container: "mov", codec: "rawvideo", width: 1920, height: 1080 },
    ...{ duration: 2, frameRate: { num: 25, den: 1 }, variableFrameRate: false, bitDepth: 8 },
    ...{ interlaced: false, hdr: null, matrix: "bt709", bitrate: 0, decoders: [], videoStream: 0 },
    ...{ audio: [], text: [] },
  },
  grid: { rate: { num: 25, den: 1 }, segmentFrames: 8, totalFrames: 28, preRoll: 0 },
  rungs: [
    { ...rung, name: "1080p", width: 1920, height: 1080, maxrate: 5_500_000 },
    { ...rung, name: "720p", width: 1280, height: 720, maxrate: 3_000_000 },
    { ...rung, name: "480p", width: 854, height: 480, maxrate: 1_400_000 },
    { ...rung, name: "360p", width: 640, height: 360, maxrate: 800_000 },
  ],
  preset: "veryfast",
  audioPieceSeconds: 30,
  mezzanine: null,
};
const TEST_VIDEO = ["-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25:duration=1.2"];

/**
 * Null where `encoder` works with this FFmpeg on this machine, else the reason. `scratch` is a folder for
 * temporary files.
 */
export async function prove(encoder: Encoder, tool: string, scratch: string): Promise<string | null> {
  const folder = await mkdtemp(join(scratch, "prove-"));
  try {
    return await tryOut(encoder, tool, folder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await endLeftovers(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryOut(encoder: Encoder, tool: string, folder: string): Promise<string | null> {
  const run = (args: string[]) =>
    runTool({
      tool,
      args: [...quiet, ...args],
      limits: encodeLimits(PROOF, 1, PATIENCE_SECONDS, encoder),
      folder,
      device: encoder.device,
      signal: AbortSignal.timeout(2 * PATIENCE_SECONDS * 1000),
      stdout: "progress",
    });
  const pathOf = ({ name }: { name: string }) => join(folder, `${name}.mp4`);
  const work = { plan: PROOF, chunk: CHUNK, pathOf, encoder };
  const encoded = await run([...encoder.init, ...TEST_VIDEO, ...rungArgs(work)]);
  if (encoded.timedOut) return `did not end within ${PATIENCE_SECONDS} s`;
  if (encoded.code !== 0) return reasonIn(encoded.stderr);
  const cuts = await Promise.all(PROOF.rungs.map((rung) => cutFile(pathOf(rung))));
  const verdict = checkChunk(cuts, work);
  if (verdict.outcome === "short") return verdict.why;
  if (verdict.outcome === "invalid") return verdict.failure.message;
  return checkNames(cuts, PROOF);
}

/** FFmpeg's first error line: the ones after it are its consequences. */
const reasonIn = (stderr: string): string =>
  (stderr.split("\n").find((line) => line.trim() !== "") ?? "ended without a word")
    .replace(/^\[[^\]]*\] /, "")
    .slice(0, 200);
