/** Tells open dashboards what became of a video. Never throws: a client that misses an event polls. */
import type { TaskKind } from "@storagex/contract/task";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "../db/connect.ts";
import { everybodys } from "../db/scope.ts";
import type { Edge } from "../edge.ts";
import { log, reasonOf } from "../http/log.ts";
import { publish } from "../live/publish.ts";
import { processingOf } from "../playback/progress.ts";
import { readVideo } from "../playback/video-rows.ts";
import { toVideo } from "../playback/video-view.ts";

/** Progress as reported just now; rows are written less often. */
export type Fresh = { kind: TaskKind; index: number; progress: number; speed: number | null };

/** Publishes the video as it is now, after the answer. */
export function announce(edge: Edge, videoId: string, fresh?: Fresh): void {
  edge.waitUntil(
    tell(edge, videoId, fresh).catch((error: unknown) =>
      log("warn", "a change was not announced", { videoId, reason: reasonOf(error) }),
    ),
  );
}

const idRow = z.object({ id: z.string() });
/** Places further back are seen at the next poll. */
const NAMED_PLACES = 20;

/** Publishes the videos at the head of the queue: one left it, so every place has changed. */
export function announceQueue(edge: Edge): void {
  const work = async (): Promise<void> => {
    const statement = sql`SELECT id FROM videos WHERE status = 'queued' ORDER BY queued_at, id LIMIT ${NAMED_PLACES}::int`;
    for (const { id } of await query(edge.db, statement, idRow)) await tell(edge, id, undefined);
  };
  edge.waitUntil(work());
}

/** Publishes that a video is gone. */
export function announceGone(edge: Edge, ownerId: string, videoId: string): void {
  edge.waitUntil(publish(edge.env, ownerId, { event: "video.deleted", data: { id: videoId } }));
}

async function tell({ db, config, env }: Edge, videoId: string, fresh: Fresh | undefined): Promise<void> {
  const row = await readVideo(db, everybodys(), videoId);
  if (!row) return;
  const task = fresh && row.tasks?.find(({ kind, index }) => kind === fresh.kind && index === fresh.index);
  if (fresh && task?.state === "running") {
    task.progress = Math.max(task.progress, fresh.progress);
    task.speed = fresh.speed;
  }
  const data = { ...(await toVideo(config, row)), processing: processingOf(row) };
  await publish(env, row.ownerId, { event: "video.updated", data });
}
