/**
 * Sample descriptions that declare an encrypted track, in any position, and malformed ones that declare
 * nothing.
 */
import { expect, test } from "vitest";
import { lockedEntry } from "./mov.ts";

const box = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
};
/** A track of these sample entries; `count` is the table's declared count. */
const kindOf = (types: string[], count = types.length): string | null => {
  const table = Buffer.alloc(8);
  table.writeUInt32BE(count, 4);
  const stsd = box("stsd", Buffer.concat([table, ...types.map((type) => box(type, Buffer.alloc(20)))]));
  const track = box("mdia", box("minf", box("stbl", stsd)));
  return lockedEntry(track, 0, track.length);
};

test.each(["encv", "enca", "drmi", "drms"])("%s is locked, as a second description too", (type) => {
  expect(kindOf([type])).toBe(type);
  expect(kindOf(["avc1", type])).toBe(type);
});

test("clear tracks, empty tables and claims beyond the table's end are not", () => {
  expect(kindOf(["avc1", "hvc1"])).toBeNull();
  expect(kindOf([])).toBeNull();
  expect(kindOf(["avc1"], 0xffff_ffff)).toBeNull();
  expect(lockedEntry(box("mdia", Buffer.alloc(0)), 0, 8)).toBeNull();
});
