/** How an importer lets go of an import that is not complete: handed back, tried again later, or failed. */
import type { EndImport } from "@storagex/contract/uploads/imports";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isPlainId } from "../db/text.ts";
import { failImport } from "./fail.ts";
import { isLeased, type Leased } from "./lease.ts";

/** Seconds from a try that brought nothing further to the next; after the last there is none. */
const DELAYS: readonly number[] = [5, 30, 300, 1_200];

const failuresRow = z.object({ failures: z.number() });

/** Does nothing where another has the import by now. */
export async function endImport(edge: Edge, id: string, end: EndImport): Promise<void> {
  const leased = { id, lease: end.lease };
  if (end.why === "handedBack") return release(edge, leased, end.afterSeconds);
  const statement = sql`UPDATE imports SET failures = failures + 1 FROM videos
    WHERE imports.video_id = videos.id AND ${isLeased(leased)} RETURNING failures`;
  const [counted] = await query(edge.db, statement, failuresRow);
  if (!counted) return;
  const delay = end.retryable ? DELAYS[counted.failures - 1] : undefined;
  if (delay === undefined) await failImport(edge, isLeased(leased), end.code);
  else await release(edge, leased, delay);
}

/** It is due again in `seconds`. */
async function release({ db }: Edge, { id, lease }: Leased, seconds: number): Promise<void> {
  await db.execute(sql`UPDATE imports SET lease = NULL, leased_until = '-infinity', due_at = now() + ${seconds}::int * interval '1 second'
    WHERE video_id = ${isPlainId(id) ? id : ""} AND lease = ${lease}`);
}
