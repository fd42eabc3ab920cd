/** From a file's text to the WebVTT that is stored, or to the problem that names the line. */
import type { Mend } from "@storagex/contract/webvtt/mends";
import { CaptionsError, parsing } from "@storagex/contract/webvtt/parse";
import { writeVtt } from "@storagex/contract/webvtt/write";
import { problem } from "../problem/problem.ts";
import { inSteps } from "./turns.ts";

/**
 * Reads `content` step by step in turn with the files of others, so that the isolate goes on answering. Throws
 * `captions.invalid`, and `captions.too_often` where the line is too long.
 */
export async function toVtt(content: string): Promise<{ vtt: string; mended: Mend[] }> {
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
