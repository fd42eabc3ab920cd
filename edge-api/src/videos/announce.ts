/** Tells open dashboards what became of a video. Never throws: a client that misses an event polls. */
import type { TaskKind } from "@storagex/contract/task";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "../db/connect.ts";
import { everybodys } from "../db/scope.ts";
import type { Edge } from "../edge.ts";
import { log, reasonOf } from "../http/log.ts";
import { publish } from "../live/publish.ts";
import { processingOf } from "./progress.ts";
import { readVideo } from "./read.ts";
import { toVideo } from "./view.ts";

/** Progress as reported just now; rows are written less often. */
export type Fresh = {
  generation: number;
  kind: TaskKind;
  index: number;
  progress: number;
  speed: number | null;
};

/** What this isolate heard last of each running task, so that one worker's report does not show another's as it was. */
const heard = new Map<string, Fresh>();
const MOST_HEARD = 1_000;

const nameOf = (videoId: string, task: Pick<Fresh, "generation" | "kind" | "index">) =>
  `${videoId} ${task.generation} ${task.kind} ${task.index}`;

function hear(videoId: string, fresh: Fresh): void {
  const task = nameOf(videoId, fresh);
  heard.delete(task);
  heard.set(task, fresh);
  const [oldest] = heard.keys();
  if (heard.size > MOST_HEARD && oldest !== undefined) heard.delete(oldest);
}

/** Publishes the video as it is now, after the answer. */
export function announce(edge: Edge, videoId: string, fresh?: Fresh): void {
  if (fresh) hear(videoId, fresh);
  edge.waitUntil(
    tell(edge, videoId).catch((error: unknown) =>
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
    for (const { id } of await query(edge.db, statement, idRow)) await tell(edge, id);
  };
  edge.waitUntil(work());
}

/** Publishes that a video is gone. */
export function announceGone(edge: Edge, ownerId: string, videoId: string): void {
  edge.waitUntil(publish(edge.env, ownerId, { event: "video.deleted", data: { id: videoId } }));
}

async function tell({ db, config, env }: Edge, videoId: string): Promise<void> {
  const row = await readVideo(db, everybodys(), videoId);
  if (!row) return;
  for (const task of row.tasks ?? []) {
    const last = heard.get(nameOf(videoId, { ...task, generation: row.generation }));
    if (!last || task.state !== "running") continue;
    task.progress = Math.max(task.progress, last.progress);
    task.speed = last.speed;
  }
  const data = { ...(await toVideo(config, row)), processing: processingOf(row) };
  await publish(env, row.ownerId, { event: "video.updated", data });
}
