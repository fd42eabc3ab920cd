/** Packet listings: processed as they arrive, in any size of reads, with packets that lack some fields. */
import { expect, test } from "vitest";
import { gapOf } from "./facts.ts";
import { PacketFold } from "./keyframes.ts";

test("longest gap, last packet and end, from lines cut anywhere", () => {
  const lines =
    "0,10.0,9.9,0.5,K__\n0,10.5,10.4,0.5,___\n0,12.0,11.9,0.5,K__\n0,11.5,11.9,0.5,___\n0,18.0,17.9,0.5,K__\n";
  for (const step of [1, 5, lines.length]) {
    const fold = new PacketFold(10, 0);
    for (let at = 0; at < lines.length; at += step) fold.take(lines.slice(at, at + step));
    expect(fold.packets()).toMatchObject({
      ...{ count: 5, untimed: 0, first: 0, last: 8, end: 8.5, gap: 6, restarts: false, ends: new Map() },
      // In display order: the third is stored before the fourth.
      intervals: [
        { seconds: 0.5, count: 2 },
        { seconds: 1, count: 1 },
        { seconds: 6, count: 1 },
      ],
    });
  }
});

test("a packet without its presentation time counts by its decode time; one without any is left out", () => {
  const fold = new PacketFold(0, 0);
  fold.take("0,N/A,2.0,0.04,K__\n0,N/A,N/A,0.04,K__\n\n");
  expect(fold.packets()).toMatchObject({ count: 1, untimed: 1, last: 2, gap: 2 });
});

test("untimed packets are counted with their durations; timed ones are points of the decoding clock", () => {
  const fold = new PacketFold(10, 0);
  fold.take("0,10.1,10.0,0.04,K__\n1,10.0,10.0,0.02,K__\n0,N/A,N/A,0.04,___\n0,N/A,N/A,0.02,___\n");
  fold.take("0,10.12,N/A,0.04,___\n");
  const { points, untimed, untimedSeconds, delay } = fold.packets();
  expect(points.map(({ packet, seconds }) => [packet, Math.round(1000 * seconds)])).toEqual([
    [0, 0],
    [3, 120],
  ]);
  expect([untimed, untimedSeconds, delay?.toFixed(3)]).toEqual([2, expect.closeTo(0.06, 6), "0.100"]);
});

test("what an edit list cuts off counts for decoding only", () => {
  const fold = new PacketFold(0, 0);
  fold.take("0,-0.6,-0.6,0.04,K_D\n0,-0.1,-0.1,0.04,__D\n0,0.0,0.0,0.04,___\n");
  fold.take("0,2.0,2.0,0.04,___\n0,2.4,2.4,0.04,__D\n1,9.0,9.0,0.04,K_D\n");
  expect(fold.packets()).toMatchObject({ count: 2, last: 2, end: 2.04, ends: new Map() });
});

test("decode times that go back are another recording's; the wrap of one or two frames is none", () => {
  const fold = new PacketFold(0, 0);
  fold.take("0,0.1,0.0,0.04,K__\n0,0.5,0.5,0.04,___\n0,0.3,0.4,0.04,___\n");
  expect(fold.packets().restarts).toBe(false);
  fold.take("0,N/A,N/A,0.04,___\n0,0.0,-0.2,0.04,K__\n");
  expect(fold.packets().restarts).toBe(true);
});

test("no packet, no gap", () => {
  expect(new PacketFold(0, 0).packets()).toEqual({
    intervals: [],
    count: 0,
    untimed: 0,
    first: Number.POSITIVE_INFINITY,
    last: 0,
    end: 0,
    gap: null,
    restarts: false,
    ends: new Map(),
    untimedSeconds: 0,
    points: [],
    delay: null,
  });
});

test("the gap counts from the start and to the end, over a million keyframes too", () => {
  expect(gapOf([3, 5, 6], 20)).toBe(14);
  expect(gapOf([16, 17], 20)).toBe(16);
  expect(gapOf([], 20)).toBeNull();
  expect(gapOf(null, 20)).toBeNull();
  expect(
    gapOf(
      Array.from({ length: 1e6 }, (_, n) => n),
      1e6,
    ),
  ).toBe(1);
});

test("other streams count by their ends alone", () => {
  const fold = new PacketFold(10, 1);
  fold.take(
    "0,10.0,10.0,0.5,K__\n1,10.2,10.2,0.04,K__\n0,12.0,12.0,0.5,K__\n2,11.0,11.0,N/A,K__\n0,11.5,11.5,0.5,K__\n",
  );
  expect(fold.packets()).toMatchObject({
    count: 1,
    ends: new Map([
      [0, 2.5],
      [2, 1],
    ]),
  });
});
