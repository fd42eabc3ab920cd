/** Repairs that the sweeps run: tasks whose worker or message was lost are handed over again; the claim sorts out doubles. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { LOST_ANYWAY_SECONDS, LOST_SECONDS, RETURN_SECONDS } from "../lifecycle/limits.ts";
import { stillNeeded } from "../lifecycle/needed.ts";
import { log } from "../observe/log.ts";
import { mayRelease, releaseNext } from "../results/fan-out.ts";
import { broker } from "./outbox.ts";

const idRow = z.object({ id: z.string() });

/** A message for each task of `marked`, in time for its worker to come back first: then it is never sent. */
const offer = sql`INSERT INTO outbox (task_id, due_at)
      SELECT id, now() + ${RETURN_SECONDS}::int * interval '1 second' FROM marked RETURNING task_id AS id`;

/** Running tasks whose lease ran out: a new message each, once per lease. The next claim counts the interruption. */
export async function emitExpired({ db }: Edge, most: number): Promise<number> {
  const statement = sql`
    WITH expired AS (
      SELECT tasks.id FROM tasks, videos
      WHERE tasks.state = 'running' AND tasks.lease_until < now() AND ${stillNeeded}
        AND (tasks.published_at IS NULL OR tasks.published_at < tasks.lease_until)
      ORDER BY tasks.lease_until LIMIT ${most}::int FOR UPDATE OF tasks SKIP LOCKED
    ), marked AS (
      UPDATE tasks SET published_at = now() FROM expired WHERE tasks.id = expired.id RETURNING tasks.id
    )
    ${offer}`;
  return (await query(db, statement, idRow)).length;
}

/**
 * Tasks published long ago that nobody runs: their message may be lost with the broker's disk. All go again where the queue was
 * seen empty lately. Else one goes, and the bridge's answer to it says how deep the queue is; where messages wait in it, as
 * those of a backlog do for hours, only one that is much older: more would fill the queue with doubles.
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
 * Releases waiting tasks of up to `most` videos that may have more out: a worker more has come, or a release was cut off. Under
 * the video's lock, as its other releases are: two that count at once would both fill the same room.
 */
export async function releaseMore({ db }: Edge, most: number): Promise<number> {
  const statement = sql`SELECT videos.id, videos.generation FROM videos
    WHERE videos.status = 'processing' AND ${mayRelease} ORDER BY videos.queued_at LIMIT ${most}::int`;
  let released = 0;
  for (const { id, generation } of await query(db, statement, videoRow)) {
    const [, { rowCount }] = await db.batch([
      db.execute(sql`SELECT 1 FROM videos WHERE id = ${id} FOR NO KEY UPDATE`),
      db.execute(releaseNext(id, generation)),
    ]);
    released += rowCount ?? 0;
  }
  return released;
}

/** "All done, no finish" must never be: it is an alarm in the log, and counts as nothing found. */
export async function nameUnfinished({ db }: Edge): Promise<number> {
  const statement = sql`SELECT videos.id, videos.generation FROM videos
    WHERE status = 'processing' AND plan IS NOT NULL AND pending_tasks <= 0 AND NOT EXISTS (
      SELECT 1 FROM tasks WHERE tasks.video_id = videos.id AND tasks.generation = videos.generation AND kind = 'finish')
    ORDER BY queued_at LIMIT 100`;
  for (const { id, generation } of await query(db, statement, videoRow))
    log("error", "a video has all its parts and no finish task", { videoId: id, generation });
  return 0;
}
