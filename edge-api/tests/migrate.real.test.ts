/** The migration at a start: one at a time, with a limited wait; and the events of a restored backup. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unlessDeadlocked } from "../ops/migrate-database.ts";
import { eventually } from "./support/eventually.ts";
import { type Edge, startEdge } from "./support/harness.ts";
import { listen } from "./support/live-stream.ts";
import { newPerson } from "./support/person.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());

/** As in ops/migrate.ts. */
const LOCK = "SELECT pg_advisory_xact_lock(7253001)";

test("it waits for another that runs, not for ever, and for none that is over", async () => {
  const client = await edge.sql.connect();
  const impatient = new URL(edge.databaseUrl);
  impatient.searchParams.set("options", "-c lock_timeout=300");
  const migrate = () => edge.ops("migrate", [], { DATABASE_URL: impatient.href });
  try {
    await client.query("BEGIN");
    await client.query(LOCK);
    await expect(migrate()).rejects.toThrow(/lock timeout/);
    // The session stays open, as it does behind a pooler; its transaction is over.
    await client.query("ROLLBACK");
    await migrate();
  } finally {
    client.release();
  }
});

test("it begins again where a deadlock with a running API ended it", async () => {
  const [migration, api] = [await edge.sql.connect(), await edge.sql.connect()];
  let waiting: Promise<unknown> | undefined;
  let tries = 0;
  try {
    await api.query("BEGIN; LOCK TABLE users IN ROW EXCLUSIVE MODE");
    await unlessDeadlocked(async () => {
      tries += 1;
      try {
        await migration.query("BEGIN; LOCK TABLE videos IN SHARE ROW EXCLUSIVE MODE");
        if (!waiting) {
          waiting = api.query("LOCK TABLE videos IN ROW EXCLUSIVE MODE; COMMIT");
          // PostgreSQL looks for a deadlock when somebody has waited for a second, and ends the one who finds it.
          await sleep(1_200);
        }
        await migration.query("LOCK TABLE users IN ACCESS EXCLUSIVE MODE; COMMIT");
      } catch (error) {
        await migration.query("ROLLBACK");
        throw error;
      }
    });
    await waiting;
    expect(tries).toBe(2);
  } finally {
    migration.release(true);
    api.release(true);
  }
});

test("events of a backup from a cluster that was further on are history, and new ones are told to those who come back", async () => {
  const ann = await newPerson(edge.url);
  const { video: old } = await ann.ticket(1000);
  const { video: other } = await ann.ticket(1000);
  const order = async () => {
    const { rows } = await edge.sql.query<{ id: string; type: string; ours: boolean }>(
      `SELECT video_id AS id, type, xact < pg_snapshot_xmin(pg_current_snapshot()) AS ours FROM events
       WHERE owner_id = $1 ORDER BY xact, id`,
      [ann.user.id],
    );
    return rows.map(({ id, type, ours }) => [id, type, ours]);
  };
  await edge.sql.query(`UPDATE events SET xact = (4000000000 + id)::text::xid8 WHERE video_id = $1`, [
    old.id,
  ]);
  await edge.sql.query(
    `INSERT INTO events (xact, video_id, owner_id, seq, type)
     SELECT '5000000000', id, owner_id, seq, 'video.updated' FROM videos WHERE id = $1`,
    [old.id],
  );
  // A transaction of another test's database in the same cluster may hold back what counts as past.
  const settled = (past: boolean) =>
    eventually(async () =>
      expect(await order()).toEqual([
        [other.id, "video.created", true],
        [old.id, "video.created", past],
        [old.id, "video.updated", past],
      ]),
    );
  await settled(false);
  await edge.ops("migrate");
  await settled(true);

  const stream = await listen(edge.url, ann.accessToken, "5000000000-7");
  await expect.poll(() => stream.text()).toContain("connected");
  const { video } = await ann.ticket(1000);
  await expect.poll(() => stream.events().map(({ data }) => data.id)).toContain(video.id);
  expect(stream.events().map(({ data }) => data.id)).not.toContain(old.id);
  expect((await ann.call("DELETE", `/v1/videos/${video.id}`)).status).toBe(204);
  await expect.poll(() => stream.events().at(-1)?.event).toBe("video.deleted");
  await stream.close();
});
