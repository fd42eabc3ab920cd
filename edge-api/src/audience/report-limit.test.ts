/** Anybody may invent visits: one network begins so many, and others do not notice. */
import { expect, test } from "vitest";
import { ReportLimit } from "./report-limit.ts";

const admitted = (many: number, admit: (n: number) => boolean) =>
  Array.from({ length: many }, (_, n) => admit(n)).filter(Boolean).length;

test("a network begins so many visits at once and more with time; those that are known go on", () => {
  const limit = new ReportLimit();
  expect(admitted(1_000, (n) => limit.admitsVisit("a", `v${n}`, 0))).toBe(300);
  expect(limit.admitsVisit("a", "v0", 0)).toBe(true);
  expect(limit.admitsVisit("b", "v900", 0)).toBe(true);
  expect(admitted(1_000, (n) => limit.admitsVisit("a", `w${n}`, 60_000))).toBe(30);
  expect(admitted(1_000, (n) => limit.admitsVisit("a", `x${n}`, 86_400_000))).toBe(300);
  // No proxy says who calls.
  expect(admitted(1_000, (n) => limit.admitsVisit(undefined, `y${n}`, 0))).toBe(1_000);
});

test("reports of which only the time counts have a limit, too", () => {
  const limit = new ReportLimit();
  expect(admitted(5_000, () => limit.admitsTime("a", 0))).toBe(3_000);
  expect(limit.admitsTime("b", 0)).toBe(true);
  expect(admitted(5_000, () => limit.admitsTime("a", 1_000))).toBe(50);
});
