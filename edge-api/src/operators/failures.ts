/** Failed videos with their reasons, and their retry by administrators. */
import { type FailurePage, MAX_RETRIED } from "@storagex/contract/operators";
import { taskKindSchema } from "@storagex/contract/tasks/kinds";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isAfter, readCursor, writeCursor } from "../db/lists/cursor.ts";
import { NEWEST, type Order, orderBy } from "../db/lists/order.ts";
import { everybodys } from "../db/scope.ts";
import { iso, isPlainId, json, storable } from "../db/text.ts";
import { isRetriable, retryVideos } from "../lifecycle/retry.ts";

const failureRow = z.object({
  videoId: z.string(),
  title: z.string(),
  ownerId: z.string(),
  email: z.string(),
  code: z.string(),
  reason: z.string(),
  failedAt: z.string(),
  at: z.string(),
  kind: taskKindSchema.nullable(),
  index: z.number().nullable(),
  worker: z.string().nullable(),
  attempts: z.number(),
});
const codeRow = z.object({ code: z.string(), videos: z.coerce.number() });

const ofCode = (code: string | undefined): SQL =>
  code === undefined ? sql`true` : sql`error_code = ${storable(code)}`;

const FAILED_AT = sql`coalesce(failed_at, videos.created_at)`;
const LAST_FAILED: Order = { ...NEWEST, key: FAILED_AT };

/** A page of failed videos, the last failure first. Throws `request.invalid` for a cursor that is not ours. */
export async function listFailures(
  { db }: Edge,
  { limit, cursor, code }: { limit: number; cursor?: string | undefined; code?: string | undefined },
): Promise<FailurePage> {
  const list = { name: "failures", code };
  const after =
    cursor === undefined ? sql`true` : isAfter(await readCursor(cursor, list, LAST_FAILED), LAST_FAILED);
  const page = sql`SELECT videos.id AS "videoId", videos.title, users.id AS "ownerId", users.email,
      coalesce(error_code, '') AS code, coalesce(error_message, '') AS reason, ${iso(FAILED_AT)} AS "failedAt",
      ${LAST_FAILED.toText(FAILED_AT)} AS at, task.kind, task.index, task.worker, coalesce(task.attempt, 0) AS attempts
    FROM (SELECT * FROM videos WHERE status = 'failed' AND ${ofCode(code)} AND ${after}
      ${orderBy(LAST_FAILED)} LIMIT ${limit + 1}::int) AS videos
    JOIN users ON users.id = videos.owner_id
    LEFT JOIN LATERAL (SELECT kind, index, worker, attempt FROM tasks WHERE tasks.video_id = videos.id
      AND tasks.generation = videos.generation AND tasks.state = 'failed' LIMIT 1) AS task ON true
    ORDER BY ${FAILED_AT} DESC, videos.id DESC`;
  const byCode = sql`SELECT coalesce(error_code, '') AS code, count(*) AS videos FROM videos WHERE status = 'failed'
    GROUP BY error_code ORDER BY videos DESC, code`;
  const [rows, codes] = await Promise.all([query(db, page, failureRow), query(db, byCode, codeRow)]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows
      .slice(0, limit)
      .map(({ at: _, ownerId, email, ...row }) => ({ ...row, owner: { id: ownerId, email } })),
    nextCursor: last ? await writeCursor({ at: last.at, id: last.videoId }, list) : null,
    codes,
  };
}

/**
 * Retries failed videos of a reason, of these ids, or of both, at most `MAX_RETRIED`, the last failure first; those
 * that nothing can retry now hold no place. `left` are those that match and are still failed.
 */
export async function retryFailures(
  edge: Edge,
  { code, ids }: { code?: string | undefined; ids?: string[] | undefined },
): Promise<{ retried: number; left: number }> {
  const chosen = ids
    ? sql`id IN (SELECT jsonb_array_elements_text(${json(ids.filter(isPlainId))}))`
    : sql`true`;
  const matching = sql`FROM videos WHERE status = 'failed' AND ${ofCode(code)} AND ${chosen}`;
  const found = await query(
    edge.db,
    sql`SELECT id ${matching} AND ${isRetriable} ${orderBy(LAST_FAILED)} LIMIT ${MAX_RETRIED}::int`,
    z.object({ id: z.string() }),
  );
  let retried = 0;
  for (const { id } of found)
    retried += (await retryVideos(edge, sql`videos.id = ${id} AND ${everybodys()}`)).retried.length;
  const [rest] = await query(
    edge.db,
    sql`SELECT count(*) AS videos ${matching}`,
    z.object({ videos: z.coerce.number() }),
  );
  return { retried, left: rest?.videos ?? 0 };
}
