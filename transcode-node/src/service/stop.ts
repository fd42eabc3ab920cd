/**
 * The end of a process: on SIGTERM or Ctrl-C it hands back what runs, within the time a supervisor
 * allows.
 */
import type { Logger } from "pino";

/** The broker redelivers whatever has not ended by then. */
const STOP_WITHIN_MS = 7_500;

/** Stops `service` on the first SIGTERM or SIGINT, then exits 0. */
export function stopOnSignals(service: { stop(): Promise<void> }, log: Logger): void {
  const stop = async () => {
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    await service.stop();
    log.info("stopped");
    process.exit(0);
  };
  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());
}
