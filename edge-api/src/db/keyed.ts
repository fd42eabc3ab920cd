/** SQL of reads by many keys at once, see `queryKeyed`. */
import { type SQL, sql } from "drizzle-orm";

export type Key = readonly string[];

/**
 * Selects the rows of many keys (`keys` is a parameter with all of them), each with the place of its key in the column
 * `place`, counted from 0. `K` is what a key of it holds.
 */
export type KeyedRead<K extends Key> = ((keys: SQL) => SQL) & { readonly key?: K };

/** The parameter's value. */
export const textOfKeys = (keys: readonly Key[]): string => JSON.stringify(keys);

/** The keys as `asked.key`: an item of `FROM`. */
export const eachOf = (keys: SQL): SQL =>
  sql`jsonb_array_elements(${keys}::jsonb) WITH ORDINALITY AS asked(key, number)`;

/** The place of `asked.key` among the keys. */
export const placeOf: SQL = sql`(asked.number - 1)::int`;
