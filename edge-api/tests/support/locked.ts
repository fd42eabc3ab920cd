/** Locks, so that a test sees which statements wait for them. */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { eventually } from "./eventually.ts";

/** Resolves when a statement waits for what `holder` has locked, in a transaction that is still open. */
export async function waitsFor(sql: pg.Pool, holder: pg.PoolClient): Promise<void> {
  const { rows } = await holder.query("SELECT pg_backend_pid() AS pid");
  await eventually(async () => {
    const blocked = await sql.query("SELECT 1 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))", [
      rows[0]?.pid,
    ]);
    if (blocked.rowCount === 0) throw new Error("nothing waits");
  });
}

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
