/**
 * Finds rows in an order by conditions that no index of that order holds, at a cost that does not depend on
 * how many rows match. A scan from the start finds frequent matches soon, while their index entries would be
 * very many. Rare matches have few index entries, while the scan would be long. The frequency is not known in
 * advance: so we scan some thousand rows first, and take the rest from the index. Without the index (no
 * `pg_trgm`) the rest is read row by row.
 */
import { type SQL, sql } from "drizzle-orm";
import { type Db, readRows } from "../connect.ts";
import { type Cursor, isAfter } from "./cursor.ts";
import { type Order, orderBy } from "./order.ts";

/** Rows to scan: what one of 200 rows matches fills a page from them, and rarer matches have few index entries. */
const WALK = 4_000;

export type Searched = {
  /** `videos` or `users`: a table with `id` and the key of `order`. */
  table: SQL;
  order: Order;
  /** Conditions that hold for most rows, or that the index of the order has. */
  conditions: readonly SQL[];
  /** What else a row must meet. */
  matches: readonly SQL[];
  /** Conditions that follow from `matches`, by which an index finds the rows. */
  indexed?: readonly SQL[];
  limit: number;
  after: Cursor | undefined;
};

const count = (value: number) => sql.raw(String(value));
const all = (conditions: readonly SQL[]) => sql.join([...conditions], sql` AND `);

type Found = Cursor & { matches: boolean };

/** The first `limit` matching rows after the cursor, in order. */
export async function findInOrder(db: Db, searched: Searched): Promise<Cursor[]> {
  const { limit } = searched;
  const walked = await walk(db, searched);
  const found = walked.filter(({ matches }) => matches);
  const end = walked.find(({ matches }) => !matches);
  if (!end || found.length >= limit) return found.slice(0, limit);
  const rest = await fromIndex(db, { ...searched, limit: limit - found.length, after: end });
  return [...found, ...rest];
}

/** The conditions that a row's folded text matches each of the patterns. */
export const textMatches = (patterns: readonly string[]): SQL[] =>
  patterns.map((pattern) => sql`search_text LIKE ${pattern}`);

/** The matches among the next rows; if more rows follow, also the last one scanned, as a non-match. */
function walk(db: Db, { table, order, conditions, matches, limit, after }: Searched): Promise<Found[]> {
  const next = all([...conditions, ...(after ? [isAfter(after, order)] : [])]);
  const key = sql`key`;
  const at = order.toText(key);
  return readRows(
    db,
    sql`WITH walked AS MATERIALIZED (
        SELECT id, ${order.key} AS key, (${all(matches)}) AS matches FROM ${table} WHERE ${next} ${orderBy(order)} LIMIT ${count(WALK)}
      )
      (SELECT id, ${at} AS at, true AS matches FROM walked WHERE matches ${orderBy(order, key)} LIMIT ${count(limit)})
      UNION ALL
      (SELECT id, ${at} AS at, false AS matches FROM walked ${orderBy(order, key)} OFFSET ${count(WALK - 1)} LIMIT 1)`,
  );
}

/** Fetches all later matches, then sorts: a limit before the sort would make PostgreSQL choose the scan. */
function fromIndex(
  db: Db,
  { table, order, conditions, matches, indexed = [], limit, after }: Searched,
): Promise<Cursor[]> {
  const later = all([...conditions, ...matches, ...indexed, ...(after ? [isAfter(after, order)] : [])]);
  const key = sql`key`;
  return readRows(
    db,
    sql`WITH hits AS MATERIALIZED (SELECT id, ${order.key} AS key FROM ${table} WHERE ${later})
      SELECT id, ${order.toText(key)} AS at FROM hits ${orderBy(order, key)} LIMIT ${count(limit)}`,
  );
}
