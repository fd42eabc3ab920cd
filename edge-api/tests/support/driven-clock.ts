/** A clock that stands still until a test moves it. */
import type { Clock } from "../../../transcode-node/src/imports/pace.ts";

export function drivenClock(): Clock & { pass(ms: number): void; waits(): number[] } {
  let now = 0;
  const waiting = new Set<{ until: number; ms: number; end: () => void }>();
  return {
    now: () => now,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const entry = { until: now + ms, ms, end };
        function end(): void {
          waiting.delete(entry);
          signal.removeEventListener("abort", end);
          resolve();
        }
        signal.addEventListener("abort", end, { once: true });
        waiting.add(entry);
      }),
    /** What is due by then ends. */
    pass(ms) {
      now += ms;
      for (const entry of [...waiting]) if (entry.until <= now) entry.end();
    },
    /** How long those wait that wait now. */
    waits: () => [...waiting].map(({ ms }) => ms),
  };
}
