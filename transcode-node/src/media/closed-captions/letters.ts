/** The characters of CEA-608 (CEA-608-E, tables 49 to 53). */

const BASIC: Readonly<Record<number, string>> = {
  39: "\u2019",
  42: "á",
  92: "é",
  94: "í",
  95: "ó",
  96: "ú",
  123: "ç",
  124: "÷",
  125: "Ñ",
  126: "ñ",
  127: "█",
};
const SPECIAL = "®°½¿™¢£♪à\u00a0èâêîôû";
const SPANISH_FRENCH = "ÁÉÓÚÜü‘¡*'—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»";
const PORTUGUESE_GERMAN = "ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤│ÅåØø┌┐└┘";

export const basicLetter = (code: number): string => BASIC[code] ?? String.fromCharCode(code);
/** `code` from 0x30 on. */
export const specialLetter = (code: number): string => SPECIAL[code - 0x30] ?? "";
/** `set` 2 or 3 as the first byte's low bits; `code` from 0x20 on. */
export const extendedLetter = (set: number, code: number): string =>
  (set === 2 ? SPANISH_FRENCH : PORTUGUESE_GERMAN)[code - 0x20] ?? "";
