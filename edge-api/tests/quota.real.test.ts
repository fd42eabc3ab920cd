/** Usage counters of accounts: the sweep that compares them with their videos, and what it must not undo. */
import { meSchema } from "@storagex/contract/accounts/account";
import { bulkAnswerSchema } from "@storagex/contract/videos/video-bulk";
import { beforeAll, expect, test } from "vitest";
import { compareCounters } from "../src/quota/compare.ts";
import { OPEN_UPLOADS, STORED } from "../src/quota/counters.ts";
import { problemOf } from "./support/client.ts";
import { holdClock } from "./support/hold-clock.ts";
import { insideEdge } from "./support/in-process.ts";
import { quotaOf } from "./support/quota.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { planOf } from "./support/worker.ts";

usePipeline();

beforeAll(() => holdClock(edge));

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

test("a retried import counts as an open upload, and stays within their number", async () => {
  const person = await edge.person();
  const failed = async () => {
    const { video } = await person.ticket(10);
    await edge.sql.query(
      `WITH ended AS (UPDATE videos SET status = 'failed', origin = 'import', failed_at = now(), error_code = 'import.unreachable',
         error_message = 'x', ticket_expires_at = NULL, source_bytes = 0 WHERE id = $1 RETURNING owner_id, size)
       UPDATE users SET open_tickets = open_tickets - 1, reserved_bytes = reserved_bytes - ended.size FROM ended WHERE users.id = ended.owner_id`,
      [video.id],
    );
    // Due in a day: nobody fetches it meanwhile.
    await edge.sql.query(
      "INSERT INTO imports (video_id, address_sealed, due_at) VALUES ($1, 'x', now() + interval '1 day')",
      [video.id],
    );
    return video.id;
  };
  const ids = [await failed(), await failed()];
  const open = async () => (await quotaOf(edge, person.user.id)) as { open: number };
  expect((await open()).open).toBe(0);
  await edge.sql.query(`UPDATE users SET open_tickets = ${OPEN_UPLOADS - 1} WHERE id = $1`, [person.user.id]);
  const bulk = await person.call("POST", "/v1/videos/bulk", { ids, action: "retry" });
  const { results } = bulkAnswerSchema.parse(await bulk.json());
  expect(results.map(({ code }) => code).sort()).toEqual(["upload.too_many_open", undefined]);
  expect((await open()).open).toBe(OPEN_UPLOADS);
  const left = results.find(({ ok }) => !ok)?.id ?? "";
  const alone = () => person.call("POST", `/v1/videos/${left}/retry`);
  expect(await problemOf(await alone())).toMatchObject({ code: "upload.too_many_open" });
  expect((await person.video(left)).status).toBe("failed");
  await edge.sql.query("UPDATE users SET open_tickets = 1 WHERE id = $1", [person.user.id]);
  expect((await alone()).status).toBe(202);
  expect((await person.video(left)).status).toBe("pending_upload");
  expect((await open()).open).toBe(2);
  expect(await compareAll()).toBe(0);
});

test("the length of what an account stores is counted as videos come, change and go", async () => {
  const person = await edge.person();
  const counted = async () =>
    (await edge.sql.query("SELECT video_milliseconds::int AS ms FROM users WHERE id = $1", [person.user.id]))
      .rows[0]?.ms;
  expect(await counted()).toBe(0);
  const id = await edge.completed(person, planOf(2));
  const { duration } = await person.video(id);
  const first = Math.round((duration ?? 0) * 1000);
  expect(first).toBeGreaterThan(0);
  expect(await counted()).toBe(first);
  await edge.sql.query("UPDATE users SET quota_minutes = 1 WHERE id = $1", [person.user.id]);
  const me = meSchema.parse(await (await person.call("GET", "/v1/me")).json());
  expect(me.minutes).toEqual({ stored: first / 60_000, quota: 1 });
  await edge.sql.query("UPDATE videos SET duration = 61.5 WHERE id = $1", [id]);
  expect(await counted()).toBe(61_500);
  const refused = await person.call("POST", "/v1/videos", {
    ...{ filename: "a.mp4", size: 10, contentType: "video/mp4" },
  });
  expect(await problemOf(refused)).toMatchObject({ code: "upload.quota_exceeded" });
  expect((await person.call("DELETE", `/v1/videos/${id}?undo=60`)).status).toBe(204);
  expect(await counted()).toBe(0);
  expect((await person.call("POST", `/v1/videos/${id}/restore`)).status).toBe(200);
  expect(await counted()).toBe(61_500);
  expect(await compareAll(), "the counter is right").toBe(0);
  await edge.sql.query("UPDATE users SET video_milliseconds = 7 WHERE id = $1", [person.user.id]);
  expect(await compareAll()).toBe(1);
  expect(await counted()).toBe(61_500);
  expect((await person.call("DELETE", `/v1/videos/${id}`)).status).toBe(204);
  expect(await counted()).toBe(0);
});
