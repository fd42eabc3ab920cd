/** Words in numbers and times. */
import { wordsOf } from "./words.ts";

const english = {
  justNow: "just now",
  secondsLeft: (seconds: string) => `${seconds} s left`,
  minutesLeft: (minutes: string) => `${minutes} min left`,
  hoursLeft: (hours: string) => `${hours} h left`,
  ordinal: (position: number) => `${position}${ENDINGS[ORDINALS.select(position)]}`,
};

const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });
const ENDINGS: Readonly<Record<Intl.LDMLPluralRule, string>> = {
  ...{ one: "st", two: "nd", few: "rd", other: "th" },
  ...{ zero: "th", many: "th" },
};

export type FormatWords = typeof english;
export const t = wordsOf("format", english);
