/** The end of a worker process: on SIGTERM or Ctrl-C what runs is handed back, within the time a supervisor gives. */
import type { Logger } from "pino";

/** Whatever has not ended by then is delivered again by the broker. */
const STOP_WITHIN_MS = 7_500;

/** Stops `worker` on the first SIGTERM or SIGINT, then exits 0. */
export function stopOnSignals(worker: { stop(): Promise<void> }, log: Logger): void {
  const stop = async () => {
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    await worker.stop();
    log.info("stopped");
    process.exit(0);
  };
  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());
}
