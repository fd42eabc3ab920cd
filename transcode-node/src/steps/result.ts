/** What a finished FFmpeg run means for the task: what is at fault, and so whether a retry can help. */

import { MediaFailure } from "../media/failure.ts";
import type { ToolRun } from "../media/run/ffmpeg.ts";
import { EndedFromOutside, endedFromOutside, lastLines } from "../media/run/from-outside.ts";
import type { Transfer } from "../transfer/source-proxy.ts";

/** Throws the `MediaFailure` of a failed run. */
export function assertRan(run: ToolRun, source: Transfer | null): void {
  const failure = failureOfRun(run, source);
  if (failure) throw failure;
}

/**
 * For work that is left out where the file is at fault: throws the failure only where the object store or the
 * machine is.
 */
export function assertNotOutside(run: ToolRun, source: Transfer): void {
  const failure = failureOfRun(run, source);
  if (failure === null) return;
  const byMachine = failure instanceof EndedFromOutside && !failure.mayBeTheFile;
  if (failure === source.failure || failure.code === "transcoder.disk_full" || byMachine) throw failure;
}

/**
 * The failure of a run; null where it succeeded. The object store's failures come first: they explain all
 * others.
 */
export function failureOfRun(run: ToolRun, source: Transfer | null): MediaFailure | null {
  if (source?.failure) return source.failure;
  if (run.timedOut)
    return new MediaFailure("transcoder.timeout", `killed after ${run.wallSeconds.toFixed(0)} s`);
  if (run.code === 0) return null;
  const said = lastLines(run.stderr);
  if (/No space left on device|Disk quota exceeded/.test(run.stderr))
    return new MediaFailure("transcoder.disk_full", said);
  if (/exceeds specified max pixel count/.test(run.stderr))
    return new MediaFailure("source.too_large_picture", said);
  const outside = endedFromOutside(run);
  if (outside) return outside;
  const by = run.killedBy ?? (run.code === null ? "nothing" : run.code);
  if (run.killedBy === "SIGXFSZ" || run.code === 153)
    return new MediaFailure("transcoder.output_invalid", `output too large: ${said}`);
  if (
    /Invalid data found|Error while decoding|Nothing was written|could not find codec parameters/i.test(
      run.stderr,
    )
  ) {
    return new MediaFailure("source.damaged", `ended with ${by}: ${said}`);
  }
  return new MediaFailure("transcoder.crashed", `ended with ${by}: ${said}`);
}

/**
 * Frames are missing: permanent when every byte was delivered, retryable when the transfer itself was cut.
 */
export const short = (source: Transfer, why: string): MediaFailure =>
  source.failure ?? new MediaFailure("source.truncated", why);
