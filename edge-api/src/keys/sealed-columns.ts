/** Where sealed secrets are kept, and which of them are not under the signing key that seals now. */
import { type SQL, sql } from "drizzle-orm";

export type SealedColumn = { table: string; id: string; column: string };

/** Every column that holds what `seal` made; a test compares it with the database. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: "shares", id: "id", column: "token_sealed" },
  { table: "upload_links", id: "id", column: "token_sealed" },
  { table: "webhooks", id: "id", column: "secret_sealed" },
  { table: "webhooks", id: "id", column: "old_secret_sealed" },
  { table: "imports", id: "video_id", column: "address_sealed" },
];

/** The name of the key that sealed a text. Each column has an index on it. */
export const keyNameIn = ({ column }: SealedColumn): SQL => sql.raw(`split_part(${column}, '.', 2)`);

/** The condition on a row that its secret is under another key than `first`; two ranges of the index. */
export const isUnderAnother = (of: SealedColumn, first: string): SQL =>
  sql`(${sql.identifier(of.column)} IS NOT NULL AND (${keyNameIn(of)} < ${first} OR ${keyNameIn(of)} > ${first}))`;
