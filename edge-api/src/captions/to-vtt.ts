/** Converts a caption file's text to the WebVTT that is stored, or throws a problem that names the line. */

import { CaptionsError, parsing } from "@storagex/contract/webvtt/parse";
import type { Repair } from "@storagex/contract/webvtt/repairs";
import { writeVtt } from "@storagex/contract/webvtt/write";
import { problem } from "../problem/problem.ts";
import { inSteps } from "./turns.ts";

/**
 * Parses `content` in steps that alternate with other files, so that the isolate stays responsive. Throws
 * `captions.invalid`, and `captions.too_often` if the queue is too long.
 */
export async function toVtt(content: string): Promise<{ vtt: string; mended: Repair[] }> {
  try {
    const { cues, mended } = await inSteps(parsing(content), content.length);
    return { vtt: writeVtt(cues), mended };
  } catch (error) {
    if (!(error instanceof CaptionsError)) throw error;
    const message = `line ${error.line}: ${error.message}`;
    throw problem("captions.invalid", {
      detail: `Line ${error.line}: ${error.message}.`,
      errors: [{ path: "content", message }],
    });
  }
}
