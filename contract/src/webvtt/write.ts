/** Writes cues as WebVTT: what is stored, served and listed in HLS. */
import { vttClock } from "./clock.ts";
import type { Cue } from "./parse.ts";

/**
 * No X-TIMESTAMP-MAP: our chunks' timelines begin at 0, and without it a cue's time 0 is the timeline's (RFC
 * 8216, section 3.5).
 */
export function writeVtt(cues: readonly Cue[]): string {
  const blocks = cues.map(({ start, end, settings, text }) => {
    const times = `${vttClock(start)} --> ${vttClock(end)}`;
    return `${times}${settings && ` ${settings}`}\n${text}\n`;
  });
  return `WEBVTT\n\n${blocks.join("\n")}`;
}
