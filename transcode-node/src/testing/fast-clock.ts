/** A clock for tests of what lasts minutes: it runs as always, and jumps when it is told to. */
import { performance } from "node:perf_hooks";
import { vi } from "vitest";

export function fastClock() {
  const now = performance.now.bind(performance);
  let ahead = 0;
  const spy = vi.spyOn(performance, "now").mockImplementation(() => now() + ahead);
  return {
    jump(ms: number) {
      ahead += ms;
    },
    [Symbol.dispose]: () => spy.mockRestore(),
  };
}
