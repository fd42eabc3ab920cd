/** Turns changes into events for dashboards: each changed video once, as it is now, with changed chunks. */
import type { LiveEvent } from "@storagex/contract/events";
import type { Config } from "../config.ts";
import type { Db } from "../db/connect.ts";
import type { Change, Cursor, Running } from "../events/follow.ts";
import { processingOf } from "../videos/progress.ts";
import { readChanged } from "../videos/read.ts";
import type { ShownWorkRow } from "../videos/rows.ts";
import { toVideo } from "../videos/view.ts";

/** Videos read per statement. */
const BATCH = 50;

/** `cursor` is the position of the last change included; undefined for mere progress or queue positions. */
export type Snapshot = { ownerId: string; cursor: Cursor | undefined; event: LiveEvent };

/**
 * One event for each video of `changed`, ordered by each video's last change: a client that got some of them
 * and continues after the last one's cursor misses none. A video that is gone is reported as deleted.
 */
export async function snapshotsOf(
  db: Db,
  config: Config,
  changed: readonly (Running | Change)[],
): Promise<Snapshot[]> {
  const last = new Map<string, Running | Change>();
  const chunks = new Map<string, number[]>();
  for (const change of changed) {
    const { videoId } = change;
    last.delete(videoId);
    last.set(videoId, change);
    if ("chunk" in change && change.chunk !== null)
      chunks.set(videoId, [...(chunks.get(videoId) ?? []), change.chunk]);
  }
  const ids = [...last.keys()];
  const snapshots: Snapshot[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    const some = ids.slice(from, from + BATCH);
    const named = some.map((id) => ({ id, chunks: chunks.get(id) ?? [] }));
    const rows = new Map((await readChanged(db, named)).map((row) => [row.id, row]));
    for (const id of some) {
      const row = rows.get(id);
      const event: LiveEvent = row
        ? { event: "video.updated", data: { ...(await toVideo(config, row)), processing: changeOf(row) } }
        : { event: "video.deleted", data: { id } };
      const change = last.get(id);
      if (change)
        snapshots.push({ ownerId: change.ownerId, cursor: "xact" in change ? change : undefined, event });
    }
  }
  return snapshots;
}

function changeOf(row: ShownWorkRow) {
  const processing = processingOf(row);
  return processing && { ...processing, chunkCount: row.chunkCount ?? 0 };
}
