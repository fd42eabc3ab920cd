import { expect, test } from "vitest";
import {
  type Chunk,
  describeChunk,
  headingOf,
  paceOf,
  phaseOf,
  runsOf,
  summaryOf,
  ticksOf,
} from "./timeline.ts";

/** `d` done, `r` running, `w` waiting, `m` not uploaded; each of 30 seconds. */
const chunksOf = (letters: string): Chunk[] =>
  [...letters].map((letter, index) => ({
    index,
    from: index * 30,
    to: index * 30 + 30,
    state: letter === "d" ? "done" : letter === "r" ? "running" : "waiting",
    uploaded: letter !== "m",
    worker: letter === "r" ? `worker-${index}` : null,
    progress: letter === "r" ? 0.437 : letter === "d" ? 1 : 0,
  }));

test.each([
  ["", "reading", "Reading the file"],
  ["www", "waiting", "Waiting for a worker"],
  ["dww", "waiting", "Waiting for a worker"],
  ["dmm", "uploading", "Waiting for the upload"],
  ["dmw", "waiting", "Waiting for a worker"],
  ["drw", "encoding", "Encoding on 1 worker"],
  ["drr", "encoding", "Encoding on 2 workers"],
  ["ddd", "finishing", "Finishing"],
])("%j is %s", (letters, phase, heading) => {
  const processing = { chunks: chunksOf(letters) };
  expect(phaseOf(processing)).toBe(phase);
  expect(headingOf(processing)).toBe(heading);
});

test("a ten-hour film is drawn as a few runs that cover all of it", () => {
  const chunks = chunksOf(`${"d".repeat(400)}rr${"d".repeat(3)}r${"w".repeat(794)}`);
  const runs = runsOf(chunks);
  expect(runs.map(({ state, count }) => `${state} ${count}`)).toEqual([
    "done 400",
    "running 1",
    "running 1",
    "done 3",
    "running 1",
    "waiting 794",
  ]);
  expect(runs[0]?.from).toBe(0);
  expect(runs.at(-1)?.to).toBe(36_000);
  for (const [at, run] of runs.entries()) if (at > 0) expect(run.from).toBe(runs[at - 1]?.to);
});

test("words name each running chunk with its worker", () => {
  expect(summaryOf(chunksOf("drw"))).toBe(
    "1 of 3 chunks done; encoding: 0:30–1:00 43% on worker-1; 1 waiting.",
  );
  expect(summaryOf(chunksOf("dwmm"))).toBe("1 of 4 chunks done; 1 waiting; 2 not uploaded yet.");
  expect(runsOf(chunksOf("dwmm")).map(({ state }) => state)).toEqual(["done", "waiting", "missing"]);
  expect(chunksOf("dw").map(describeChunk)).toEqual(["0:00–0:30 done", "0:30–1:00 waiting"]);
});

test("the pace leaves out what is not known", () => {
  const nothing = { playableTo: 0, secondsLeft: null, speed: null, retries: 0 };
  expect(paceOf(nothing)).toBe("nothing playable yet");
  expect(paceOf({ playableTo: 2630, secondsLeft: 500, speed: 11.2, retries: 1 })).toBe(
    "playable to 43:50 · 9 min left · 11× · attempt 2",
  );
});

test.each([
  [4, 5],
  [118, 5],
  [6127, 8],
  [36_000, 5],
  [86_400, 8],
])("an axis of %d s has at most %d round times, clear of its end", (duration, max) => {
  const ticks = ticksOf(duration, max);
  expect(ticks[0]).toBe(0);
  expect(ticks.length).toBeLessThanOrEqual(max + 1);
  expect(ticks.length).toBeGreaterThan(1);
  expect(ticks.at(-1)).toBeLessThan(duration * 0.77);
});
