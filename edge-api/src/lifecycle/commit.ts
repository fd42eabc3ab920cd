/** The transaction of a success that makes room: what it records, then the release of the video's next tasks. */
import { type SQL, sql } from "drizzle-orm";
import type { Edge } from "../edge.ts";
import { releaseNext } from "./fan-out.ts";
import type { Reporter } from "./held.ts";

/** Runs `statement` and the release in one transaction. True where the task succeeded by this attempt. */
export async function commitSuccess(edge: Edge, reporter: Reporter, statement: SQL): Promise<boolean> {
  const flipped = sql`SELECT 1 FROM tasks WHERE id = ${reporter.taskId}::uuid AND state = 'succeeded'
    AND attempt = ${reporter.attempt}::int`;
  const [, , after] = await edge.db.batch([
    edge.db.execute(statement),
    edge.db.execute(releaseNext(reporter.videoId, reporter.generation)),
    edge.db.execute(flipped),
  ]);
  return after.rows.length > 0;
}
