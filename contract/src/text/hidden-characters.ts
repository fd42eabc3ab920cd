/** Characters that nobody sees in a name. Pure. */

/** Control characters, and marks that change the text direction (Unicode TR 9, section 2). */
const HIDDEN = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** One line without those, and without lone surrogates; empty if nothing is left. */
export const visibleLine = (text: string): string =>
  text.toWellFormed().replaceAll(HIDDEN, " ").replaceAll(/\s+/gu, " ").trim();
