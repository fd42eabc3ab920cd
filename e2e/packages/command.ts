/** The command `storagex` as it is installed in a project: run to its end. */
import { execFile } from "node:child_process";
import { expect } from "vitest";
import { nodes } from "../testing/packed.ts";

export const COMMAND = "node_modules/storagex/dist/main.js";

export type Command = Awaited<ReturnType<typeof commandIn>>;

/** The command of the project at `folder`. `environment` is read at each run. */
export async function commandIn(folder: string, environment: NodeJS.ProcessEnv) {
  /** The machine's own Node, where it has one. */
  const node = (await nodes()).at(-1)?.path ?? process.execPath;

  function run(args: string[], input = ""): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve) => {
      const done = (error: unknown, out: string, err: string) => {
        const code = error && typeof error === "object" && "code" in error ? Number(error.code) : 0;
        resolve({ code, out, err });
      };
      execFile(node, [COMMAND, ...args], { cwd: folder, env: environment }, done).stdin?.end(input);
    });
  }

  async function jsonLines(args: string[]): Promise<unknown[]> {
    const { code, out, err } = await run([...args, "--json"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return out
      .split("\n")
      .filter((line) => line !== "")
      .map((line): unknown => JSON.parse(line));
  }

  return {
    node,
    run,
    /** The one value that it prints with `--json`. Fails where it does not succeed without complaint. */
    json: async (args: string[]): Promise<unknown> => {
      const values = await jsonLines(args);
      expect(values).toHaveLength(1);
      return values[0];
    },
    /** The values that it prints with `--json`, one a line. Fails as `json`. */
    jsonLines,
  };
}
