/** How the policy affects short and long videos, under the same rule that workers follow. */
import { expect, test } from "vitest";
import type { Parts } from "./model.ts";
import { anHour, type Policy, simulate } from "./simulate.ts";

/** As measured on two cores (docs/performance.md). */
const parts: Parts = {
  chunkCpu: 0.8,
  secondCpu: 0.75,
  audioCpu: 0.03,
  cores: 1.9,
  plan: 0.35,
  finish: 0.011,
};
const setting = (policy: Policy, machines = 1) => ({
  ...{ machines, cores: 2, slots: 2, policy, parts, rate: { num: 25, den: 1 } },
});
const film = { at: 0, seconds: 300 };
const clip = { at: 30, seconds: 10 };
const of = (served: ReturnType<typeof simulate>, seconds: number) =>
  served.filter((each) => each.seconds === seconds);

test("alone, a clip and a film take under both policies what the work takes", () => {
  for (const policy of ["one queue", "lanes"] as const) {
    const [alone] = simulate([film], setting(policy));
    // Twelve chunks of 4, 8, 16, then 30 s.
    const work = 300 * (0.75 + 0.03) + 0.35 + 12 * 0.8 + 0.011 * 300 * 1.9;
    expect(alone?.completed).toBeGreaterThan(work / 2);
    expect(alone?.completed).toBeLessThan(1.1 * (work / 2));
  }
});

test("a clip beside a film shows a frame as if it were alone; the film waits for the clip's work and no longer", () => {
  const [alone] = simulate([clip], setting("lanes"));
  const [undisturbed] = simulate([film], setting("lanes"));
  const served = simulate([film, clip], setting("lanes"));
  const [beside] = of(served, 10);
  const [disturbed] = of(served, 300);
  if (!alone || !undisturbed || !beside || !disturbed) throw new Error("not served");
  expect(beside.firstFrame).toBeLessThan(1.3 * alone.firstFrame);
  expect(beside.completed).toBeLessThan(2 * alone.completed);
  expect(disturbed.completed).toBeLessThan(1.05 * (undisturbed.completed + alone.completed));
  const [queued] = of(simulate([film, clip], setting("one queue")), 10);
  expect(queued?.firstFrame).toBeGreaterThan(3 * beside.firstFrame);
});

test("ten clips at once show their first frames in the order they came, and the film goes on meanwhile", () => {
  const clips = Array.from({ length: 10 }, (_, n) => ({ at: 30 + n / 100, seconds: 10 }));
  const served = simulate([film, ...clips], setting("lanes"));
  const firstFrames = of(served, 10).map(({ at, firstFrame }) => at + firstFrame);
  expect(firstFrames).toEqual(firstFrames.toSorted((a, b) => a - b));
});

test("clips without end, as many as the machine can serve, do not starve a film", () => {
  const clips = Array.from({ length: 200 }, (_, n) => ({ at: 5 * n, seconds: 10 }));
  const served = simulate([film, ...clips], setting("lanes"));
  const [delayed] = of(served, 300);
  const last = Math.max(...of(served, 10).map(({ at, completed }) => at + completed));
  expect(last).toBeGreaterThan(1_050);
  expect(delayed?.completed, "it ends while clips still come").toBeLessThan(950);
});

test("an hour of both on two machines: first frames ten times sooner at the worst, films hardly later", () => {
  const served = (policy: Policy) => simulate(anHour(2), setting(policy, 2));
  const worst = (policy: Policy) =>
    served(policy)
      .map(({ firstFrame }) => firstFrame)
      .toSorted((a, b) => b - a)[5] ?? 0;
  const mean = (policy: Policy) => {
    const films = of(served(policy), 600).map(({ completed }) => completed);
    return films.reduce((sum, each) => sum + each, 0) / films.length;
  };
  expect(worst("lanes")).toBeLessThan(worst("one queue") / 5);
  expect(mean("lanes")).toBeLessThan(1.15 * mean("one queue"));
}, 60_000);
