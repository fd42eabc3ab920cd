/**
 * Seals secrets again that are under an earlier signing key, under the first: then the earlier one can be removed.
 * `/readyz` says whether some are left.
 */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { json } from "../db/text.ts";
import { seal, sealingKeys, unseal } from "../keys/sealed.ts";
import { isUnderAnother, SEALED_COLUMNS, type SealedColumn } from "../keys/sealed-columns.ts";

/** Rows of a column per run. */
export const RESEALED = 200;

const foundRow = z.object({ area: z.string(), id: z.string(), sealed: z.string() });
type Found = z.infer<typeof foundRow>;

/** The name of a column's row in `sweep_positions`. */
const areaOf = ({ table, column }: SealedColumn): string => `${table}.${column}`;

/** One page of a column, from where the run before ended: what no key opens must not keep the rest from its turn. */
const pageOf = (of: SealedColumn, first: string): SQL => {
  const [table, id, column] = [of.table, of.id, of.column].map((name) => sql.identifier(name));
  return sql`(SELECT ${areaOf(of)} AS area, ${id} AS id, ${column} AS sealed FROM ${table}
      WHERE ${isUnderAnother(of, first)}
        AND ${id} > coalesce((SELECT after_key FROM sweep_positions WHERE area = ${areaOf(of)}), '')
      ORDER BY ${id} LIMIT ${RESEALED}::int)`;
};

/** Returns how many secrets it sealed again. */
export async function reseal(edge: Edge): Promise<number> {
  const [first = ""] = await sealingKeys(edge.config);
  const pages = sql.join(
    SEALED_COLUMNS.map((of) => pageOf(of, first)),
    sql` UNION ALL `,
  );
  const found = Map.groupBy(await query(edge.db, pages, foundRow), ({ area }) => area);
  let resealed = 0;
  for (const of of SEALED_COLUMNS) resealed += await resealPage(edge, of, found.get(areaOf(of)) ?? []);
  const full = [...found].filter(([, rows]) => rows.length === RESEALED).map(([area]) => area);
  await edge.db.execute(sql`UPDATE sweep_positions SET after_key = NULL WHERE after_key IS NOT NULL
    AND area IN (SELECT jsonb_array_elements_text(${json(SEALED_COLUMNS.map(areaOf).filter((area) => !full.includes(area)))}))`);
  return resealed;
}

/** A text that was replaced meanwhile stays as it is. */
async function resealPage({ config, db }: Edge, of: SealedColumn, rows: readonly Found[]): Promise<number> {
  const last = rows.at(-1);
  if (!last) return 0;
  const again = [];
  for (const { id, sealed } of rows) {
    const secret = await unseal(config, sealed);
    if (secret !== undefined) again.push({ id, was: sealed, sealed: await seal(config, secret) });
  }
  const [table, id, column] = [of.table, of.id, of.column].map((name) => sql.identifier(name));
  const [{ rowCount }] = await db.batch([
    db.execute(sql`UPDATE ${table} SET ${column} = again.sealed
      FROM jsonb_to_recordset(${json(again)}) AS again(id text, was text, sealed text)
      WHERE ${table}.${id} = again.id AND ${table}.${column} = again.was`),
    db.execute(sql`INSERT INTO sweep_positions (area, after_key) VALUES (${areaOf(of)}, ${last.id})
      ON CONFLICT (area) DO UPDATE SET after_key = excluded.after_key`),
  ]);
  return rowCount ?? 0;
}
