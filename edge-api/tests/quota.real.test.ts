/** Usage counters of accounts: the sweep that compares them with their videos, and what it must not undo. */
import { expect, test } from "vitest";
import { compareCounters } from "../src/quota/compare.ts";
import { STORED } from "../src/quota/counters.ts";
import { insideEdge } from "./support/in-process.ts";
import { quotaOf } from "./support/quota.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { planOf } from "./support/worker.ts";

usePipeline();

const compareAll = () => compareCounters(insideEdge(edge), 1_000);

test("a counter that went wrong is mended by what the videos say, and others stay", async () => {
  const id = await edge.completed(ann, planOf(2));
  await ann.ticket(700);
  const bea = await edge.person();
  await bea.uploaded(300);
  const truth = await quotaOf(edge, ann.user.id);
  expect(await compareAll(), "nothing is wrong yet").toBe(0);
  await edge.sql.query(
    "UPDATE users SET used_bytes = used_bytes + 11, reserved_bytes = 0, open_tickets = 40, video_count = 9 WHERE id = $1",
    [ann.user.id],
  );
  expect(await compareAll()).toBe(1);
  expect(await quotaOf(edge, ann.user.id)).toEqual(truth);
  expect(await compareAll()).toBe(0);
  expect(await quotaOf(edge, bea.user.id)).toEqual({ used: 300, reserved: 0, open: 0 });
  const { rows } = await edge.sql.query(
    `SELECT stored_bytes::int AS said, ${STORED}::int AS stored FROM videos WHERE id = $1`,
    [id],
  );
  expect(rows[0]?.said).toBe(rows[0]?.stored);
});

test("what changes while it compares is neither undone nor counted twice", async () => {
  await ann.uploaded(500);
  await edge.sql.query("UPDATE users SET used_bytes = used_bytes - 100 WHERE id = $1", [ann.user.id]);
  const other = await edge.sql.connect();
  try {
    // An act that has run but is not committed: a deletion, as lifecycle/delete writes it.
    await other.query("BEGIN");
    await other.query(
      `WITH gone AS (UPDATE videos SET status = 'deleting' WHERE owner_id = $1
         RETURNING owner_id, stored_bytes, source_bytes)
       UPDATE users SET used_bytes = used_bytes - gone.stored_bytes, source_bytes = users.source_bytes - gone.source_bytes FROM gone WHERE users.id = gone.owner_id`,
      [ann.user.id],
    );
    const comparing = compareAll();
    await expect
      .poll(async () => {
        const { rows } = await edge.sql.query(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%differs%' AND datname = current_database()",
        );
        return rows.length;
      })
      .toBeGreaterThan(0);
    await other.query("COMMIT");
    expect(await comparing).toBe(1);
  } finally {
    other.release();
  }
  expect(await quotaOf(edge, ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
  expect(await compareAll()).toBe(0);
});
