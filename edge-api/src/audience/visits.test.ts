/** What players report between two writes: joined by visit, bounded, and without a trace of who asks for none. */
import { expect, test } from "vitest";
import { onlyTime, type Visit, Visits } from "./visits.ts";

const visit = (more: Partial<Visit> = {}): Visit => ({
  ...{ video: "v", generation: 1, kind: "public", ref: "", lock: 0, scope: "", share: "", session: "one" },
  ...{ day: "2026-01-01", viewer: "hash", device: "desktop", place: null, began: 0, claimedMs: 2_000 },
  ...{ startupMs: null, stallMs: 0, ended: false, played: [[0, 2]] },
  ...more,
});

test("the reports of a visit are one row; what came first stays", () => {
  const visits = new Visits();
  visits.add(visit({ place: "https://a.example", startupMs: 300 }));
  visits.add(
    visit({
      ...{ began: 10_000, day: "2026-01-02", viewer: null, place: "https://b.example", startupMs: 900 },
      ...{
        stallMs: 50,
        ended: true,
        claimedMs: 3_000,
        played: [
          [2, 4],
          [90, 91],
        ],
      },
    }),
  );
  expect(visits.take(10)).toEqual([
    visit({
      ...{ place: "https://a.example", startupMs: 300, stallMs: 50, ended: true, claimedMs: 5_000 },
      played: [
        [0, 4],
        [90, 91],
      ],
    }),
  ]);
  expect(visits.isEmpty).toBe(true);
});

test("each share and each video counts for itself", () => {
  const visits = new Visits();
  for (const more of [{ scope: "s:a", share: "a" }, { scope: "s:b", share: "b" }, {}, { video: "w" }])
    visits.add(visit(more));
  expect(visits.take(3)).toHaveLength(3);
  expect(visits.take(3)).toHaveLength(1);
});

test("of those who ask not to be followed nothing is left but the time of all, on the video or the share", () => {
  const visits = new Visits();
  const seen = { place: "https://a.example", startupMs: 300, stallMs: 9, ended: true };
  visits.add(onlyTime(visit({ ...seen, scope: "v:member", session: "one" })));
  visits.add(onlyTime(visit({ ...seen, session: "two" })));
  visits.add(onlyTime(visit({ ...seen, scope: "s:a", share: "a" })));
  const alone = { session: "", viewer: null, device: "other" as const, played: [] };
  expect(visits.take(10)).toEqual([
    visit({ ...alone, claimedMs: 4_000 }),
    visit({ ...alone, scope: "s:a", share: "a" }),
  ]);
});

test("what could not be written is written with the next", () => {
  const visits = new Visits();
  visits.add(visit({ startupMs: 300 }));
  const rows = visits.take(10);
  visits.add(visit({ began: 5_000, startupMs: 900 }));
  visits.add(visit({ session: "two" }));
  visits.putBack(rows);
  expect(visits.take(10)).toEqual([visit({ startupMs: 300, claimedMs: 4_000 }), visit({ session: "two" })]);
});

test("memory is bounded: of too many visits only the time counts, and of a torn one only so many ranges", () => {
  const visits = new Visits();
  const torn = Array.from({ length: 200 }, (_, n) => [2 * n, 2 * n + 1] as const);
  for (let n = 0; n < 25_000; n += 1)
    visits.add(visit({ session: `s${n}`, played: n === 0 ? torn : [[0, 2]] }));
  visits.add(visit({ session: "s0", played: torn.map(([from, to]) => [from + 500, to + 500]) }));
  visits.add(visit({ session: "late" }));
  visits.add(visit({ session: "later" }));
  expect(visits.size).toBe(25_001);
  const [first, ...rest] = visits.take(30_000);
  expect(first?.played).toHaveLength(50);
  expect(rest.at(-1)).toMatchObject({ session: "", claimedMs: 4_000 });
});
