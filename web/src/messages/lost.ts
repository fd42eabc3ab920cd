/** Words of the page that is not found. */
import { wordsOf } from "./words.ts";

const english = {
  lostFootage: "Lost footage",
  toLibrary: "To the library",
  notFound: "Not found",
  nothingHere: "Nothing plays here.",
  nothingHereWhy: "This address leads nowhere. It may be mistyped, or its video is gone.",
};

export type LostWords = typeof english;
export const t = wordsOf("lost", english);
