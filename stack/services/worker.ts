/** A worker service: claims tasks and encodes. `STORAGEX_WORKERS` says how many there are. */
import { join } from "node:path";
import { inClone } from "../paths.ts";
import type { FfmpegProgram } from "../setup/programs.ts";
import { answersHttp } from "../supervise/probe.ts";
import { nodeService, WITH_BROKER_MS } from "./node-service.ts";
import type { Service } from "./service.ts";

export type WorkerSettings = {
  amqpUrl: string;
  edgeApiUrl: string;
  /** `id.secret` */
  credential: string;
  scratch: string;
  ffmpeg: FfmpegProgram;
  h264Encoder: string;
  deinterlace: string;
  /** Tasks at a time; undefined: the worker chooses by its cores. */
  slots: number | undefined;
  /** Memory for its FFmpegs, in bytes; undefined: the worker calculates it. */
  memoryBytes: number | undefined;
  logLevel: string;
  healthPort: number;
};

/** Worker number `index` (from 1); it is ready when it consumes tasks from the broker. */
export function workerService(index: number, settings: WorkerSettings): Service {
  const name = `worker-${index}`;
  return nodeService({
    name,
    entry: inClone("transcode-node", "src", "worker.ts"),
    env: {
      AMQP_URL: settings.amqpUrl,
      EDGE_API_URL: settings.edgeApiUrl,
      WORKER_NAME: name,
      WORKER_CREDENTIAL: settings.credential,
      WORKER_SCRATCH: join(settings.scratch, name),
      ...(settings.slots === undefined ? {} : { WORKER_SLOTS: String(settings.slots) }),
      ...(settings.memoryBytes === undefined ? {} : { WORKER_MEMORY_BYTES: String(settings.memoryBytes) }),
      WORKER_HEALTH_PORT: String(settings.healthPort),
      FFMPEG_PATH: settings.ffmpeg.ffmpeg,
      FFPROBE_PATH: settings.ffmpeg.ffprobe,
      H264_ENCODER: settings.h264Encoder,
      DEINTERLACE: settings.deinterlace,
      LOG_LEVEL: settings.logLevel,
    },
    isReady: () => answersHttp(`http://127.0.0.1:${settings.healthPort}/healthz`),
    readyWithinMs: WITH_BROKER_MS,
    stopWithinMs: 3_000,
  });
}
