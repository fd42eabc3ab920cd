/**
 * Sentences that the API makes, in the page's language by their stable codes: problems, reasons of failures, notes.
 * English ones come with the answer; those of another language are loaded when the first one is to be shown.
 */
import type { MediaNote } from "@storagex/contract/media/note";
import { filledNote } from "@storagex/contract/media/note-values";
import { language } from "./language.ts";
import { t } from "./sentences.ts";
import type { Translated } from "./words.ts";

type ByCode = Readonly<Record<string, string>>;

const PROBLEMS: Readonly<Record<Translated, () => Promise<{ default: ByCode }>>> = {
  de: () => import("./de/problems.ts"),
};

/** The sentence for a problem's code; `english` where the page is English, or the code is of a later release. */
export async function problemText(code: string, english: string): Promise<string> {
  const shown = language();
  if (shown === "en") return english;
  const sentences = await PROBLEMS[shown]().catch(() => undefined);
  return sentences?.default[code] ?? english;
}

type Coded = { code: string; message: string };

/** Why a video or a poster failed. */
export const failureText = ({ code, message }: Coded): string => {
  const known: ByCode = t("failures");
  return t("namedFailure", code, message) ?? known[code] ?? message;
};

/** What was repaired in a captions file. */
export const repairText = ({ code, message }: Coded): string => {
  const known: ByCode = t("repairs");
  return known[code] ?? message;
};

/** What was done with a source that its owner may not expect. */
export const noteText = ({ code, message, values }: MediaNote & { message: string }): string => {
  const known: ByCode = t("notes");
  const sentence = known[code];
  return sentence === undefined ? message : filledNote(sentence, values);
};
