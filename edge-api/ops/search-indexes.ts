/** The indexes of searches, where the database has the extensions for them: without, a search reads row by row. */
import pg from "pg";

/** Trusted extensions of PostgreSQL's contrib: whoever owns the database may make them, where they are installed. */
const EXTENSIONS = ["pg_trgm", "btree_gin"];
/**
 * What is written lately waits in a list that every search reads through: it is kept short (KiB). With the owner in the same
 * index, what others have does not slow down the search of one's own.
 */
const INDEXES = {
  videos_search: `CREATE INDEX videos_search ON videos USING gin (owner_id, search_text gin_trgm_ops)
    WITH (gin_pending_list_limit = 512)`,
  users_search: `CREATE INDEX users_search ON users USING gin (search_text gin_trgm_ops)
    WITH (gin_pending_list_limit = 512)`,
};

/** Not allowed, not installed (by how it is said), not there. */
const NOT_HERE = ["42501", "0A000", "58P01", "42704"];

/** Makes those that are missing. Returns what keeps them from being made; undefined when all are there. */
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
