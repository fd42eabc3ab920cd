/**
 * Reads the text of an SRT, WebVTT, ASS or SSA file as tools write it: repairs what can be repaired, and
 * reports it.
 */
import { isAss, readAss } from "./ass.ts";
import { arrange, type Cue } from "./cue.ts";
import { readLines } from "./lines.ts";
import { type Repair, Repairs } from "./repairs.ts";

export type { Cue } from "./cue.ts";

/** Cues in order, and what was repaired for them. */
export type Parsed = { cues: Cue[]; mended: Repair[] };

/** Why nothing can be read, and at which line of the file (1-based). */
export class CaptionsError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** The cues of a file. Throws `CaptionsError` where there is none. */
export function parseCaptions(content: string): Parsed {
  const steps = parsing(content);
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
  }
}

/** The same in small steps, so that a caller that shares its thread can let other work run in between. */
export function* parsing(content: string): Generator<undefined, Parsed> {
  const repairs = new Repairs();
  // Section 4.1 of WebVTT 1.0: a byte order mark is removed, line ends are normalized.
  const text = content
    .replace(/^\ufeff/, "")
    .replaceAll(/\r\n?/g, "\n")
    .toWellFormed();
  const lines = text.split("\n");
  for (const [n, line] of lines.entries()) {
    if (line.includes("\ufffd")) repairs.add("undecoded", n + 1);
    // NULs come from UTF-16 that was read as something else.
    const clean = line.replaceAll(CONTROL, "");
    if (clean.length !== line.length) {
      repairs.add("control_characters", n + 1);
      lines[n] = clean;
    }
    if (n % 2000 === 1999) yield;
  }
  const isScript = isAss(lines);
  const { found, fault } = yield* isScript ? readAss(lines, repairs) : readLines(lines, repairs);
  // Scripts order their lines by speaker or layer, and players sort them.
  const cues = arrange(found, repairs, !isScript);
  if (cues.length === 0) throw new CaptionsError(fault?.line ?? 1, fault?.message ?? "the file holds no cue");
  return { cues, mended: repairs.list() };
}

/** Control characters except the tab. */
const CONTROL = /[^\P{Cc}\t]/gu;
