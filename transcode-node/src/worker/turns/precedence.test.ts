/** The rule by which tasks share a machine, advanced second by second. */
import { expect, test } from "vitest";
import { age, type Claimant, newClaimant, placesFor, settle } from "./precedence.ts";

const stoppedOf = (tasks: Claimant[], places = 1) => {
  settle(tasks, places);
  return tasks.map(({ isStopped }) => isStopped);
};

test("on a small machine the best rank runs alone, and all of it", () => {
  const [first, second, clip, film] = (["express", "express", "short", "bulk"] as const).map((rank) =>
    newClaimant(rank),
  );
  expect(stoppedOf([film, clip, first, second] as Claimant[])).toEqual([true, true, false, false]);
  expect(stoppedOf([film, clip] as Claimant[])).toEqual([true, false]);
  expect(stoppedOf([film] as Claimant[])).toEqual([false]);
});

test("cores that the best cannot fill are the next one's, in the order they came", () => {
  const tasks = (["bulk", "bulk", "bulk", "bulk", "express"] as const).map((rank) => newClaimant(rank));
  expect(stoppedOf(tasks, placesFor(16))).toEqual([false, false, false, true, false]);
  expect([1, 2, 4, 8, 16, 32].map(placesFor)).toEqual([1, 1, 1, 2, 4, 8]);
});

test("what cannot fill the cores stops no film, and stands behind a first frame itself", () => {
  const [finish, film, first] = [newClaimant("short", true), newClaimant("bulk"), newClaimant("express")];
  expect(stoppedOf([finish, film])).toEqual([false, false]);
  expect(stoppedOf([finish, film, first])).toEqual([true, true, false]);
  expect(stoppedOf([finish])).toEqual([false]);
  expect(stoppedOf([newClaimant("short"), newClaimant("bulk", true)])).toEqual([false, true]);
});

test("a film under endless express work runs a third of the time, and is never stopped for long", () => {
  const film = newClaimant("bulk");
  let ran = 0;
  let stopped = 0;
  let longest = 0;
  for (let second = 0; second < 600; second++) {
    settle([newClaimant("express"), film], 1);
    ran += film.isStopped ? 0 : 1;
    stopped = film.isStopped ? stopped + 1 : 0;
    longest = Math.max(longest, stopped);
    age(film, 1);
  }
  expect(ran / 600).toBeCloseTo(1 / 3, 1);
  expect(longest).toBe(20);
});

test("an aged film stops what is left of short videos, as express work does", () => {
  const [film, clip] = (["bulk", "short"] as const).map((rank) => newClaimant(rank)) as [Claimant, Claimant];
  film.isAged = true;
  expect(stoppedOf([film, clip])).toEqual([false, true]);
  expect(stoppedOf([film, clip, newClaimant("express")])).toEqual([false, true, false]);
});

test("what was stopped for a quarter of an hour in all is not stopped again: its URLs must outlive it", () => {
  const film = newClaimant("bulk");
  for (let second = 0; second < 4_000; second++) {
    settle([newClaimant("express"), film], 1);
    age(film, 1);
  }
  expect(film.stoppedSeconds).toBe(900);
  expect(film.isStopped).toBe(false);
});
