/**
 * A real worker process for tests of what happens around a step: a plan only waits (`STEP_MS`, or for as long
 * as its file `PLAN_LASTS` exists), a chunk runs a real FFmpeg, whose output is discarded, for as long as its
 * file `STEP_LASTS` exists.
 */
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readWorkerConfig } from "../../config.ts";
import { software } from "../../media/encoders/software.ts";
import { MediaFailure } from "../../media/failure.ts";
import { runTool } from "../../media/run/ffmpeg.ts";
import { armCrash } from "../../observe/crash.ts";
import { makeLog } from "../../observe/log.ts";
import { stopOnSignals } from "../../service/stop.ts";
import type { StepContext } from "../../steps/step.ts";
import type { Perform } from "../attempt.ts";
import { startWorker } from "../start.ts";

const stepMs = Number(process.env.STEP_MS ?? "300");

const wait: Perform = async (lease, context) => {
  if (process.env.STEP_FAILS === "damaged") throw new MediaFailure("source.damaged", "asked to");
  const isChunk = lease.kind === "encode";
  if (isChunk) await encodeWhile(process.env.STEP_LASTS ?? "", context);
  const { PLAN_LASTS } = process.env;
  const goesOn = (waited: number) => (PLAN_LASTS ? existsSync(PLAN_LASTS) : waited < stepMs);
  for (let waited = 0; goesOn(waited) && !isChunk; waited += 100) {
    context.progress(Math.min(0.9, waited / stepMs), 1);
    await delay(100, undefined, { signal: context.signal });
  }
  const url = new URL(context.source.current().url);
  if ((lease.kind !== "plan" && lease.kind !== "encode") || url.protocol !== "http:")
    throw new Error("not what this worker is for");
  return { kind: "encode", objects: [object], poster: null, cpuSeconds: 0, wallSeconds: stepMs / 1000 };
};

/** FFmpeg run in the worker's own way, with limits of a second: only uncounted time lets it live longer. */
async function encodeWhile(file: string, context: StepContext): Promise<void> {
  const enough = new AbortController();
  const args = ["-nostdin", "-v", "error", "-progress", "pipe:1", "-re", "-f", "lavfi", "-i", "testsrc2"];
  const run = runTool({
    tool: context.tools.ffmpeg,
    args: [...args, "-metadata", `title=${file}`, "-f", "null", "-"],
    limits: { wallSeconds: Number(process.env.STEP_WALL ?? "600"), memoryBytes: null, fileBytes: 2 ** 30 },
    folder: context.scratch,
    signal: AbortSignal.any([context.signal, enough.signal]),
    stdout: "progress",
    stallMs: 1_500,
  }).then(
    (ended) => {
      throw new Error(`FFmpeg ended by itself: ${JSON.stringify(ended)}`);
    },
    (error: unknown) => {
      if (!enough.signal.aborted) throw error;
    },
  );
  const isOver = (async () => {
    while (existsSync(file)) await delay(50, undefined, { signal: context.signal });
    enough.abort();
  })();
  await Promise.all([run, isOver]);
}

const object = {
  name: "720p-0.mp4",
  rendition: "720p",
  index: 0,
  size: 10,
  etag: '"e"',
  initLength: 1,
  initHash: "0".repeat(64),
  codecs: "avc1.64001f",
  timescale: 1000,
  segments: [{ offset: 1, length: 9, duration: 1000 }],
  frames: 30,
};

const config = readWorkerConfig();
const log = makeLog(config.WORKER_NAME, config.LOG_LEVEL);
armCrash(process.env.CRASH_AT);
stopOnSignals(await startWorker(config, log, wait, software, "0.0"), log);
