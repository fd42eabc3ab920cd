/** Views and watch time: counted once, bounded by the clock, and never with a person who asks not to be followed. */
import { expect, test } from "vitest";
import { type Report, Visits } from "./visits.ts";

const report = (session: string, played: [number, number][], more: Partial<Report> = {}): Report => ({
  videoId: "v",
  grant: { kind: "public" },
  beat: { session, played },
  isPrivate: false,
  ...more,
});

test("a view counts once, after three seconds of playing in however many reports", () => {
  const visits = new Visits();
  visits.add(report("one", [[0, 2]]), 0);
  expect(visits.take(10)).toEqual([{ video: "v", share: "", views: 0, seconds: 2 }]);
  visits.add(report("one", [[2, 3.5]]), 10_000);
  visits.add(report("one", [[3.5, 13.5]]), 20_000);
  expect(visits.take(10)).toEqual([{ video: "v", share: "", views: 1, seconds: 11.5 }]);
  visits.add(report("one", [[13.5, 20]]), 30_000);
  visits.add(report("two", [[0, 3]]), 30_000);
  expect(visits.take(10)).toEqual([{ video: "v", share: "", views: 1, seconds: 9.5 }]);
});

test("each share counts for itself", () => {
  const visits = new Visits();
  visits.add(report("one", [[0, 5]], { grant: { kind: "share", shareId: "a", lock: 0 } }), 0);
  visits.add(report("one", [[0, 5]], { grant: { kind: "share", shareId: "b", lock: 3 } }), 0);
  visits.add(report("one", [[0, 5]]), 0);
  expect(visits.take(10).map(({ share, views }) => [share, views])).toEqual([
    ["a", 1],
    ["b", 1],
    ["", 1],
  ]);
});

test("no client plays faster than time", () => {
  const visits = new Visits();
  visits.add(report("one", [[0, 90_000]]), 0);
  visits.add(report("one", [[0, 90_000]]), 10_000);
  const [row] = visits.take(10);
  expect(row?.seconds).toBe(30 + 55);
  visits.add(report("one", [[50, 10]]), 20_000);
  expect(visits.isEmpty).toBe(true);
});

test("of a person who asks not to be followed only the time counts", () => {
  const visits = new Visits();
  for (let at = 0; at < 3; at += 1) visits.add(report("one", [[0, 10]], { isPrivate: true }), at * 10_000);
  expect(visits.take(10)).toEqual([{ video: "v", share: "", views: 0, seconds: 30 }]);
});

test("what could not be written is written with the next", () => {
  const visits = new Visits();
  visits.add(report("one", [[0, 10]]), 0);
  const rows = visits.take(10);
  expect(visits.isEmpty).toBe(true);
  visits.add(report("two", [[0, 10]]), 0);
  visits.putBack(rows);
  expect(visits.take(10)).toEqual([{ video: "v", share: "", views: 2, seconds: 20 }]);
});
