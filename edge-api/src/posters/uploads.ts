/**
 * Finds uploaded poster images in the object store and enqueues their tasks: the PUT itself tells nobody. For
 * the sweep.
 */
import { posterImageKey } from "@storagex/contract/keys";
import { reasonOf } from "@storagex/contract/media/failure";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import type { StoredPosterChange } from "../db/schema/videos.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { handOverSoon } from "../outbox/outbox.ts";
import { storageOf } from "../storage/s3.ts";
import { posterTask } from "./task.ts";

const expectedRow = z.object({
  id: z.string(),
  ownerId: z.string(),
  n: z.number(),
  size: z.number(),
  isOver: z.boolean(),
});
type Expected = z.infer<typeof expectedRow>;

/** Looks for up to `max` images, any of those that are expected. Returns how many came or are overdue. */
export async function takeUploaded(edge: Edge, max: number): Promise<number> {
  const statement = sql`SELECT id, owner_id AS "ownerId", (poster_change ->> 'n')::int AS n,
      (poster_change #>> '{image,size}')::int AS size, (poster_change ->> 'expiresAt')::timestamptz < now() AS "isOver"
    FROM videos WHERE status = 'completed' AND poster_change ->> 'state' = 'uploading'
    ORDER BY random() LIMIT ${max}::int`;
  let taken = 0;
  for (const expected of await query(edge.db, statement, expectedRow))
    if (await takeImage(edge, expected)) taken += 1;
  if (taken > 0) handOverSoon(edge);
  return taken;
}

async function takeImage(edge: Edge, expected: Expected): Promise<boolean> {
  const key = posterImageKey(expected.ownerId, expected.id);
  const { size } = expected;
  const head = await storageOf(edge.config).head(key);
  if (head?.size === size) {
    const change = { state: "making", image: { key, size, etag: head.etag } } as const;
    return move(edge, expected, change, sql`, ${posterTask(cte("changed", "id", "generation", "n"))}`);
  }
  if (!expected.isOver) return false;
  const code = "poster.not_uploaded";
  const change = { state: "failed", error: { code, message: reasonOf(code) ?? "" } } as const;
  return move(edge, expected, change, sql`, ${recorded("video.poster_failed", "changed")}`);
}

/** False if another request came in between. */
async function move(
  { db }: Edge,
  { id, n }: Expected,
  change: Partial<StoredPosterChange>,
  more: SQL,
): Promise<boolean> {
  const statement = sql`
    WITH changed AS (
      UPDATE videos SET updated_at = now(), poster_change = poster_change || ${json(change)}
      WHERE id = ${id} AND status = 'completed' AND poster_change ->> 'state' = 'uploading'
        AND (poster_change ->> 'n')::int = ${n}::int
      RETURNING id, owner_id, generation, seq, ${n}::int AS n
    )${more}
    SELECT id FROM changed`;
  return (await query(db, statement, z.object({ id: z.string() }))).length > 0;
}
