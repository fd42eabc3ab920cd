/** The transaction of a success that frees a slot: records the result, then does what that makes possible. */
import { type SQL, sql } from "drizzle-orm";
import type { Edge } from "../context.ts";
import { becomePlayable } from "../lifecycle/playable.ts";
import type { Reporter } from "../tasks/lease-check.ts";
import { releaseNext } from "./fan-out.ts";

/**
 * Runs `statement`, the release of the video's next tasks and its change to playable in one transaction.
 * Returns true if this attempt made the task succeed.
 */
export async function commitSuccess(edge: Edge, reporter: Reporter, statement: SQL): Promise<boolean> {
  const succeeded = sql`SELECT 1 FROM tasks WHERE id = ${reporter.taskId}::uuid AND state = 'succeeded'
    AND attempt = ${reporter.attempt}::int`;
  const { videoId, generation } = reporter;
  const [, , , after] = await edge.db.batch([
    edge.db.execute(statement),
    edge.db.execute(releaseNext(videoId, generation)),
    edge.db.execute(becomePlayable(videoId, generation)),
    edge.db.execute(succeeded),
  ]);
  return after.rows.length > 0;
}
