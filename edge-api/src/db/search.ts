/**
 * Finds rows by their folded text, newest first, at a cost that does not depend on how often the term occurs. A frequent term is
 * met soon on the way from the newest row down, and its index entries would be a great many; a rare one has few entries, and
 * the way would be long. How often it occurs nobody knows before: so the way is gone for some thousand rows, and whatever is
 * left then comes from the index. Without the index (`pg_trgm` is not there) the rest is read row by row.
 */
import { type SQL, sql } from "drizzle-orm";
import { type Db, readRows } from "./connect.ts";
import { type Cursor, cursorTime, isAfter } from "./cursor.ts";

/** Rows of the way: a term of one row in two hundred fills a page from them, and no other has many entries. */
const WALK = 4_000;

export type Searched = {
  /** `videos` or `users`: a table with `id`, `created_at` and `search_text`. */
  table: SQL;
  /** That a row must fulfil besides. */
  conditions: readonly SQL[];
  patterns: readonly string[];
  limit: number;
  after: Cursor | undefined;
};

const newest = sql`ORDER BY created_at DESC NULLS LAST, id DESC NULLS LAST`;
const after = (cursor: Cursor) => isAfter(cursor, sql`created_at`, sql`id`);
const count = (value: number) => sql.raw(String(value));

type Found = Cursor & { matches: boolean };

/** The first `limit` rows that match, newest first, after the cursor. */
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

/** Those that match among the next rows, and the last of these rows where there are more; that one does not match. */
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

/** All that match and come after, sorted then: a page's limit before the sort would send PostgreSQL on the long way. */
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
