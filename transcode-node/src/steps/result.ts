/** What a finished FFmpeg run means for the task: what is at fault, and so whether a retry can help. */

import { MediaFailure } from "../media/failure.ts";
import type { ToolRun } from "../media/run/ffmpeg.ts";
import type { Transfer } from "../transfer/source-proxy.ts";

const firstLines = (text: string) => text.trim().split("\n").slice(-6).join(" | ").slice(0, 600);

/**
 * Throws the `MediaFailure` of a failed run. The object store's failures come first: they explain all others.
 */
export function assertRan(run: ToolRun, source: Transfer | null): void {
  if (source?.failure) throw source.failure;
  if (run.timedOut)
    throw new MediaFailure("transcoder.timeout", `killed after ${run.wallSeconds.toFixed(0)} s`);
  if (run.code === 0) return;
  const said = firstLines(run.stderr);
  if (/No space left on device|Disk quota exceeded/.test(run.stderr))
    throw new MediaFailure("transcoder.disk_full", said);
  if (/exceeds specified max pixel count/.test(run.stderr))
    throw new MediaFailure("source.too_large_picture", said);
  const by = run.killedBy ?? (run.code === null ? "nothing" : run.code);
  if (run.killedBy === "SIGXFSZ" || run.code === 153)
    throw new MediaFailure("transcoder.output_invalid", `output too large: ${said}`);
  if (
    /Invalid data found|Error while decoding|Nothing was written|could not find codec parameters/i.test(
      run.stderr,
    )
  ) {
    throw new MediaFailure("source.damaged", `ended with ${by}: ${said}`);
  }
  throw new MediaFailure("transcoder.crashed", `ended with ${by}: ${said}`);
}

/**
 * Frames are missing: permanent when every byte was delivered, retryable when the transfer itself was cut.
 */
export const short = (source: Transfer, why: string): MediaFailure =>
  source.failure ?? new MediaFailure("source.truncated", why);
