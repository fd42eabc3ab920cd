/**
 * Entry point of a worker: takes tasks from the broker, claims them at the API, runs FFmpeg. Has no
 * credentials for the object store or the database.
 */
import { mkdir } from "node:fs/promises";
import { readWorkerConfig } from "./config.ts";
import { chooseEncoder } from "./media/encoders/choose.ts";
import { checkCapabilities } from "./media/run/capabilities.ts";
import { makeLog } from "./observe/log.ts";
import { stopOnSignals } from "./service/stop.ts";
import { performStep } from "./steps/dispatch.ts";
import { startWorker } from "./worker/start.ts";

const config = readWorkerConfig();
const log = makeLog(config.WORKER_NAME, config.LOG_LEVEL);
const tools = { ffmpeg: config.FFMPEG_PATH, ffprobe: config.FFPROBE_PATH };
const capabilities = await checkCapabilities(tools);
log.info(capabilities, "FFmpeg fits");
await mkdir(config.WORKER_SCRATCH, { recursive: true });
const wanted = config.H264_ENCODER;
const { encoder, line } = await chooseEncoder(wanted, { tool: tools.ffmpeg, scratch: config.WORKER_SCRATCH });
const isDenied = wanted !== "auto" && wanted !== encoder.name;
log[isDenied ? "warn" : "info"]({ wanted, encoder: encoder.name }, line);
stopOnSignals(await startWorker(config, log, performStep, encoder, capabilities.version), log);
