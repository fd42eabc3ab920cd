import { expect, test } from "vitest";
import { makePauses } from "./pauses.ts";

test("a worker takes messages again only when no reason is left", () => {
  const said: boolean[] = [];
  const pauses = makePauses((isPaused) => said.push(isPaused));
  // As each hello is answered.
  pauses.set("draining", false);
  pauses.set("no scratch", true);
  pauses.set("draining", false);
  pauses.set("draining", true);
  pauses.set("no scratch", false);
  expect(said).toEqual([true]);
  pauses.set("draining", false);
  expect(said).toEqual([true, false]);
});
