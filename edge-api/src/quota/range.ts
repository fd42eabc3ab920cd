/** The days (UTC) that a call asks for. */
import { USAGE_DAYS, type UsageRange } from "@storagex/contract/accounts/usage";
import { problem } from "../problem/problem.ts";

const DAY_MS = 86_400_000;

/** The first and last day as numbers since 1970; none if the first is later. */
export type Days = { first: number; last: number };

/** At most `max` days, none in the future. Throws `request.invalid` for days that are none, or too many. */
export function daysOf({ from, to }: UsageRange, now: number, max: number): Days {
  const refuse = (path: string, message: string) =>
    problem("request.invalid", { errors: [{ path, message }] });
  const numberOf = (text: string) => Math.floor(Date.parse(text) / DAY_MS);
  const today = Math.floor(now / DAY_MS);
  const last = to === undefined ? today : numberOf(to);
  const first = from === undefined ? Math.min(last, today) - USAGE_DAYS + 1 : numberOf(from);
  if (to !== undefined && first > last) throw refuse("from", "must not be after `to`");
  if (Math.min(last, today) - first >= max) throw refuse("from", `at most ${max} days can be read at once`);
  return { first, last: Math.min(last, today) };
}

/** The day with this number since 1970, as `2026-01-31`. */
export const dayOf = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);
