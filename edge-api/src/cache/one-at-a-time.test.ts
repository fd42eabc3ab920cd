import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work whose runs end when the test says so, saying whether there is more. */
function work() {
  const ends: ((isMore: boolean) => void)[] = [];
  const under: Promise<unknown>[] = [];
  const edge = { config: {}, waitUntil: (run: Promise<unknown>) => under.push(run.catch(() => undefined)) };
  const ask = oneAtATime(() => new Promise((resolve) => ends.push(resolve)));
  const end = async (at: number, isMore = false) => {
    ends[at]?.(isMore);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { ask: (as = edge) => ask(as), end, edge, runs: () => ends.length };
}

test("many who ask while it runs are one more run, and whoever asks after that begins anew", async () => {
  const { ask, end, runs } = work();
  for (let n = 0; n < 50; n += 1) ask();
  expect(runs()).toBe(1);
  await end(0);
  expect(runs()).toBe(2);
  await end(1);
  expect(runs()).toBe(2);
  ask();
  expect(runs()).toBe(3);
});

test("it goes on while there is more, for a few seconds at most", async () => {
  const { ask, end, runs } = work();
  ask();
  await end(0, true);
  expect(runs()).toBe(2);
  vi.setSystemTime(Date.now() + 6_000);
  await end(1, true);
  expect(runs()).toBe(2);
  ask();
  expect(runs()).toBe(3);
});

test("a run that was killed keeps nobody from the next for long, and another configuration never", async () => {
  const { ask, edge, runs } = work();
  ask();
  ask({ ...edge, config: {} });
  expect(runs()).toBe(2);
  vi.setSystemTime(Date.now() + 16_000);
  ask();
  expect(runs()).toBe(3);
});
