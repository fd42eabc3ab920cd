/** Lifetimes of signed URLs: never in the future, equal within a window, long enough for a paused video. */
import { describe, expect, test } from "vitest";
import { configWith } from "../testing/config-with.ts";
import { mediaLife, spanAt } from "./media-life.ts";

const now = Date.parse("2026-11-24T10:17:31.500Z");

describe("by the rule", () => {
  const config = configWith();
  test.each([
    [0, 3600],
    [90, 3780],
    [5400, 14_400],
    [100_000, 43_200],
  ])("a film of %i s lives %i s beyond its window", (duration, life) => {
    const span = spanAt(config, duration, now);
    expect(span.issued * 1000).toBeLessThanOrEqual(now);
    expect(span.issued % 300).toBe(0);
    expect(span.expires - span.issued).toBe(300 + life);
    expect(mediaLife(config, span)).toEqual({ at: new Date(span.issued * 1000), expires: 300 + life + 300 });
  });
  test("a whole window shares one span", () => {
    const start = Date.parse("2026-11-24T10:15:00Z");
    const span = spanAt(config, 10, start);
    expect(spanAt(config, 10, start + 299_999)).toEqual(span);
    expect(spanAt(config, 10, start + 300_000)).not.toEqual(span);
  });
});

test("shortened for a test, all of it is short", () => {
  const config = configWith({ STORAGEX_MEDIA_URL_SECONDS: "20" });
  const span = spanAt(config, 90, now);
  expect(span.expires * 1000 - now).toBeGreaterThanOrEqual(20_000);
  expect(mediaLife(config, span).expires).toBeLessThanOrEqual(25);
});
