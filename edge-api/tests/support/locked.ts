/** Locks a table, so that a test sees which statements wait for it. */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { eventually } from "./eventually.ts";

/** Locks `table` for all other sessions until `release`. Waiting statements time out after five seconds. */
export async function locked(sql: pg.Pool, table: "media_objects" | "videos") {
  const client = await sql.connect();
  let isHeld = true;
  await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);

  const release = async (): Promise<void> => {
    if (!isHeld) return;
    isHeld = false;
    await client.query("COMMIT");
    client.release();
  };

  /**
   * Resolves when `count` statements wait for the table, and still do 50 ms later. With `text`, only statements that contain
   * it count: others, such as a sweep, may wait as well.
   */
  const waiting = (count: number, text = "") =>
    eventually(async () => {
      for (let look = 0; look < 2; look += 1) {
        const { rowCount } = await sql.query(
          // Copies of one database use the same OIDs for their tables.
          `SELECT 1 FROM pg_locks JOIN pg_database ON oid = database AND datname = current_database()
             JOIN pg_stat_activity USING (pid)
           WHERE relation = $1::regclass AND NOT granted AND position($2 IN query) > 0`,
          [table, text],
        );
        if (rowCount !== count) throw new Error(`${rowCount} wait`);
        await sleep(50);
      }
    });

  return { waiting, release, [Symbol.asyncDispose]: release };
}
