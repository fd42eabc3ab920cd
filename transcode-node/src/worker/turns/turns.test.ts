/** Turns on a machine with one place; the tests advance the time. */
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TaskProcesses } from "../../media/run/task-processes.ts";
import type { Rank } from "./precedence.ts";
import { makeTurns, type Turn } from "./turns.ts";

const GIB = 2 ** 30;

// The machine's own time would be added to the tests' time: on a busy machine that is seconds.
beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "Date", "setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

function machine(memory = 4 * GIB) {
  const turns = makeTurns({ places: 1, memory, log: pino({ level: "silent" }) });
  const said: string[] = [];
  /** `turn` is null while it waits for memory. */
  function task(name: string, rank: Rank, bytes = 0) {
    const processes = new TaskProcesses(0);
    const lease = new AbortController();
    const state: { turn: Turn | null; processes: TaskProcesses; abort(reason: Error): void } = {
      turn: null,
      processes,
      abort: (reason) => lease.abort(reason),
    };
    const entered = turns
      .enter({
        ...{ rank, isLight: false, memory: bytes, processes, signal: lease.signal },
        onOvertime: () => said.push(`${name} took long`),
        onCrowded: () => said.push(`${name} handed back`),
      })
      .then((turn) => {
        state.turn = turn;
        said.push(`${name} in`);
      });
    return {
      ...state,
      entered,
      leave: () => state.turn?.leave(),
      lower: (to: Rank) => state.turn?.lower(to),
    };
  }
  return { turns, said, task };
}

test("a film's processes stand still while somebody waits for a first frame, and go on after it", async () => {
  const { task, turns } = machine();
  const film = task("film", "bulk");
  await film.entered;
  expect(film.processes.isStopped).toBe(false);
  const first = task("first chunk", "express");
  await first.entered;
  expect([film.processes.isStopped, first.processes.isStopped, turns.stopped()]).toEqual([true, false, 1]);
  const later = task("film's next chunk", "bulk");
  await later.entered;
  expect(later.processes.isStopped).toBe(true);
  vi.advanceTimersByTime(100);
  first.leave();
  expect([film.processes.isStopped, later.processes.isStopped]).toEqual([false, false]);
  expect(film.processes.stoppedMs()).toBeGreaterThan(0);
});

test("a neighbour's express work stops ours that is worse, and nothing as good", async () => {
  const { task, turns } = machine();
  const [film, first] = [task("film", "bulk"), task("first chunk", "express")];
  await Promise.all([film.entered, first.entered]);
  let told = 0;
  turns.onRanks(() => {
    told += 1;
  });
  turns.setNeighbours({ express: 1, short: 0 });
  expect([film, first].map(({ processes }) => processes.isStopped)).toEqual([true, false]);
  first.leave();
  expect([told, turns.ranks()]).toEqual([1, { express: 0, short: 0, bulk: 1 }]);
  expect(film.processes.isStopped).toBe(true);
  vi.advanceTimersByTime(21_000);
  expect(film.processes.isStopped, "a film is not starved by them").toBe(false);
  turns.setNeighbours({ express: 0, short: 0 });
  expect(film.processes.isStopped).toBe(false);
});

test("audio whose first piece is out makes way for the next first frame", async () => {
  const { task } = machine();
  const audio = task("audio", "express");
  const film = task("film", "bulk");
  await Promise.all([audio.entered, film.entered]);
  expect(film.processes.isStopped).toBe(true);
  audio.lower("bulk");
  expect(film.processes.isStopped).toBe(false);
  const first = task("first chunk", "express");
  await first.entered;
  expect([audio, film].map(({ processes }) => processes.isStopped)).toEqual([true, true]);
});

test("what takes too long is express no more: others of its lane may start, and are its betters", async () => {
  const { task, turns, said } = machine();
  const slow = task("slow plan", "express");
  await slow.entered;
  turns.tick(19);
  expect(said).toEqual(["slow plan in"]);
  turns.tick(2);
  expect(said).toEqual(["slow plan in", "slow plan took long"]);
  const first = task("first chunk", "express");
  await first.entered;
  expect([slow.processes.isStopped, first.processes.isStopped]).toEqual([true, false]);
});

test("a film that has waited long goes on beside express work, and waits again", async () => {
  const { task, turns } = machine();
  const film = task("film", "bulk");
  await film.entered;
  const seen: boolean[] = [];
  for (let clip = 0; clip < 8; clip++) {
    const first = task("first chunk", "express");
    await first.entered;
    seen.push(film.processes.isStopped);
    turns.tick(6);
    first.leave();
  }
  expect(seen).toEqual([true, true, true, true, false, false, true, true]);
});

test("where memory does not hold both, the latest of the bulk is handed back, and only then the better one comes in", async () => {
  const { task, said } = machine();
  const one = task("chunk 1", "bulk", 1.75 * GIB);
  const two = task("chunk 2", "bulk", 1.75 * GIB);
  await Promise.all([one.entered, two.entered]);
  const first = task("first chunk", "express", 1.75 * GIB);
  await Promise.resolve();
  expect(said).toEqual(["chunk 1 in", "chunk 2 in", "chunk 2 handed back"]);
  const three = task("chunk 3", "bulk", 1.75 * GIB);
  two.leave();
  await first.entered;
  expect(said).toEqual(["chunk 1 in", "chunk 2 in", "chunk 2 handed back", "first chunk in"]);
  first.leave();
  await three.entered;
});

test("where memory holds one task, a film loses its chunk to a clip once in ten minutes, not to every clip", async () => {
  const { task, said } = machine(2 * GIB);
  const clips = (n: number) => task(`clip ${n}`, "express", 1.75 * GIB);
  const again = (n: number) => task(`chunk, time ${n}`, "bulk", 1.75 * GIB);
  const one = again(1);
  await one.entered;
  const first = clips(1);
  one.leave();
  await first.entered;
  const two = again(2);
  first.leave();
  await two.entered;
  const second = clips(2);
  vi.advanceTimersByTime(300_000);
  expect(said.filter((line) => line.endsWith("handed back"))).toEqual(["chunk, time 1 handed back"]);
  vi.advanceTimersByTime(301_000);
  expect(said.at(-1)).toBe("chunk, time 2 handed back");
  two.leave();
  await second.entered;
});

test("of equal rank nobody is handed back, nobody overtakes, and one alone may need more than there is", async () => {
  const { task, said } = machine();
  const large = task("large", "bulk", 7 * GIB);
  await large.entered;
  const next = task("next", "bulk", 3 * GIB);
  const small = task("small", "bulk", GIB / 4);
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toEqual(["large in"]);
  expect(next.processes.isStopped).toBe(true);
  vi.advanceTimersByTime(100);
  large.leave();
  await Promise.all([next.entered, small.entered]);
  expect(said).toEqual(["large in", "next in", "small in"]);
  expect(next.processes.stoppedMs()).toBeGreaterThan(0);
  expect(next.processes.isStopped).toBe(false);
});

test("a lease that ends while it waits is not let in any more", async () => {
  const { task, said } = machine();
  const one = task("one", "bulk", 4 * GIB);
  await one.entered;
  const two = task("two", "bulk", GIB);
  two.abort(new Error("gone"));
  await expect(two.entered).rejects.toThrow("gone");
  one.leave();
  const three = task("three", "bulk", 4 * GIB);
  await three.entered;
  expect(said).toEqual(["one in", "three in"]);
});
