/**
 * Folds texts for search. We do it ourselves, so that every database finds the same rows in any locale.
 * Letters lose case and accents. Every character other than a–z and 0–9 is then encoded in capital letters:
 * pg_trgm's index recognises ASCII letters in every locale, and no character is special in a LIKE pattern.
 */
import { storable } from "../text.ts";

/** Word prefixes are stored up to this length, for terms too short for trigrams. */
const START = 2;

/** Letters that Unicode does not decompose, mapped to what people type on keyboards without them. */
const ALIKE: Readonly<Record<string, string>> = {
  æ: "ae",
  œ: "oe",
  ø: "o",
  ð: "d",
  đ: "d",
  ħ: "h",
  ł: "l",
  ŧ: "t",
  þ: "th",
  ς: "σ",
};

/** Combining marks of all scripts but Japanese voicing marks: they make other letters, which NFC restores. */
const MARKS = /(?![\u3099\u309A])(?=\p{Mn})\p{Script=Inherited}/gu;

/** Removes case, accents and ligatures: `CAFÉ` equals `cafe`, and `Straße` equals `STRASSE`. */
function folded(text: string): string {
  const plain = storable(text).normalize("NFKD").replaceAll(MARKS, "");
  // Upper case and back equals Unicode's full case folding for nearly all letters: ß becomes ss.
  const lower = plain.toUpperCase().toLowerCase();
  return lower.replaceAll(/[æœøðđħłŧþς]/gu, (letter) => ALIKE[letter] ?? letter).normalize("NFC");
}

/** Characters of a sort key; titles that are alike for longer are sorted by id. */
const SORTED = 100;

/** A title's key for sorting by code point, which every database does alike; never empty. */
export const sortKeyOf = (title: string): string =>
  [...(folded(title).trim() || title)].slice(0, SORTED).join("");

/** Without Q, which starts every code. */
const CAPITALS = "ABCDEFGHIJKLMNOPRSTUVWXYZ";
const CODE_LENGTH = 4;

/**
 * Encodes one character as five capitals. The digit that varies most comes first: otherwise all trigrams of a
 * script would be alike.
 */
function spelled(character: string): string {
  let left = character.codePointAt(0) ?? 0;
  let code = "Q";
  for (let digit = 0; digit < CODE_LENGTH; digit += 1) {
    code += CAPITALS[left % CAPITALS.length];
    left = Math.floor(left / CAPITALS.length);
  }
  return code;
}

const encoded = (word: string): string => word.replaceAll(/[^a-z0-9]/gu, spelled);

/** Words are separated by spaces. */
const wordsOf = (text: string): string[] => folded(text).split(/\s+/u).filter(Boolean);

/** The search text to store for a row that these texts describe. */
export function searchTextOf(texts: readonly string[]): string {
  const words = new Set<string>();
  const starts = new Set<string>();
  for (const word of texts.flatMap(wordsOf)) {
    words.add(encoded(word));
    // A file name holds several words without spaces: each starts after a punctuation mark.
    for (const inner of word.split(/[^\p{L}\p{N}]+/u).filter(Boolean))
      starts.add(encoded(inner.slice(0, START)));
  }
  return ` ${[...words, ...starts].join(" ")}`;
}

/**
 * LIKE patterns for a search, all of which must match: each term anywhere, but a term of one or two letters
 * only at the beginning of a word.
 */
export function searchPatterns(text: string): string[] {
  return wordsOf(text).map((word) => {
    const term = encoded(word);
    return term.length > START ? `%${term}%` : `% ${term}%`;
  });
}
