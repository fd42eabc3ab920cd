/** Caption files are parsed one step at a time, with pauses, and the queue has a limit. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.resetModules();
});
afterEach(() => vi.useRealTimers());

/** A file of `count` steps of `ms` each. Its start and end times are written to `spans`. */
function* file(
  count: number,
  ms: number,
  spans: { from: number; to: number }[],
): Generator<undefined, number> {
  for (let step = 0; step < count; step += 1) {
    const from = Date.now();
    vi.setSystemTime(from + ms);
    spans.push({ from, to: from + ms });
    yield;
  }
  return count;
}

test("others have the isolate for as long as each step took, whoever reads", async () => {
  const { inSteps } = await import("./turns.ts");
  const spans: { from: number; to: number }[] = [];
  const read = Promise.all([1, 2, 3].map(() => inSteps(file(5, 10, spans), 1000)));
  await vi.runAllTimersAsync();
  expect(await read).toEqual([5, 5, 5]);
  expect(spans).toHaveLength(15);
  for (const [n, { from }] of spans.entries())
    if (n > 0) expect(from - (spans[n - 1]?.to ?? 0)).toBeGreaterThanOrEqual(10);
});

test("a line that is too long is refused at once, and a file that fails holds up nobody", async () => {
  const { inSteps } = await import("./turns.ts");
  const many = Promise.allSettled(Array.from({ length: 30 }, () => inSteps(file(1, 1, []), 900_000)));
  await vi.runAllTimersAsync();
  const refused = (await many).filter(({ status }) => status === "rejected");
  expect(refused.length).toBeGreaterThan(10);
  expect(refused.length).toBeLessThan(25);
  vi.setSystemTime(Date.now() + 60_000);
  const broken = inSteps(
    (function* () {
      if (Date.now() > 0) throw new Error("no cue");
      yield;
    })(),
    10,
  ).catch((error: Error) => error.message);
  const after = inSteps(file(2, 1, []), 10);
  await vi.runAllTimersAsync();
  expect(await broken).toBe("no cue");
  expect(await after).toBe(2);
});
