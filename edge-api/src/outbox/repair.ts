/** Repairs for the sweeps: sends tasks again whose worker or message was lost. Claims ignore duplicates. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { LOST_ANYWAY_SECONDS, LOST_SECONDS, RETURN_SECONDS } from "../lifecycle/limits.ts";
import { isProcessed, lockVideo, stillNeeded } from "../lifecycle/needed.ts";
import { log } from "../observe/log.ts";
import { mayRelease, releaseNext } from "../results/fan-out.ts";
import { broker } from "./outbox.ts";

const idRow = z.object({ id: z.string() });

/** A delayed message for each task of `marked`: if its worker comes back first, the message is never sent. */
const offer = sql`INSERT INTO outbox (task_id, due_at)
      SELECT id, now() + ${RETURN_SECONDS}::int * interval '1 second' FROM marked RETURNING task_id AS id`;

/** Sends one new message per expired lease of a running task. The next claim counts the interruption. */
export async function emitExpired({ db }: Edge, max: number): Promise<number> {
  const statement = sql`
    WITH expired AS (
      SELECT tasks.id FROM tasks, videos
      WHERE tasks.state = 'running' AND tasks.lease_until < now() AND ${stillNeeded}
        AND (tasks.published_at IS NULL OR tasks.published_at < tasks.lease_until)
      ORDER BY tasks.lease_until LIMIT ${max}::int FOR UPDATE OF tasks SKIP LOCKED
    ), marked AS (
      UPDATE tasks SET published_at = now() FROM expired WHERE tasks.id = expired.id RETURNING tasks.id
    )
    ${offer}`;
  return (await query(db, statement, idRow)).length;
}

/**
 * Sends tasks again that were published long ago and are not running: the broker may have lost their messages
 * with its disk. If the queue was recently empty, all are sent. Otherwise one is sent, and the bridge's
 * answer returns the queue depth. If the queue holds messages, as a backlog does for hours, only one much
 * older task is sent: more would fill the queue with duplicates.
 */
export async function emitLost({ db }: Edge): Promise<number> {
  const { depth, askedAt } = broker;
  const isKnown = depth !== null && Date.now() - askedAt < LOST_SECONDS * 1000;
  const isEmpty = isKnown && depth <= 1;
  const wait = isKnown && !isEmpty ? LOST_ANYWAY_SECONDS : LOST_SECONDS;
  const statement = sql`
    WITH lost AS (
      SELECT tasks.id FROM tasks, videos
      WHERE ${stillNeeded} AND (tasks.state = 'queued' OR (tasks.state = 'running' AND tasks.lease_until < now()))
        AND coalesce(tasks.published_at, tasks.created_at) < now() - ${wait}::int * interval '1 second'
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.task_id = tasks.id AND outbox.sent_at IS NULL)
      ORDER BY coalesce(tasks.published_at, tasks.created_at) LIMIT ${isEmpty ? 100 : 1}::int
      FOR UPDATE OF tasks SKIP LOCKED
    ), marked AS (
      UPDATE tasks SET published_at = now() FROM lost WHERE tasks.id = lost.id RETURNING tasks.id
    )
    ${offer}`;
  const emitted = await query(db, statement, idRow);
  if (emitted.length > 0)
    log("warn", "tasks that nobody claimed are handed over again", { count: emitted.length });
  return emitted.length;
}

const videoRow = z.object({ id: z.string(), generation: z.number() });

/**
 * Releases waiting tasks of up to `max` videos that may have more released: a worker joined, or a release
 * was cut off. Takes the video's lock as the other releases do: otherwise two concurrent counts would both
 * fill the same free slots.
 */
export async function releaseMore({ db }: Edge, max: number): Promise<number> {
  const statement = sql`SELECT videos.id, videos.generation FROM videos
    WHERE ${isProcessed} AND ${mayRelease} ORDER BY videos.queued_at LIMIT ${max}::int`;
  let released = 0;
  for (const { id, generation } of await query(db, statement, videoRow)) {
    const [, { rowCount }] = await db.batch([
      db.execute(lockVideo(id)),
      db.execute(releaseNext(id, generation)),
    ]);
    released += rowCount ?? 0;
  }
  return released;
}

/**
 * Logs videos whose tasks are all done but that have no finish task. This must never happen. It does not
 * count as work found.
 */
export async function nameUnfinished({ db }: Edge): Promise<number> {
  const statement = sql`SELECT videos.id, videos.generation FROM videos
    WHERE status = 'processing' AND plan IS NOT NULL AND pending_tasks <= 0 AND NOT EXISTS (
      SELECT 1 FROM tasks WHERE tasks.video_id = videos.id AND tasks.generation = videos.generation AND kind = 'finish')
    ORDER BY queued_at LIMIT 100`;
  for (const { id, generation } of await query(db, statement, videoRow))
    log("error", "all tasks of a video are done and it has no finish task", { videoId: id, generation });
  return 0;
}
