/** Entry of a worker: takes tasks from the broker, claims them at the API, runs FFmpeg. Holds no key to storage or database. */
import { readWorkerConfig } from "./config.ts";
import { checkCapabilities } from "./media/capabilities.ts";
import { armCrash } from "./observe/crash.ts";
import { makeLog } from "./observe/log.ts";
import { performStep } from "./steps/steps.ts";
import { startWorker } from "./worker/start.ts";
import { stopOnSignals } from "./worker/stop.ts";

const config = readWorkerConfig();
const log = makeLog(config.WORKER_NAME, config.LOG_LEVEL);
armCrash(config.CRASH_AT);
log.info(
  await checkCapabilities({ ffmpeg: config.FFMPEG_PATH, ffprobe: config.FFPROBE_PATH }),
  "FFmpeg fits",
);
stopOnSignals(await startWorker(config, log, performStep), log);
