/** Folds texts that an earlier release or an operator wrote without it: searches do not find them before. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { searchTextOf, sortKeyOf } from "../db/lists/search-text.ts";
import { json } from "../db/text.ts";

/** Rows per statement. */
const BATCH = 500;
/** Milliseconds per run: a million rows take some minutes, and the other sweeps must run too. */
const RUN_MS = 2_000;

const textsRow = z.object({ id: z.string(), texts: z.array(z.string().nullable()) });

/** A table with the texts to search, as a JSON array, and the condition that a row is not folded. */
type Searched = { table: SQL; texts: SQL; unfolded: SQL; isSorted: boolean };
const SEARCHED: readonly Searched[] = [
  {
    table: sql`videos`,
    texts: sql`jsonb_build_array(title, filename, description) || tags`,
    unfolded: sql`(search_text IS NULL OR title_key = '')`,
    isSorted: true,
  },
  {
    table: sql`users`,
    texts: sql`jsonb_build_array(email, name)`,
    unfolded: sql`search_text IS NULL`,
    isSorted: false,
  },
];

/** Returns how many rows it folded. */
export async function foldTexts(edge: Edge): Promise<number> {
  const began = Date.now();
  let folded = 0;
  for (const searched of SEARCHED) {
    for (;;) {
      const some = await foldSome(edge, searched);
      folded += some;
      if (some < BATCH || Date.now() - began > RUN_MS) break;
    }
  }
  return folded;
}

async function foldSome({ db }: Edge, { table, texts, unfolded, isSorted }: Searched): Promise<number> {
  const rows = await query(
    db,
    sql`SELECT id, ${texts} AS texts FROM ${table} WHERE ${unfolded} LIMIT ${BATCH}::int`,
    textsRow,
  );
  if (rows.length === 0) return 0;
  const folded = rows.map((row) => ({
    ...row,
    search: searchTextOf(row.texts.map((text) => text ?? "")),
    key: sortKeyOf(row.texts[0] ?? ""),
  }));
  // Guarded by the texts: if a title was changed meanwhile, that change folded it.
  await db.execute(sql`UPDATE ${table} SET search_text = folded.search${isSorted ? sql`, title_key = folded.key` : sql``}
    FROM jsonb_to_recordset(${json(folded)}) AS folded(id text, texts jsonb, search text, key text)
    WHERE ${table}.id = folded.id AND ${unfolded} AND ${texts} = folded.texts`);
  return rows.length;
}
