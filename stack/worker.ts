/** A worker: claims tasks and encodes; as many as `STORAGEX_WORKERS` says. */
import { join } from "node:path";
import { nodePart } from "./node-part.ts";
import type { Part } from "./part.ts";
import { inClone } from "./paths.ts";
import type { FfmpegProgram } from "./programs.ts";

export type WorkerSettings = {
  amqpUrl: string;
  edgeApiUrl: string;
  /** `id.secret` */
  credential: string;
  scratch: string;
  ffmpeg: FfmpegProgram;
  h264Encoder: string;
  /** Tasks at a time; undefined: what the worker finds best for its cores. */
  slots: number | undefined;
  logLevel: string;
  crashAt: string | undefined;
};

/** Worker number `index` (from 1) as a part of the stack. It serves nobody, so to run is to be ready. */
export function workerPart(index: number, settings: WorkerSettings): Part {
  const name = `worker-${index}`;
  return nodePart({
    name,
    entry: inClone("transcode-node", "src", "worker.ts"),
    env: {
      AMQP_URL: settings.amqpUrl,
      EDGE_API_URL: settings.edgeApiUrl,
      WORKER_NAME: name,
      WORKER_CREDENTIAL: settings.credential,
      WORKER_SCRATCH: join(settings.scratch, name),
      ...(settings.slots === undefined ? {} : { WORKER_SLOTS: String(settings.slots) }),
      WORKER_HEALTH_PORT: "0",
      FFMPEG_PATH: settings.ffmpeg.ffmpeg,
      FFPROBE_PATH: settings.ffmpeg.ffprobe,
      H264_ENCODER: settings.h264Encoder,
      LOG_LEVEL: settings.logLevel,
      ...(settings.crashAt === undefined ? {} : { CRASH_AT: settings.crashAt }),
    },
    isReady: () => Promise.resolve(true),
    stopWithinMs: 3_000,
  });
}
