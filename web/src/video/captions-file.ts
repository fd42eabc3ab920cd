/** A captions file as it was chosen: decoded, read, and what of it a person should see before it is added. */
import type { Mend } from "@storagex/contract/webvtt/mends";
import { CaptionsError, type Cue, parseCaptions } from "@storagex/contract/webvtt/parse";

export type ReadFile = { cues: Cue[]; mended: Mend[]; fault: string | undefined };

/** What the API would find in `text`. */
export function readFile(text: string): ReadFile {
  try {
    return { ...parseCaptions(text), fault: undefined };
  } catch (error) {
    if (!(error instanceof CaptionsError)) throw error;
    return { cues: [], mended: [], fault: `Line ${error.line}: ${error.message}.` };
  }
}

const FIRST = 3;

/** The first cues, and one more with letters beyond ASCII where they have none: those tell whether the encoding is right. */
export function previewOf(cues: readonly Cue[]): Cue[] {
  const isTelling = ({ text }: Cue) => /\P{ASCII}/u.test(text);
  const first = cues.slice(0, FIRST);
  const telling = first.some(isTelling) ? undefined : cues.find(isTelling);
  return telling ? [...first, telling] : first;
}

/** The words of a cue without its tags, as they are shown. */
export const wordsOf = ({ text }: Cue): string =>
  text
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
