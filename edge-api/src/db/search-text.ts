/**
 * What is searched: texts folded by us, so that every database finds the same whatever its locale. Letters lose their case and
 * accents, and whatever is not one of a–z and 0–9 then is spelled in capitals: pg_trgm's index knows ASCII letters in every
 * locale, and nothing in a pattern means anything but itself.
 */
import { storable } from "./text.ts";

/** Of a word's start: so much can be asked for by a term that is too short for trigrams. */
const START = 2;

/** Letters that Unicode does not take apart, as people type them who have not got them. */
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

/** Marks over and under letters of all scripts. Japanese voicing marks make other letters: they go back to theirs. */
const MARKS = /(?![\u3099\u309A])(?=\p{Mn})\p{Script=Inherited}/gu;

/** Without case, accents and ligatures: `CAFÉ` and `cafe` are one, as are `Straße` and `STRASSE`. */
function folded(text: string): string {
  const plain = storable(text).normalize("NFKD").replaceAll(MARKS, "");
  // Up and down again is Unicode's full case folding for nearly all: ß becomes ss.
  const lower = plain.toUpperCase().toLowerCase();
  return lower.replaceAll(/[æœøðđħłŧþς]/gu, (letter) => ALIKE[letter] ?? letter).normalize("NFC");
}

/** Without Q, which begins each. */
const CAPITALS = "ABCDEFGHIJKLMNOPRSTUVWXYZ";
const CODE_LENGTH = 4;

/** One character in five capitals; the digit that differs most comes first, as trigrams of a script would else be all alike. */
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

/** Words are what stands between spaces. */
const wordsOf = (text: string): string[] => folded(text).split(/\s+/u).filter(Boolean);

/** What to keep of the texts by which a row is found. */
export function searchTextOf(texts: readonly string[]): string {
  const words = new Set<string>();
  const starts = new Set<string>();
  for (const word of texts.flatMap(wordsOf)) {
    words.add(encoded(word));
    // A file's name has its words within one: they begin after a sign.
    for (const inner of word.split(/[^\p{L}\p{N}]+/u).filter(Boolean))
      starts.add(encoded(inner.slice(0, START)));
  }
  return ` ${[...words, ...starts].join(" ")}`;
}

/**
 * LIKE patterns for what somebody looks for, of which all must match: each term anywhere, and one of one or two letters at
 * the beginning of a word.
 */
export function searchPatterns(text: string): string[] {
  return wordsOf(text).map((word) => {
    const term = encoded(word);
    return term.length > START ? `%${term}%` : `% ${term}%`;
  });
}
