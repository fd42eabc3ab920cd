/** Makes a worker look silent, so that no test waits for a lease to run out. */
import { edge } from "./shared-pipeline.ts";

/** As if the task's worker had not reported for `seconds`. */
export const makeSilent = (taskId: string, seconds: number) =>
  edge.sql.query(
    `UPDATE tasks SET lease_until = lease_until - $2 * interval '1 second',
     heartbeat_at = heartbeat_at - $2 * interval '1 second' WHERE id = $1`,
    [taskId, seconds],
  );
