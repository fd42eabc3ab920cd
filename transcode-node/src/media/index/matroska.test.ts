/** Cues and heads of Matroska files whose elements claim more than they have. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { matroskaIndex } from "./matroska.ts";

/** An element whose size is written in eight bytes; `claims` more than its body has. */
function element(id: string, body: Buffer, claims = body.length): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(claims));
  size[0] = 1;
  return Buffer.concat([Buffer.from(id, "hex"), size, body]);
}
const integer = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const SEGMENT = "18538067";
const HUGE = 2 ** 40;
const many = (count: number, make: (n: number) => Buffer) =>
  Buffer.concat(Array.from({ length: count }, (_, n) => make(n)));

function counted(max = { head: 200_000, cues: 16_000_000 }) {
  return { head: { elements: 0, max: max.head }, cues: { elements: 0, max: max.cues } };
}

async function indexOf(content: Buffer, looked = counted()) {
  const bytes = Buffer.concat([element("1a45dfa3", Buffer.alloc(4)), element(SEGMENT, content)]);
  const read = async (from: number, to: number) => bytes.subarray(from, to + 1);
  return { looked, index: await matroskaIndex(read, bytes.length, looked) };
}

/** A cue at `time` ms; its time claims as many bytes. */
const cue = (time: number, claims = 4) => element("bb", element("b3", integer(time), claims));

test("a track whose encodings claim the rest of the file is looked at once", async () => {
  const track = element("ae", element("6d80", element("6240", Buffer.alloc(0)), HUGE));
  const { looked } = await indexOf(
    element(
      "1654ae6b",
      many(1_000, () => track),
    ),
  );
  // The tracks, each and what is in it, at most twice.
  expect(looked.head.elements).toBeLessThan(8_000);
});

test("a cue whose time claims the rest of the file has only its own bytes", async () => {
  const { looked, index } = await indexOf(
    element(
      "1c53bb6b",
      many(1_000, (n) => cue(n, HUGE)),
    ),
  );
  expect(index.cues?.slice(0, 3)).toEqual([0, 0.001, 0.002]);
  expect(looked.cues.elements).toBe(2_000);
});

test("cues without number are no cues; other work goes on while many are read", async () => {
  const cues = element(
    "1c53bb6b",
    many(50_000, (n) => cue(n)),
  );
  let turns = 0;
  let isOver = false;
  const others = (async () => {
    while (!isOver) {
      await setImmediate();
      turns += 1;
    }
  })();
  const { index } = await indexOf(cues);
  isOver = true;
  await others;
  expect(index.cues).toHaveLength(50_000);
  // A hundred thousand elements.
  expect(turns).toBeGreaterThanOrEqual(5);
  expect((await indexOf(cues, counted({ head: 200_000, cues: 99_999 }))).index.cues).toBeNull();
});

test("a head of elements without number is left to FFmpeg", async () => {
  const tracks = element(
    "1654ae6b",
    many(100, () => element("ae", Buffer.alloc(0))),
  );
  await expect(indexOf(tracks, counted({ head: 100, cues: 1 }))).rejects.toThrow("more than 100 elements");
});
