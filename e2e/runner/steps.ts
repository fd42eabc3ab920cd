/** The steps of the test command: what each runs, and how its count is read. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Tally, tallySchema } from "./tally.ts";

export const CLONE = resolve(import.meta.dirname, "../..");

export type Step = {
  name: string;
  command: readonly [string, ...string[]];
  /** Reads the runner's count from its file; undefined: the exit code counts as one test. */
  read: ((file: string) => Promise<Tally>) | undefined;
  /** Whether it starts programs that npm does not ship. */
  needsPrograms: boolean;
};

const bin = (name: string): string => join(CLONE, "node_modules", ".bin", name);
const check = (name: string, ...command: [string, ...string[]]): Step => ({
  ...{ name, command },
  ...{ read: undefined, needsPrograms: false },
});

function vitest(project: "unit" | "real" | "e2e"): Step {
  const reporters = ["--reporter=default", `--reporter=${join(import.meta.dirname, "vitest-progress.ts")}`];
  return {
    name: project,
    command: [bin("vitest"), "run", "--project", project, ...reporters],
    read: async (file) => tallySchema.parse(JSON.parse(await readFile(file, "utf8"))),
    needsPrograms: project !== "unit",
  };
}

/** All steps in order: the cheap ones first, so that a slip shows within a minute. `build` needs nothing of those before it. */
export function allSteps(): Step[] {
  return [
    check("tree", "sh", "-c", "npm ls --all > /dev/null"),
    check("types", "npm", "run", "-s", "types"),
    check("lint", "npm", "run", "-s", "lint"),
    vitest("unit"),
    check("build", process.execPath, join(CLONE, "stack", "entries", "build.ts")),
    vitest("real"),
    vitest("e2e"),
  ];
}
