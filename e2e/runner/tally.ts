/** The count of a runner, with what failed: adds counts and formats them. */
import { z } from "zod";

export const tallySchema = z.object({
  passed: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  /** What failed, each with the first line of its reason. */
  failures: z.array(z.string()),
});

export type Tally = z.infer<typeof tallySchema>;

/** Nothing counted yet. */
export const NONE: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };

/** The sum of two counts. */
export function add(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
  };
}

/** The sentence for a count; names skipped tests only where there are any. */
export function sentence({ passed, failed, skipped }: Omit<Tally, "failures">): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
