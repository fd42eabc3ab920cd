/**
 * What the parts of a step share: one way to run FFmpeg that adds up its CPU time, the proxy, and the
 * uploads.
 */
import type { Lease } from "@storagex/contract/tasks/lease";
import { type Limits, runTool, type ToolRun } from "../media/run/ffmpeg.ts";
import { lightLimits } from "../media/run/limits.ts";
import type { Outputs } from "../transfer/outputs.ts";
import type { SourceProxy } from "../transfer/source-proxy.ts";
import type { StepContext } from "./step.ts";

export type StepTools = {
  context: StepContext;
  proxy: SourceProxy;
  outputs: Outputs;
  /** Runs FFmpeg; `take` gets stdout where it is no progress text. */
  run(args: string[], limits?: Limits, take?: (bytes: Buffer) => void): Promise<ToolRun>;
  /** CPU seconds of all runs so far. */
  cpu(): number;
};

const SMALL_FILE = 256 * 2 ** 20;

/** The tools of one lease; a run has the limits of light work unless others are given. */
export function stepToolsOf(
  { hardLimitSeconds }: Pick<Lease, "hardLimitSeconds">,
  context: StepContext,
  proxy: SourceProxy,
  outputs: Outputs,
): StepTools {
  let cpuSeconds = 0;
  return {
    context,
    proxy,
    outputs,
    run: async (args, limits = lightLimits(hardLimitSeconds, SMALL_FILE), take) => {
      const run = await runTool({
        tool: context.tools.ffmpeg,
        args,
        limits,
        folder: context.scratch,
        signal: context.signal,
        stdout: take ?? "progress",
      });
      cpuSeconds += run.cpuSeconds;
      context.log.debug({ command: run.command, cpu: run.cpuSeconds, code: run.code }, "FFmpeg ran");
      return run;
    },
    cpu: () => cpuSeconds,
  };
}
