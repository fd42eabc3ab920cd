/** Creates the search indexes if the database has the extensions. Without them searches read row by row. */
import pg from "pg";

/** Trusted extensions of PostgreSQL's contrib: the database owner may create them if they are installed. */
const EXTENSIONS = ["pg_trgm", "btree_gin"];
/**
 * GIN puts new entries on a pending list that every search scans, so the list is kept short (KiB). The owner
 * is in the same index: other users' rows do not slow down a search in one's own.
 */
const INDEXES = {
  videos_search: `CREATE INDEX videos_search ON videos USING gin (owner_id, search_text gin_trgm_ops)
    WITH (gin_pending_list_limit = 512)`,
  users_search: `CREATE INDEX users_search ON users USING gin (search_text gin_trgm_ops)
    WITH (gin_pending_list_limit = 512)`,
};

/** Not allowed (42501), not installed (0A000 or 58P01, by how PostgreSQL reports it), not found (42704). */
const NOT_HERE = ["42501", "0A000", "58P01", "42704"];

/** Creates the missing indexes. Returns why they cannot be created; undefined when all exist. */
export async function makeSearchIndexes(client: pg.Client): Promise<string | undefined> {
  try {
    for (const [name, statement] of Object.entries(INDEXES)) {
      const { rows } = await client.query("SELECT to_regclass($1) AS there", [name]);
      if (rows[0]?.there !== null) continue;
      for (const extension of EXTENSIONS) await client.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`);
      await client.query(statement);
    }
  } catch (error) {
    if (error instanceof pg.DatabaseError && NOT_HERE.includes(error.code ?? "")) return error.message;
    throw error;
  }
}
