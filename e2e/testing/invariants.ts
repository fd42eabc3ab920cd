/** The checker: reads PostgreSQL, storage and the broker after a test and asserts that nothing was lost and nothing left over. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { LANES } from "@storagex/contract/lane";
import { connect } from "amqplib";
import pg from "pg";
import { expect } from "vitest";
import { z } from "zod";
import { DEAD_QUEUE, queueOf, retryQueue } from "../../transcode-node/src/broker/topology.ts";
import type { RunningStack } from "./running-stack.ts";

/** What `npm start` writes for tools on the same machine (mode 0600): how to reach its parts. */
const connectionsSchema = z.object({
  databaseUrl: z.string(),
  amqpUrl: z.string(),
  s3: z.object({
    endpoint: z.string(),
    region: z.string(),
    bucket: z.string(),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
  }),
});

export async function connections(stack: RunningStack) {
  return connectionsSchema.parse(
    JSON.parse(await readFile(join(stack.folder, "run", "connections.json"), "utf8")),
  );
}

const objectRow = z.object({ key: z.string(), size: z.coerce.number(), etag: z.string() });

/** Every object that a completed video's rows name; captions without an ETag have not come yet. */
const POINTED_AT = `
  WITH done AS (SELECT * FROM videos WHERE status = 'completed')
  SELECT o.key, o.size, o.etag FROM media_objects o JOIN done ON done.id = video_id AND done.generation = o.generation
  UNION ALL
  SELECT object->>'key', (object->>'size')::bigint, object->>'etag' FROM done, LATERAL (
    SELECT mp4 UNION ALL SELECT mezzanine UNION ALL SELECT jsonb_array_elements(posters)
    UNION ALL SELECT jsonb_array_elements(storyboard->'sheets') UNION ALL SELECT jsonb_array_elements(captions)
  ) AS named(object)
  WHERE object IS NOT NULL AND coalesce(object->>'etag', '') <> ''`;

/** Throws where an invariant does not hold. Call it when all videos have ended. */
export async function assertNothingLost(stack: RunningStack): Promise<void> {
  const at = await connections(stack);
  const database = new pg.Client({ connectionString: at.databaseUrl });
  await database.connect();
  try {
    const open = await database.query(
      "SELECT id, status FROM videos WHERE status NOT IN ('completed', 'failed', 'deleting', 'pending_upload')",
    );
    expect(open.rows, "every accepted upload has ended").toEqual([]);

    const finishes = await database.query(
      "SELECT video_id, generation FROM tasks WHERE kind = 'finish' GROUP BY 1, 2 HAVING count(*) <> 1",
    );
    expect(finishes.rows, "one finish per generation").toEqual([]);

    const untold = await database.query(`
      SELECT videos.id, videos.status FROM videos WHERE status IN ('completed', 'failed') AND status <> coalesce((
        SELECT replace(type, 'video.', '') FROM events WHERE video_id = videos.id
          AND type IN ('video.uploaded', 'video.restarted', 'video.completed', 'video.failed')
        ORDER BY seq DESC LIMIT 1), 'nothing')`);
    expect(untold.rows, "the last event of a video that has ended is its end").toEqual([]);

    const s3 = new S3Client({
      endpoint: at.s3.endpoint,
      region: at.s3.region,
      forcePathStyle: true,
      credentials: { accessKeyId: at.s3.accessKeyId, secretAccessKey: at.s3.secretAccessKey },
    });
    const pointed = await database.query(POINTED_AT);
    expect(pointed.rows.length, "there is something to look at").toBeGreaterThan(0);
    for (const row of pointed.rows.map((found) => objectRow.parse(found))) {
      const head = await s3.send(new HeadObjectCommand({ Bucket: at.s3.bucket, Key: row.key }));
      expect(head.ContentLength, row.key).toBe(row.size);
      expect(head.ETag?.replaceAll('"', ""), row.key).toBe(row.etag.replaceAll('"', ""));
    }

    const balance = await database.query(`
      SELECT users.id FROM users LEFT JOIN videos ON owner_id = users.id AND status NOT IN ('deleting', 'pending_upload')
      GROUP BY users.id HAVING used_bytes <> coalesce(sum(stored_bytes), 0)`);
    expect(balance.rows, "bytes used are the bytes stored").toEqual([]);

    const promised = await database.query(`
      SELECT users.id FROM users LEFT JOIN videos ON owner_id = users.id AND status = 'pending_upload'
      GROUP BY users.id HAVING reserved_bytes <> coalesce(sum(size), 0) OR open_tickets <> count(videos.id)`);
    expect(promised.rows, "room is kept for open uploads alone").toEqual([]);
  } finally {
    await database.end();
  }

  const broker = await connect(at.amqpUrl);
  try {
    const channel = await broker.createChannel();
    const lanes = LANES.map(queueOf);
    for (const queue of [...lanes, DEAD_QUEUE]) {
      expect((await channel.checkQueue(queue)).messageCount, queue).toBe(0);
    }
    // Whom a dead worker's lease made wait comes back once more, and is done then.
    for (const queue of lanes.flatMap((lane) => [retryQueue(lane, "5s"), retryQueue(lane, "30s")])) {
      const depth = async () => (await channel.checkQueue(queue)).messageCount;
      await expect.poll(depth, { message: queue, timeout: 35_000, interval: 250 }).toBe(0);
    }
  } finally {
    await broker.close();
  }
}
