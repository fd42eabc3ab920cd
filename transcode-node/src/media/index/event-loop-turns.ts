/** Lets other work run while a long index is read: a worker that reports nothing loses its leases. */
import { setImmediate } from "node:timers/promises";

const EVERY = 20_000;

/** `isDue` after each twenty thousand of the `done` entries; then a turn of the event loop is to be waited for. */
export function eventLoopTurns() {
  let last = 0;
  return {
    isDue(done: number): boolean {
      if (done - last < EVERY) return false;
      last = done;
      return true;
    },
    take: () => setImmediate(),
  };
}
