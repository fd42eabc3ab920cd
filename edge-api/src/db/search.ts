/**
 * Finds rows by their folded text, newest first, at a cost that does not depend on how frequent the term is.
 * A scan from the newest row finds a frequent term soon, while its index entries would be very many. A rare
 * term has few index entries, while the scan would be long. The frequency is not known in advance: so we scan
 * some thousand rows first, and take the rest from the index. Without the index (no `pg_trgm`) the rest is
 * read row by row.
 */
import { type SQL, sql } from "drizzle-orm";
import { type Db, readRows } from "./connect.ts";
import { type Cursor, cursorTime, isAfter } from "./cursor.ts";

/** Rows to scan: a term in one of 200 rows fills a page from them, and a rarer one has few index entries. */
const WALK = 4_000;

export type Searched = {
  /** `videos` or `users`: a table with `id`, `created_at` and `search_text`. */
  table: SQL;
  /** Further conditions that a row must meet. */
  conditions: readonly SQL[];
  patterns: readonly string[];
  limit: number;
  after: Cursor | undefined;
};

const newest = sql`ORDER BY created_at DESC NULLS LAST, id DESC NULLS LAST`;
const after = (cursor: Cursor) => isAfter(cursor, sql`created_at`, sql`id`);
const count = (value: number) => sql.raw(String(value));

type Found = Cursor & { matches: boolean };

/** The first `limit` matching rows after the cursor, newest first. */
export async function findNewest(db: Db, searched: Searched): Promise<Cursor[]> {
  const { limit } = searched;
  const walked = await walk(db, searched);
  const found = walked.filter(({ matches }) => matches);
  const end = walked.find(({ matches }) => !matches);
  if (!end || found.length >= limit) return found.slice(0, limit);
  const rest = await fromIndex(db, { ...searched, limit: limit - found.length, after: end });
  return [...found, ...rest];
}

const matches = (patterns: readonly string[]): SQL =>
  sql.join(
    patterns.map((pattern) => sql`search_text LIKE ${pattern}`),
    sql` AND `,
  );

/** The matches among the next rows; if more rows follow, also the last one scanned, as a non-match. */
function walk(db: Db, { table, conditions, patterns, limit, after: cursor }: Searched): Promise<Found[]> {
  const all = sql.join([...conditions, ...(cursor ? [after(cursor)] : [])], sql` AND `);
  const at = cursorTime(sql`created_at`);
  return readRows(
    db,
    sql`WITH walked AS MATERIALIZED (
        SELECT id, created_at, search_text FROM ${table} WHERE ${all} ${newest} LIMIT ${count(WALK)}
      )
      (SELECT id, ${at} AS at, true AS matches FROM walked WHERE ${matches(patterns)} ${newest} LIMIT ${count(limit)})
      UNION ALL
      (SELECT id, ${at} AS at, false AS matches FROM walked ${newest} OFFSET ${count(WALK - 1)} LIMIT 1)`,
  );
}

/** Fetches all later matches, then sorts: a limit before the sort would make PostgreSQL choose the scan. */
function fromIndex(
  db: Db,
  { table, conditions, patterns, limit, after: cursor }: Searched,
): Promise<Cursor[]> {
  const all = sql.join([...conditions, matches(patterns), ...(cursor ? [after(cursor)] : [])], sql` AND `);
  return readRows(
    db,
    sql`WITH hits AS MATERIALIZED (SELECT id, created_at FROM ${table} WHERE ${all})
      SELECT id, ${cursorTime(sql`created_at`)} AS at FROM hits ${newest} LIMIT ${count(limit)}`,
  );
}
