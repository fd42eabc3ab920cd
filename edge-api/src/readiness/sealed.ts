/** Whether secrets in the database are encrypted with other signing keys than the first. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Config } from "../config.ts";
import { connect, query } from "../db/connect.ts";
import { json } from "../db/text.ts";
import { sealingKeys } from "../keys/sealed.ts";
import { isUnderAnother, keyNameIn, SEALED_COLUMNS } from "../keys/sealed-columns.ts";

const EARLIER =
  "secrets are still encrypted with an earlier signing key: keep it in STORAGEX_SIGNING_KEYS until this note is gone";
const LOST =
  "secrets are encrypted with a signing key that is not in STORAGEX_SIGNING_KEYS (links that cannot be shown, webhooks that cannot be signed): put it back as the last one, or create them again";

const leftRow = z.object({ earlier: z.boolean(), lost: z.boolean() });

/** What an operator should know of it; undefined if all are under the first. */
export async function sealedNote(config: Config): Promise<string | undefined> {
  const [first = "", ...others] = await sealingKeys(config);
  const names = sql.join(
    SEALED_COLUMNS.map((of) => {
      const [table, column] = [sql.identifier(of.table), sql.identifier(of.column)];
      // Texts of the first form name no key. The sweep seals them again if it can.
      return sql`SELECT CASE WHEN ${column} LIKE '1.%' THEN NULL ELSE ${keyNameIn(of)} END AS name FROM ${table}
        WHERE ${isUnderAnother(of, first)}`;
    }),
    sql` UNION ALL `,
  );
  const isEarlier = sql`name IS NULL OR ${json(others)} ? name`;
  const statement = sql`WITH left_over AS NOT MATERIALIZED (${names})
    SELECT EXISTS (SELECT 1 FROM left_over WHERE ${isEarlier}) AS earlier,
      EXISTS (SELECT 1 FROM left_over WHERE NOT (${isEarlier})) AS lost`;
  const [left] = await query(connect(config), statement, leftRow);
  return [left?.earlier && EARLIER, left?.lost && LOST].filter(Boolean).join("; ") || undefined;
}
