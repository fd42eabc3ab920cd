/**
 * Decodes the bytes of a captions file to text: the encoding is detected by byte order mark, validity and
 * language.
 */

/** Encodings by their names in the Encoding Standard (what `TextDecoder` takes), with their common names. */
export const ENCODINGS = {
  "utf-8": "Unicode (UTF-8)",
  "utf-16le": "Unicode (UTF-16)",
  "utf-16be": "Unicode (UTF-16, big endian)",
  "windows-1252": "Western (Windows-1252)",
  "windows-1250": "Central European (Windows-1250)",
  "iso-8859-2": "Central European (ISO 8859-2)",
  "windows-1251": "Cyrillic (Windows-1251)",
  "koi8-u": "Cyrillic (KOI8)",
  ibm866: "Cyrillic (DOS 866)",
  "windows-1253": "Greek (Windows-1253)",
  "windows-1254": "Turkish (Windows-1254)",
  "windows-1255": "Hebrew (Windows-1255)",
  "windows-1256": "Arabic (Windows-1256)",
  "windows-1257": "Baltic (Windows-1257)",
  "windows-1258": "Vietnamese (Windows-1258)",
  "windows-874": "Thai (Windows-874)",
  shift_jis: "Japanese (Shift_JIS)",
  "euc-jp": "Japanese (EUC-JP)",
  gb18030: "Chinese, simplified (GB18030)",
  big5: "Chinese, traditional (Big5)",
  "euc-kr": "Korean (EUC-KR)",
} as const;
export type Encoding = keyof typeof ENCODINGS;
export const ENCODING_NAMES = Object.keys(ENCODINGS).filter((name): name is Encoding => name in ENCODINGS);

/**
 * The encodings that a language's files used before Unicode, the most common first; all other languages used
 * Windows-1252.
 */
const OF_LANGUAGE: Readonly<Record<string, readonly Encoding[]>> = {
  ...each("bs cs hr hu pl ro sk sl sq", ["windows-1250", "iso-8859-2"]),
  ...each("be bg mk ru sr uk", ["windows-1251", "koi8-u", "ibm866"]),
  el: ["windows-1253"],
  ...each("az ku tr", ["windows-1254"]),
  ...each("he yi", ["windows-1255"]),
  ...each("ar fa ur", ["windows-1256"]),
  ...each("et lt lv", ["windows-1257"]),
  vi: ["windows-1258"],
  th: ["windows-874"],
  ja: ["shift_jis", "euc-jp"],
  ko: ["euc-kr"],
  zh: ["gb18030", "big5"],
  "zh-hant": ["big5", "gb18030"],
};

function each(languages: string, encodings: readonly Encoding[]): Record<string, readonly Encoding[]> {
  return Object.fromEntries(languages.split(" ").map((language) => [language, encodings]));
}

/** What is tried where the language's own encodings give no words. */
const OTHERS: readonly Encoding[] = [
  "windows-1252",
  "windows-1251",
  "koi8-u",
  "shift_jis",
  "euc-kr",
  "gb18030",
  "big5",
  "windows-1253",
  "windows-1255",
  "windows-1256",
  "windows-874",
  "windows-1250",
];

/** How much of a file is examined: the beginning of a film's captions is enough. */
const SAMPLE = 64 * 1024;

/** The text of `bytes` in `encoding`. What cannot be decoded becomes U+FFFD; a byte order mark is removed. */
export const decodeAs = (bytes: Uint8Array, encoding: Encoding): string =>
  new TextDecoder(encoding).decode(bytes);

/** The encoding of a captions file in `language` (BCP 47; empty where unknown). */
export function encodingOf(bytes: Uint8Array, language: string): Encoding {
  const sample = bytes.subarray(0, SAMPLE);
  return byMark(sample) ?? byZeros(sample) ?? (isUtf8(sample) ? "utf-8" : byWords(sample, language));
}

