/** A real worker process whose step only waits (`STEP_MS`), for tests of what happens around a step. */
import { setTimeout as delay } from "node:timers/promises";
import { readWorkerConfig } from "../../config.ts";
import { software } from "../../media/encoders/software.ts";
import { MediaFailure } from "../../media/failure.ts";
import { armCrash } from "../../observe/crash.ts";
import { makeLog } from "../../observe/log.ts";
import type { Perform } from "../attempt.ts";
import { startWorker } from "../start.ts";
import { stopOnSignals } from "../stop.ts";

const stepMs = Number(process.env.STEP_MS ?? "300");

const wait: Perform = async (lease, context) => {
  if (process.env.STEP_FAILS === "damaged") throw new MediaFailure("source.damaged", "asked to");
  for (let waited = 0; waited < stepMs; waited += 100) {
    context.progress(waited / stepMs, 1);
    await delay(100, undefined, { signal: context.signal });
  }
  const url = new URL(context.source.current().url);
  if (lease.kind !== "plan" || url.protocol !== "http:") throw new Error("not what this worker is for");
  return { kind: "encode", objects: [object], poster: null, cpuSeconds: 0, wallSeconds: stepMs / 1000 };
};

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
armCrash(config.CRASH_AT);
stopOnSignals(await startWorker(config, log, wait, software), log);
