/** Hardware that keeps failing is paused for a while; NVIDIA's takes no more chunks than it has sessions for. */
import { expect, test } from "vitest";
import { waysOf } from "./hardware.ts";
import { useEncoder } from "./in-use.ts";
import { software, softwareBesideHardware } from "./software.ts";

const [nvenc = software] = waysOf("nvenc", []);
const [qsv = software] = waysOf("qsv", []);

test("three chunks in a row that software had to save: a pause, then another try", () => {
  let clock = 0;
  const counted: string[] = [];
  const inUse = useEncoder(nvenc, {
    count: (name, outcome) => counted.push(`${name} ${outcome}`),
    now: () => clock,
  });
  const play = (...outcomes: ("encoded" | "saved")[]) => {
    for (const outcome of outcomes) inUse.note(outcome, nvenc);
  };
  play("saved", "saved", "encoded", "saved", "saved");
  expect(inUse.current()).toBe(nvenc);
  play("saved");
  expect(inUse.current()).toBe(softwareBesideHardware);
  inUse.note("encoded", software);
  clock = 9 * 60_000;
  expect(inUse.current()).toBe(softwareBesideHardware);
  clock = 10 * 60_000;
  expect(inUse.current()).toBe(nvenc);
  expect(counted.filter((line) => line === "nvenc saved")).toHaveLength(5);
  expect(counted.at(-1)).toBe("software encoded");
});

test("NVIDIA's hardware takes so many chunks at a time, and software the others; other hardware takes all", () => {
  const inUse = useEncoder(nvenc, { maxChunks: 2 });
  const [first, second, third] = [inUse.take(), inUse.take(), inUse.take()];
  expect([first, second, third].map(({ encoder }) => encoder)).toEqual([
    nvenc,
    nvenc,
    softwareBesideHardware,
  ]);
  expect(inUse.current()).toBe(nvenc);
  third.release();
  expect(inUse.take().encoder).toBe(softwareBesideHardware);
  first.release();
  expect(inUse.take().encoder).toBe(nvenc);
  const another = useEncoder(qsv, { maxChunks: 1 });
  expect([another.take().encoder, another.take().encoder]).toEqual([qsv, qsv]);
});
