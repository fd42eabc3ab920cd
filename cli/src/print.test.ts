import { expect, test, vi } from "vitest";
import { bytes, clock, printTable } from "./print.ts";

test("numbers as people read them", () => {
  expect([0, 999, 1_000, 34_866_615, 120_000_000_000].map(bytes)).toEqual([
    ...["0 B", "999 B", "1.0 kB", "34.9 MB", "120 GB"],
  ]);
  expect([0, 59.6, 3_725, null].map(clock)).toEqual(["0:00", "1:00", "1:02:05", "–"]);
});

test("a title of somebody else's cannot steer the terminal or break the table", () => {
  const out: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  printTable([
    ["ID", "TITLE"],
    ["1", "\u001b[31mred\u001b[0m\nnext\u0007\u009b2J"],
  ]);
  write.mockRestore();
  expect(out.join("")).toBe("ID  TITLE\n1   red next\n");
});
