/** Sentences that come with the API's answers in English: other languages have them by their stable codes. */
import type { MediaFailureCode } from "@storagex/contract/media/failure";
import type { MediaNoteCode } from "@storagex/contract/media/note";
import type { RepairCode } from "@storagex/contract/webvtt/repairs";
import { wordsOf } from "./words.ts";

export type Sentences = {
  failures: Partial<Readonly<Record<MediaFailureCode, string>>>;
  /** Of a reason that names a track of the file: `message` is the English one. */
  namedFailure: (code: string, message: string) => string | undefined;
  /** Names in braces stand for the note's values. */
  notes: Partial<Readonly<Record<MediaNoteCode, string>>>;
  repairs: Partial<Readonly<Record<RepairCode, string>>>;
};

const english: Sentences = { failures: {}, namedFailure: () => undefined, notes: {}, repairs: {} };

export const t = wordsOf("sentences", english);
