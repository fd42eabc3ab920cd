/** SQL of reads by many keys at once, see `queryKeyed`. */
import { type SQL, sql } from "drizzle-orm";
import { json } from "./text.ts";

/** The keys, each a list of texts, as `asked.key`: an item of `FROM`. */
export const eachOf = (keys: readonly (readonly string[])[]): SQL =>
  sql`jsonb_array_elements(${json(keys)}) WITH ORDINALITY AS asked(key, number)`;

/** The place of `asked.key` among the keys. */
export const placeOf: SQL = sql`(asked.number - 1)::int`;
