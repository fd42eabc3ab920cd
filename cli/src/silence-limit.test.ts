import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SILENCE, SilenceLimit } from "./silence-limit.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a stream that is read is ended by silence, and not by what is heard in time", () => {
  const limit = new SilenceLimit();
  limit.begin();
  for (let at = 0; at < 5; at += 1) {
    vi.advanceTimersByTime(SILENCE - 1);
    limit.heard();
  }
  expect(limit.signal.aborted).toBe(false);
  vi.advanceTimersByTime(SILENCE);
  expect(limit.signal.aborted).toBe(true);
});

test("nothing ends a stream while its reader is busy, whatever arrives meanwhile", () => {
  const limit = new SilenceLimit();
  limit.begin();
  limit.pause();
  limit.heard();
  vi.advanceTimersByTime(10 * SILENCE);
  expect(limit.signal.aborted).toBe(false);
  limit.begin();
  vi.advanceTimersByTime(SILENCE);
  expect(limit.signal.aborted).toBe(true);
});
