/** From a file's text to the WebVTT that is stored, or to the problem that names the line. */
import { CaptionsError, parseCaptions } from "@storagex/contract/webvtt/parse";
import { writeVtt } from "@storagex/contract/webvtt/write";
import { problem } from "../http/problem.ts";

/** Throws `captions.invalid`. */
export function toVtt(content: string): string {
  try {
    return writeVtt(parseCaptions(content));
  } catch (error) {
    if (!(error instanceof CaptionsError)) throw error;
    const message = `line ${error.line}: ${error.message}`;
    throw problem("captions.invalid", {
      detail: `Line ${error.line}: ${error.message}.`,
      errors: [{ path: "content", message }],
    });
  }
}
