/** CEA-608 as encoders send it, and messages as streams carry them. */
import { expect, test } from "vitest";
import { captionMessage, ERASE, type Pair, popOn, rollUp, SHOW } from "../../testing/cea608.ts";
import { readCea608 } from "./cea608.ts";
import { pairsOf, type TimedPair } from "./user-data.ts";

/** Byte pairs of the first field, one each tenth of a second, starting at each time. */
function sent(...blocks: [time: number, pairs: readonly Pair[]][]): TimedPair[] {
  return blocks.flatMap(([time, pairs]) =>
    pairs.map(([first, second], n) => ({ time: time + n / 10, field: 1 as const, first, second })),
  );
}
function read(pairs: readonly TimedPair[], channel: "CC1" | "CC2" | "CC3" = "CC1") {
  const cues = readCea608(pairs, 20).get(channel) ?? [];
  return cues.map(({ start, end, settings, text }) => `${start}-${end}${settings && ` ${settings}`} ${text}`);
}
const twice = (first: number, second: number): Pair[] => [
  [first, second],
  [first, second],
];

test("pop-on: shown at once, until it is erased or the next is shown", () => {
  expect(
    read(
      sent(
        [0, popOn("One")],
        [2, SHOW],
        [4, ERASE],
        [5, popOn("Two")],
        [7, SHOW],
        [8, popOn("Three")],
        [10, SHOW],
      ),
    ),
  ).toEqual(["2-4 One", "7-10 Two", "10-20 Three"]);
});

test("roll-up: two rows, each line with the one before it", () => {
  expect(read(sent([1, rollUp("First")], [4, rollUp("Second")], [7, rollUp("Third")], [10, ERASE]))).toEqual([
    "1.6-4.2 First",
    "4.6-7.2 First\nSecond",
    "7.6-10 Second\nThird",
  ]);
});

test("paint-on, rows at the top, italics, special and extended letters", () => {
  const pairs: Pair[] = [
    ...twice(0x14, 0x29),
    // Row 1, italics.
    ...twice(0x11, 0x4e),
    [0x41, 0x26],
    [0x3c, 0x42],
    // A music note; then an E that É replaces.
    ...twice(0x11, 0x37),
    [0x45, 0],
    ...twice(0x12, 0x21),
    // Row 2, from column 4 on, no style.
    ...twice(0x11, 0x72),
    [0x5c, 0x74],
  ];
  expect(read(sent([1, pairs], [5, ERASE]))).toEqual(["1.4-5 line:10% <i>A&amp;‹B♪É</i>\nét"]);
});

test("channels of a field, and packets about the programme, do not mix", () => {
  const second = popOn("Dos").map(([first, code]): Pair => (first === 0x14 ? [0x1c, code] : [first, code]));
  const pairs = sent([0, popOn("One")], [1.5, second], [3, SHOW], [4, twice(0x1c, 0x2f)]);
  expect(read(pairs)).toEqual(["3-20 One"]);
  expect(read(pairs, "CC2")).toEqual(["4-20 Dos"]);
  const programme: Pair[] = [
    [0x01, 0x03],
    [0x54, 0x69],
    [0x0f, 0x10],
  ];
  const other = sent([0, rollUp("C3")], [2, programme]).map((pair): TimedPair => ({ ...pair, field: 2 }));
  expect(read(other, "CC3")).toEqual(["0.6-20 C3"]);
});

test("nothing but padding is no track; a noise of pairs ends", () => {
  expect(readCea608(sent([0, [[0, 0]]]), 5).size).toBe(0);
  const noise = Array.from({ length: 50_000 }, (_, n): TimedPair => {
    const bits = Math.imul(n + 1, 2_654_435_761) >>> 0;
    return { time: n / 30, field: bits & 1 ? 1 : 2, first: (bits >>> 8) & 127, second: (bits >>> 16) & 127 };
  });
  for (const cues of readCea608(noise, 2000).values())
    for (const { start, end, text } of cues) {
      expect(end).toBeGreaterThan(start);
      expect(text.replaceAll(/<\/?[iu]>/g, "")).not.toMatch(/[<>]|\n\n/);
    }
});

const START = [0, 0, 0, 1];
/** A packet list as FFmpeg writes it: two frames whose decoding order differs from their display order. */
const indexOf = (...sizes: number[]) =>
  `#tb 0: 1/10\n#dimensions 0: 2x2\n${sizes.map((size, n) => `0, ${n}, ${sizes.length - n}, 1, ${size}, 0x1, S=1, 1`).join("\n")}\n`;

test.each([
  ["h264", (message: Buffer) => [...START, 6, 1, 1, 9, 4, message.length, ...message, 0x80]],
  ["hevc", (message: Buffer) => [...START, 78, 1, 4, message.length, ...message, 0x80]],
  ["mpeg2video", (message: Buffer) => [...START, 0xb2, ...message.subarray(3)]],
])("messages in %s, in the order of showing", (codec, unit) => {
  const units = [unit(captionMessage([0x41, 0x42])), unit(captionMessage([0x43, 0x44]))];
  const data = Uint8Array.from(units.flat());
  const list = indexOf(...units.map(({ length }) => length));
  const pairs = [...pairsOf(codec, list, data)];
  expect([...pairsOf(codec, list, data, 3)], "no more than asked for").toEqual(pairs.slice(0, 3));
  expect(pairs.filter(({ field }) => field === 2)).toHaveLength(2);
  expect(pairs.filter(({ field }) => field === 1)).toEqual([
    { time: 0.1, field: 1, first: 0x43, second: 0x44 },
    { time: 0.2, field: 1, first: 0x41, second: 0x42 },
  ]);
});

test("wrong parity, other messages, cut packets and broken lists give nothing", () => {
  const message = captionMessage([0x41, 0x42]);
  const unit = (bytes: Iterable<number>) => Uint8Array.from([...START, 6, 4, message.length, ...bytes]);
  const list = indexOf(unit(message).length);
  expect([...pairsOf("h264", list, unit(message))]).toHaveLength(2);
  const damaged = Uint8Array.from(message, (byte, at) => (at === 11 ? byte ^ 1 : byte));
  for (const [index, data] of [
    [list, unit(damaged)],
    [list, unit(message.map((byte, at) => (at === 3 ? 0 : byte)))],
    [list, unit(message.subarray(0, 11))],
    [list, unit(message).subarray(0, 20)],
    ["0, x, y, 1, -5, 0\n", unit(message)],
    ["nonsense", unit(message)],
    ["", new Uint8Array()],
  ] as const)
    expect([...pairsOf("h264", index, data)].filter(({ first }) => first > 0)).toEqual([]);
  expect([...pairsOf("vp9", list, unit(message))]).toEqual([]);
});
