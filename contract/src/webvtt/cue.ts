/** Cues, and the function that turns the cues of a file into one clean track. */
import type { Repairs } from "./repairs.ts";

/** Seconds; `settings` as WebVTT writes them, empty for none; `text` is clean. */
export type Cue = { start: number; end: number; settings: string; text: string };
/** A cue with the line of the file where it begins. */
export type FoundCue = Cue & { line: number };

/** Why no cue was found, at the most useful line. */
export type Fault = { line: number; message: string };
/** The cues in the order of the file. */
export type Found = { found: FoundCue[]; fault: Fault | undefined };

/** Seconds that a cue without a duration is shown: long enough to read two lines; the next cue ends it. */
const GIVEN_SECONDS = 3;

/**
 * Sorts the cues; none starts before zero, and each has a duration. Cues that end before zero are left out.
 */
export function arrange(found: readonly FoundCue[], repairs: Repairs, isOrdered = true): Cue[] {
  let last = Number.NEGATIVE_INFINITY;
  for (const { start, line } of found) {
    if (isOrdered && start < last) repairs.add("order", line);
    last = Math.max(last, start);
  }
  const sorted = [...found].sort((a, b) => a.start - b.start);
  const cues: Cue[] = [];
  // Backwards, so that each cue knows the start of the next cue that does not start at the same time.
  let next = Number.POSITIVE_INFINITY;
  for (const [n, { line, start, end: written, settings, text }] of [...sorted.entries()].reverse()) {
    const later = sorted[n + 1]?.start ?? Number.POSITIVE_INFINITY;
    if (later > start) next = later;
    const end = written > start ? written : Math.min(start + GIVEN_SECONDS, next);
    if (written <= start) repairs.add("no_duration", line);
    if (start < 0) repairs.add(end > 0 ? "negative_time" : "left_out", line);
    if (end > 0) cues.push({ start: Math.max(0, start), end, settings, text });
  }
  return cues.reverse();
}
