/** Hardware that keeps failing is paused for a while; a single failure has no effect. */
import { expect, test } from "vitest";
import { waysOf } from "./hardware.ts";
import { useEncoder } from "./in-use.ts";
import { software, softwareBesideHardware } from "./software.ts";

const [nvenc = software] = waysOf("nvenc", []);

test("three chunks in a row that software had to save: a pause, then another try", () => {
  let clock = 0;
  const counted: string[] = [];
  const inUse = useEncoder(
    nvenc,
    (name, outcome) => counted.push(`${name} ${outcome}`),
    () => clock,
  );
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
