/** A captions file as chosen: decoded, parsed, and what a person should see of it before it is added. */

import { CaptionsError, type Cue, parseCaptions } from "@storagex/contract/webvtt/parse";
import type { Repair } from "@storagex/contract/webvtt/repairs";
import { t } from "../../messages/video.ts";

export type ReadFile = { cues: Cue[]; mended: Repair[]; fault: string | undefined };

/** Characters in which a file that is no text (a video, an archive) shows itself. */
const HEAD = 4_096;

/** What the API would read in `text`. */
export function readFile(text: string): ReadFile {
  if (text.slice(0, HEAD).includes("\0"))
    return {
      cues: [],
      mended: [],
      fault: t("notCaptions"),
    };
  try {
    return { ...parseCaptions(text), fault: undefined };
  } catch (error) {
    if (!(error instanceof CaptionsError)) throw error;
    return { cues: [], mended: [], fault: t("captionsFault", error.line, error.message) };
  }
}

const FIRST = 3;

/**
 * The first cues. Where all of them are ASCII, one more that is not: it shows whether the encoding is right.
 */
export function previewOf(cues: readonly Cue[]): Cue[] {
  const isTelling = ({ text }: Cue) => /\P{ASCII}/u.test(text);
  const first = cues.slice(0, FIRST);
  const telling = first.some(isTelling) ? undefined : cues.find(isTelling);
  return telling ? [...first, telling] : first;
}

/** The text of a cue without its tags, as it is shown. */
export const wordsOf = ({ text }: Cue): string =>
  text
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
