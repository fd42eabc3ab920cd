/** The figures of an audience, from sums whose answer is known. */
import { audienceSchema } from "@storagex/contract/audience";
import { expect, test } from "vitest";
import { audienceOf, quantile, retentionOf, type Tally } from "./figures.ts";

const tally = (more: Partial<Tally>): Tally => ({
  ...{ day: 20_454, views: 0, viewers: 0, watchedMs: 0, stallMs: 0, ended: 0, counts: {} },
  ...more,
});

test("quantiles are values that were measured (nearest rank)", () => {
  const counts = (values: readonly number[]) =>
    values.reduce((all, value) => all.set(String(value), (all.get(String(value)) ?? 0) + 1), new Map());
  expect(quantile(counts([400]), 0.5)).toBe(400);
  expect(quantile(counts([100, 200, 300, 400]), 0.5)).toBe(200);
  const hundred = counts(Array.from({ length: 100 }, (_, n) => 10 * (n + 1)));
  expect([quantile(hundred, 0.5), quantile(hundred, 0.95), quantile(hundred, 1)]).toEqual([500, 950, 1_000]);
  // By size, not by text.
  expect(quantile(counts([9, 80, 700]), 0.5)).toBe(80);
  expect(quantile(new Map(), 0.5)).toBeNull();
});

test("the curve adds up where views begin and end", () => {
  // Two from the start, of which one leaves half way; one sees the last tenth only.
  const curve = retentionOf(
    new Map([
      ["0", 2],
      ["50", -1],
      ["90", 1],
      ["100", -2],
    ]),
    3,
  );
  expect([curve.length, curve[0], curve[49], curve[50], curve[89], curve[90], curve[99]]).toEqual([
    100, 0.6667, 0.6667, 0.3333, 0.3333, 0.6667, 0.6667,
  ]);
});

test("days that are over and days that are not add up; every day is there", () => {
  const audience = audienceOf(
    { first: 20_453, last: 20_455 },
    [
      { day: 20_454, views: 3, watchSeconds: 60 },
      { day: 20_455, views: 1, watchSeconds: 4.005 },
    ],
    [
      tally({
        ...{ views: 2, viewers: 1, watchedMs: 30_000, stallMs: 10_000, ended: 1 },
        counts: {
          startup: { 300: 2 },
          place: { "https://a.example": 1 },
          device: { phone: 2 },
          step: { 0: 2, 100: -2 },
        },
      }),
      tally({
        views: 1,
        viewers: 1,
        watchedMs: 10_000,
        counts: { device: { tv: 1 }, step: { 0: 1, 50: -1 } },
      }),
      tally({
        ...{ day: 20_455, views: 1, viewers: 1, watchedMs: 4_000 },
        counts: {
          startup: { 900: 1 },
          place: { "https://b.example": 4, "https://a.example": 3 },
          device: { phone: 1 },
        },
      }),
    ],
  );
  expect(audienceSchema.parse(audience)).toMatchObject({
    ...{ views: 4, viewers: 3, watchSeconds: 64.01, averageWatchSeconds: 11, completion: 0.25 },
    ...{ startupMs: { p50: 300, p95: 900 }, stallRatio: 0.1852 },
    days: [
      { day: "2025-12-31", views: 0, viewers: 0, watchSeconds: 0 },
      { day: "2026-01-01", views: 3, viewers: 2, watchSeconds: 60 },
      { day: "2026-01-02", views: 1, viewers: 1, watchSeconds: 4.01 },
    ],
    places: [
      { origin: "https://a.example", views: 4 },
      { origin: "https://b.example", views: 4 },
    ],
    devices: [
      { kind: "phone", views: 3 },
      { kind: "tv", views: 1 },
    ],
  });
  expect([audience.retention[0], audience.retention[60]]).toEqual([0.75, 0.5]);
});

test("nobody yet: zeros, and nothing that was not measured", () => {
  const audience = audienceOf({ first: 1, last: 1 }, [], []);
  expect(audienceSchema.parse(audience)).toEqual({
    ...{ views: 0, viewers: 0, watchSeconds: 0, averageWatchSeconds: 0, completion: 0, stallRatio: 0 },
    startupMs: { p50: null, p95: null },
    days: [{ day: "1970-01-02", views: 0, viewers: 0, watchSeconds: 0 }],
    retention: Array.from({ length: 100 }, () => 0),
    ...{ places: [], devices: [] },
  });
});