function byMark([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return undefined;
}

/**
 * In UTF-16, digits, arrows and line ends have a zero byte, always in the same position; no other encoding
 * has zeros.
 */
function byZeros(bytes: Uint8Array): Encoding | undefined {
  const zeros = [0, 0];
  for (const [n, byte] of bytes.entries()) if (byte === 0) zeros[n % 2] = (zeros[n % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd === 0) return undefined;
  if (Math.max(even, odd) < bytes.length / 20 || Math.min(even, odd) > Math.max(even, odd) / 10)
    return undefined;
  return odd > even ? "utf-16le" : "utf-16be";
}

/**
 * A few bytes may be invalid (a cut in the middle of a character) where most multi-byte sequences are valid.
 */
function isUtf8(bytes: Uint8Array): boolean {
  // The sample may end within a character.
  const text = new TextDecoder("utf-8").decode(bytes, { stream: true });
  let wrong = 0;
  let right = 0;
  for (const letter of text)
    if (letter === "\ufffd") wrong += 1;
    else if (letter > "\u007f") right += 1;
  return wrong === 0 || wrong * 10 < right;
}

/** Max share of letters beyond ASCII that may look wrong before the language is doubted. */
const TOLERATED = 0.2;

function byWords(bytes: Uint8Array, language: string): Encoding {
  const own = encodingsFor(language);
  const faults = (encoding: Encoding) => faultsIn(decodeAs(bytes, encoding));
  const best = bestOf(own, faults);
  if (best.faults <= TOLERATED) return best.encoding;
  const other = bestOf(OTHERS, faults);
  // The language's own encoding is preferred: another must be much better.
  return other.faults < best.faults / 2 ? other.encoding : best.encoding;
}

function encodingsFor(language: string): readonly Encoding[] {
  const [primary = "", ...rest] = language.toLowerCase().split("-");
  const isTraditional = primary === "zh" && rest.some((part) => ["hant", "tw", "hk", "mo"].includes(part));
  return OF_LANGUAGE[isTraditional ? "zh-hant" : primary] ?? ["windows-1252"];
}

function bestOf(encodings: readonly Encoding[], faults: (encoding: Encoding) => number) {
  const [first = "windows-1252", ...rest] = encodings;
  let best = { encoding: first, faults: faults(first) };
  for (const encoding of rest) {
    const found = faults(encoding);
    if (found < best.faults) best = { encoding, faults: found };
  }
  return best;
}

/** Words, including letters beyond ASCII. */
const WORD = /[\p{L}\p{M}\ufffd]+/gu;
/** Signs that captions use in any language. */
const USUAL_SIGN =
  /[\u00a0\u00a1\u00a3\u00a9\u00ab\u00ae\u00b0\u00b4\u00b7\u00bb\u00bf\u060c\u061b\u061f\u2010-\u2026\u20ac\u2116\u2122\u266a\u266b\u3000-\u303f\uff00-\uffef]/u;
/** Only letters of another code page appear there. */
const SIGN_IN_WORD = /\p{L}[\u00a1\u00ab\u00b0\u00b4\u00bb\u00bf](?=\p{L})/gu;
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** How much of the text beyond ASCII looks like no language: 0 for none of it, 1 and more for all. */
function faultsIn(text: string): number {
  let beyond = 0;
  let faults = 0;
  for (const letter of text.replaceAll(WORD, "")) {
    if (letter <= "\u007f") continue;
    beyond += 1;
    // Controls and signs: what letters of another code page turn into.
    if (!USUAL_SIGN.test(letter)) faults += 1;
  }
  for (const _ of text.matchAll(SIGN_IN_WORD)) faults += 1;
  for (const [word] of text.matchAll(WORD)) {
    const strange = word.replaceAll(/\p{ASCII}/gu, "").length;
    beyond += strange;
    if (strange > 0) faults += strange * faultOf(word, strange);
  }
  return beyond === 0 ? 0 : faults / beyond;
}

/** 0 for a plausible word, 1 for an impossible one. */
function faultOf(word: string, strange: number): number {
  if (word.includes("\ufffd")) return 1;
  if (EAST_ASIAN.test(word)) return faultOfEastAsian(word);
  const isLatin = /\p{Script=Latin}/u.test(word);
  // One word has letters of two scripts.
  if (isLatin && /[^\p{Script=Latin}\p{M}]/u.test(word)) return 1;
  // A capital after a small letter: another code page of the same script.
  if (/\p{Ll}\p{Lu}/u.test(word)) return 1;
  // Words in Latin script have a few letters beyond ASCII, not nearly all.
  return isLatin && word.length > 2 && strange > 0.6 * word.length ? 1 : 0;
}

/** Letters that make up most words of Japanese and Korean. */
const KANA_OR_HANGUL = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function faultOfEastAsian(word: string): number {
  if (/[a-z]/i.test(word)) return 0.7;
  const letters = [...word];
  const rare = letters.filter((letter) => !KANA_OR_HANGUL.test(letter) && !COMMON_HAN.has(letter)).length;
  // Half-width kana are what single bytes turn into.
  if (/[\uff61-\uff9f]/.test(word)) return 1;
  // Hangul words hold no Han and never kana.
  if (/\p{Script=Hangul}/u.test(word) && /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word))
    return 0.8;
  return (0.5 * rare) / letters.length;
}

/** The most common characters of Chinese, simplified and traditional. */
const COMMON_HAN = new Set(
  "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于着下自之年过過发發后後作里裡用道行所然家种事成方多经么麼去法学學如都同现当没動面起看定天分还進好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔谢請請謝您吗吧呢啊",
);
