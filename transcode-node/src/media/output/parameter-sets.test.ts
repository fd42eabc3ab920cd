/** Parameter sets added to segments, on boxes built by hand: what grows, what stays, and what is refused. */
import { describe, expect, test } from "vitest";
import { find } from "./boxes.ts";
import { parameterSetsOf, withParameterSets } from "./parameter-sets.ts";

const u32 = (...numbers: number[]) => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [n, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * n);
  return bytes;
};
const box = (type: string, ...body: Buffer[]) => {
  const inside = Buffer.concat(body);
  return Buffer.concat([u32(inside.length + 8), Buffer.from(type, "latin1"), inside]);
};
const init = (avcC: string) => {
  const entry = box("avc1", Buffer.alloc(78), box("avcC", Buffer.from(avcC, "hex")));
  const stsd = box("stsd", u32(0, 1), entry);
  return Buffer.concat([box("ftyp"), box("moov", box("trak", box("mdia", box("minf", box("stbl", stsd)))))]);
};
const run = (flags: number, ...fields: number[]) => box("trun", u32(flags, 2, ...fields));
const segment = (...runs: Buffer[]) =>
  Buffer.concat([
    box("moof", box("traf", box("tfhd", u32(0, 1)), ...runs)),
    box("mdat", Buffer.from("IDRp")),
  ]);

describe("parameter sets", () => {
  test("of an init: every SPS, then every PPS, each after its length", () => {
    const sets = parameterSetsOf(init("0164001f ff e1 0003 67aabb 02 0002 68cc 0001 68".replaceAll(" ", "")));
    expect(sets.toString("hex")).toBe("0000000367aabb0000000268cc0000000168");
  });
  test("stand before the first picture, which grows by them, and nothing else does", () => {
    const sets = Buffer.from("00000001670000000168", "hex");
    // Offset of the data, flags of the first sample, then duration, size and offset of two samples.
    const before = segment(run(0xf05, 100, 0x02000000, 40, 3, 0, 0, 40, 1, 0, 0));
    const after = withParameterSets(before, sets);
    const trun = find(after, "moof/traf/trun");
    const numbers = Array.from({ length: 12 }, (_, n) => after.readUInt32BE((trun?.body ?? 0) + 4 * n));
    expect(numbers).toEqual([0xf05, 2, 100, 0x02000000, 40, 3 + sets.length, 0, 0, 40, 1, 0, 0]);
    expect(after.length).toBe(before.length + sets.length);
    const mdat = find(after, "mdat");
    expect(after.subarray(mdat?.body, mdat?.end).toString("latin1")).toBe(`${sets.toString("latin1")}IDRp`);
  });
  test.each([
    ["two runs", segment(run(0x200, 3, 1), run(0x200, 3, 1)), /2 runs/],
    ["sizes by default", segment(run(0x100, 40, 40)), /no sizes of its own/],
    ["no fragment", box("mdat", Buffer.from("x")), /no moof/],
  ])("%s are refused", (_, bytes, why) => {
    expect(() => withParameterSets(bytes, Buffer.alloc(4))).toThrow(why);
  });
});
