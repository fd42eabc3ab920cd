/** SQL and text functions that acts share: timestamps as the API prints them, and text safe to store. */
import { visibleLine } from "@storagex/contract/text/hidden-characters";
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** A timestamptz as ISO 8601 UTC with milliseconds. */
export function iso(column: SQLWrapper): SQL {
  return sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * Removes what PostgreSQL cannot store (NUL) and what no text should contain (lone surrogates). Normalises to
 * NFC, as keyboards type it: macOS names its files in NFD. Never longer than `text`, whose length was checked: letters
 * that NFC takes apart (of Hindi, for example) stay as they are where nothing else becomes shorter.
 */
export function storable(text: string): string {
  const kept = text.replaceAll("\0", "").toWellFormed();
  const composed = kept.normalize("NFC");
  return composed.length > text.length ? kept : composed;
}

/** A name to display: one line without hidden characters; empty if nothing is left. */
export function oneLine(text: string): string {
  return visibleLine(storable(text));
}

/** Our ids are plain. Anything else (PostgreSQL even rejects a NUL) cannot be one. */
export const isPlainId = (id: string): boolean => /^[\w-]{1,64}$/.test(id);

/** A value for a jsonb column or parameter. */
export function json(value: unknown): SQL {
  return sql`${JSON.stringify(value)}::jsonb`;
}

/** The time that an ISO text names, and `plus` milliseconds: the precision of the times that the API shows. */
export const instant = (text: string, plus = 0): SQL =>
  sql`(timestamptz 'epoch' + ${Date.parse(text) + plus}::bigint * interval '1 millisecond')`;

/** The values of a query parameter that may be given once, several times, or not at all. */
export const valuesOf = <T extends string>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
