import type { FormatWords } from "../format.ts";

export const format: FormatWords = {
  justNow: "gerade eben",
  secondsLeft: (seconds) => `noch ${seconds} s`,
  minutesLeft: (minutes) => `noch ${minutes} min`,
  hoursLeft: (hours) => `noch ${hours} h`,
  ordinal: (position) => `${position}.`,
};
