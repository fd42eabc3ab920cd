import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

test("turns follow each other, and a line that is too long is refused at once", async () => {
  const { takeHashSlot } = await import("./hash-slots.ts");
  const turns: number[] = [];
  const waiting = Array.from({ length: 41 }, () => takeHashSlot().then(() => turns.push(Date.now())));
  await expect(takeHashSlot()).rejects.toMatchObject({ code: "auth.too_many_attempts" });
  await vi.runAllTimersAsync();
  await Promise.all(waiting);
  expect(turns).toHaveLength(41);
  for (const [at, turn] of turns.entries()) expect(turn).toBe(1_000_000 + at * 150);
  // When the line is empty, nobody waits.
  await vi.advanceTimersByTimeAsync(1_000);
  const alone = takeHashSlot();
  await vi.advanceTimersByTimeAsync(1);
  await alone;
});
