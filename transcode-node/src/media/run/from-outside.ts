/** The one place that decides whether something other than its file ended a tool. */
import { MediaFailure } from "../failure.ts";
import type { ToolRun } from "./ffmpeg.ts";

/**
 * A tool that the kernel, an operator or a machine short of something ended: says nothing about the file, and
 * is tried again.
 */
export class EndedFromOutside extends MediaFailure {
  /** The file itself may ask for more than a tool may have: a second equal end is no accident. */
  readonly mayBeTheFile: boolean;
  constructor(inside: string, mayBeTheFile: boolean) {
    super("transcoder.crashed", inside);
    this.mayBeTheFile = mayBeTheFile;
  }
}

const SIGNALS: ReadonlySet<NodeJS.Signals> = new Set(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"]);
/** A program or its libraries could not be started (`prlimit`, `setpriv`, the loader). */
const NOT_STARTED: ReadonlySet<number> = new Set([126, 127]);
/** FFmpeg ends by itself when it is sent SIGTERM; as an error number it would be the one of `NOT_PERMITTED`. */
const TOLD_TO_END = 255;
const NOT_PERMITTED = /Operation not permitted/;
/** No thread for it (EAGAIN), or not even our own proxy could be reached. */
const MACHINE = /Resource temporarily unavailable|Connection refused/;
/** The machine's memory, or the limit that we set: a file can ask for that much. */
const MEMORY = /Cannot allocate memory/;

/** The last lines that a tool wrote, as one. */
export const lastLines = (text: string): string =>
  text.trim().split("\n").slice(-6).join(" | ").slice(0, 600);

/** The failure of a run that was ended from outside; null where it ended otherwise, or by our own limits. */
export function endedFromOutside(
  run: Pick<ToolRun, "code" | "killedBy" | "timedOut" | "stderr">,
): EndedFromOutside | null {
  const { code, killedBy, timedOut, stderr } = run;
  if (code === 0 || timedOut) return null;
  const bySignal = killedBy !== null && SIGNALS.has(killedBy);
  const wasTold = code === TOLD_TO_END && !NOT_PERMITTED.test(stderr);
  const byMachine = bySignal || wasTold || NOT_STARTED.has(code ?? 0) || MACHINE.test(stderr);
  if (!byMachine && !MEMORY.test(stderr)) return null;
  return new EndedFromOutside(`ended with ${killedBy ?? code}: ${lastLines(stderr)}`, !byMachine);
}
