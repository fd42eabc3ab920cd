/** The steps of the test command: what each runs, and how its count is read. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type Tally, tallySchema } from "./tally.ts";

export const CLONE = resolve(import.meta.dirname, "../..");

export type Step = {
  name: string;
  command: readonly [string, ...string[]];
  /** Reads the runner's count from its file; undefined: the exit code is the one test. */
  read: ((file: string) => Promise<Tally>) | undefined;
};

const bin = (name: string): string => join(CLONE, "node_modules", ".bin", name);
const check = (name: string, ...command: [string, ...string[]]): Step => ({ name, command, read: undefined });

function vitest(project: string): Step {
  const reporters = ["--reporter=default", `--reporter=${join(import.meta.dirname, "vitest-progress.ts")}`];
  return {
    name: project,
    command: [bin("vitest"), "run", "--project", project, ...reporters],
    read: async (file) => tallySchema.parse(JSON.parse(await readFile(file, "utf8"))),
  };
}

const playwrightReport = z.object({
  stats: z.object({
    expected: z.number().int(),
    unexpected: z.number().int(),
    flaky: z.number().int(),
    skipped: z.number().int(),
  }),
});

function browser(): Step {
  return {
    name: "browser",
    command: [bin("playwright"), "test", "--reporter=line,json"],
    read: async (file) => {
      const { stats } = playwrightReport.parse(JSON.parse(await readFile(file, "utf8")));
      // A test that passes only now and then is not a test that passes.
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
    },
  };
}

/** All steps in their order: the cheap ones first, so that a slip is seen within a minute. */
export function allSteps(): Step[] {
  return [
    check("tree", "sh", "-c", "npm ls --all > /dev/null"),
    check("types", "npm", "run", "-s", "types"),
    check("lint", "npm", "run", "-s", "lint"),
    vitest("unit"),
    check("build", process.execPath, join(CLONE, "stack", "build.ts")),
    vitest("real"),
    vitest("e2e"),
    ...(existsSync(join(CLONE, "playwright.config.ts")) ? [browser()] : []),
  ];
}
