/** Orders of lists: by a key and the id, as an index has them, so that a page starts where the last one ended. */
import { type SQL, sql } from "drizzle-orm";

export type Order = {
  /** The key of a row, as its index has it. */
  key: SQL;
  /**
   * The sort direction, with the place of nulls although there are none: otherwise PostgreSQL sorts instead of
   * reading the index.
   */
  direction: SQL;
  /** The condition on (key, id) that a row comes after another. */
  comparison: SQL;
  /** A key as a cursor holds it, and back. */
  toText: (key: SQL) => SQL;
  fromText: (text: string) => SQL;
  /** What a cursor of this order can hold. */
  text: RegExp;
};

export const DESCENDING = { direction: sql`DESC NULLS LAST`, comparison: sql`<` };
/** Backwards through an index that is `DESC NULLS LAST`. */
const ASCENDING = { direction: sql`ASC NULLS FIRST`, comparison: sql`>` };

/** By time of creation, in microseconds since the epoch: more than a double holds exactly. */
const byTime = {
  key: sql`created_at`,
  toText: (key: SQL) => sql`(extract(epoch FROM ${key}) * 1000000)::bigint::text`,
  fromText: (text: string) => sql`(timestamptz 'epoch' + ${text}::bigint * interval '1 microsecond')`,
  text: /^\d{1,16}$/,
};

export const NEWEST: Order = { ...byTime, ...DESCENDING };
export const OLDEST: Order = { ...byTime, ...ASCENDING };

/** `ORDER BY` for rows with an `id` and the key in `key`. */
export const orderBy = ({ direction, key: own }: Order, key: SQL = own): SQL =>
  sql`ORDER BY ${key} ${direction}, id ${direction}`;
