/** Counts by kind what a captions reader had to repair; shown to the person who added the file. */
import { z } from "@hono/zod-openapi";

/** The message for each kind of repair; the count is shown beside it. */
const WORDS = {
  time_form: "Times in an unusual form were read (such as 0:00:01.5).",
  negative_time: "Cues that begin before zero begin at zero.",
  no_duration: "Cues that ended where or before they began were given a length.",
  order: "Cues out of order were sorted.",
  blank_line: "Blank lines inside a cue's text were removed.",
  missing_blank_line: "Cues without a blank line before them were told apart.",
  left_out: "Lines that belong to no readable cue were left out.",
  no_cue: "Numbers without a cue were left out.",
  markup: "Markup that players do not show was removed, its text kept.",
  drawing: "Drawings (ASS) were left out.",
  control_characters: "Control characters were removed.",
  undecoded: "Some characters were lost before the file came here: it was read in the wrong encoding.",
} as const;

export type RepairCode = keyof typeof WORDS;
export const REPAIR_CODES = Object.keys(WORDS).filter((key): key is RepairCode => key in WORDS);

export const repairSchema = z
  .object({
    code: z.enum(REPAIR_CODES).openapi({ example: "order" }),
    /** Number of occurrences. */
    count: z.number().int().positive(),
    /** The first line of the file with it. */
    line: z.number().int().positive(),
    message: z.string(),
  })
  .openapi("CaptionsMend");
export type Repair = z.infer<typeof repairSchema>;

/** Counts repairs. Cheap to call for each line. */
export class Repairs {
  readonly #found = new Map<RepairCode, { count: number; line: number }>();

  /** `line` counts from one. */
  add(code: RepairCode, line: number): void {
    const known = this.#found.get(code);
    if (!known) this.#found.set(code, { count: 1, line });
    else {
      known.count += 1;
      known.line = Math.min(known.line, line);
    }
  }

  /** In the order of the file. */
  list(): Repair[] {
    return [...this.#found]
      .map(([code, { count, line }]) => ({ code, count, line, message: WORDS[code] }))
      .sort((a, b) => a.line - b.line);
  }
}
