/** Which statements are prepared. */
import pg from "pg";
import { expect, test } from "vitest";
import { makePlans } from "./plans.ts";

const failure = (code: string, message = "no"): Error =>
  Object.assign(new pg.DatabaseError(message, 1, "error"), { code });

test("a text that comes again and again has a name, others have none", () => {
  const plans = makePlans();
  expect(["a", "a", "b", "a", "a"].map((text) => plans.nameOf(text) !== undefined)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(plans.nameOf("a")).toHaveLength(32);
});

test("so many at most, as each connection holds them all", () => {
  const plans = makePlans();
  const named = Array.from({ length: 2_000 }, (_, n) => {
    for (let time = 0; time < 3; time += 1) plans.nameOf(`SELECT ${n}`);
    return plans.nameOf(`SELECT ${n}`) !== undefined;
  });
  expect(named.filter(Boolean)).toHaveLength(300);
});

test("where a pooler loses them none is kept; a changed schema only repeats the one", () => {
  const plans = makePlans();
  for (let time = 0; time < 3; time += 1) plans.nameOf("a");
  expect(plans.isLost(failure("23505"))).toBe(false);
  expect(plans.isLost(failure("0A000"))).toBe(false);
  expect(plans.isLost(failure("0A000", "cached plan must not change result type"))).toBe(true);
  expect(plans.nameOf("a")).toBeDefined();
  expect(plans.isLost(failure("26000"))).toBe(true);
  expect(plans.nameOf("a")).toBeUndefined();
});
