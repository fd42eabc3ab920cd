import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.resetModules();
});
afterEach(() => vi.useRealTimers());

/** Runs hashes that take `ms` each, and records the times at which they began and ended. */
async function line(count: number, ms: number) {
  const { inTurn } = await import("./hash-turns.ts");
  const spans: { from: number; to: number }[] = [];
  const answers = Array.from({ length: count }, () =>
    inTurn(async () => {
      const from = Date.now();
      vi.setSystemTime(from + ms);
      spans.push({ from, to: from + ms });
    }),
  );
  const settled = Promise.allSettled(answers);
  await vi.runAllTimersAsync();
  const refused = (await settled).filter(({ status }) => status === "rejected");
  return { spans, refused: refused.length };
}

test("others get their share between two hashes, even when hashes take longer than thought", async () => {
  const { spans, refused } = await line(20, 300);
  expect(refused).toBe(0);
  expect(spans).toHaveLength(20);
  for (const [at, { from }] of spans.entries()) {
    if (at > 0) expect(from - (spans[at - 1]?.to ?? 0)).toBeGreaterThanOrEqual(150);
  }
});

test("a line that is too long is refused at once, later ones are not", async () => {
  const { spans, refused } = await line(100, 100);
  expect(refused).toBeGreaterThan(50);
  expect(spans.length).toBe(100 - refused);
  expect((await line(1, 100)).refused).toBe(0);
});
