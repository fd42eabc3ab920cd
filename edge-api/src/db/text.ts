/** Pieces of SQL that several acts write: times as the API prints them. */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** A timestamptz as ISO 8601 UTC with milliseconds. */
export function iso(column: SQLWrapper): SQL {
  return sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * What PostgreSQL's text cannot hold (NUL) or no text should (lone surrogates), taken out; in Unicode's form C, as keyboards
 * type it: a Mac names its files in form D.
 */
export function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed().normalize("NFC");
}

/** Controls, and the marks that turn the direction of the text around them (Unicode TR 9, section 2). */
const HIDDEN = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** A name to show: one line, nothing hidden in it; empty where nothing is left. */
export function oneLine(text: string): string {
  return storable(text).replaceAll(HIDDEN, " ").replaceAll(/\s+/gu, " ").trim();
}

/** Ids of ours are plain; what is not (a NUL would even be an error in PostgreSQL) cannot be one. */
export const isPlainId = (id: string): boolean => /^[\w-]{1,64}$/.test(id);

/** A value for a jsonb column or parameter. */
export function json(value: unknown): SQL {
  return sql`${JSON.stringify(value)}::jsonb`;
}
