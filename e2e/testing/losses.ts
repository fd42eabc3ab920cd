/** The checker: reads PostgreSQL, S3 and the broker and reports what was lost and what is left over. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { connect } from "amqplib";
import pg from "pg";
import { z } from "zod";
import { STORED } from "../../edge-api/src/quota/counters.ts";
import { s3AccessSchema } from "../../testing/services/start-s3.ts";
import { DEAD_QUEUE, retryQueue, TASK_QUEUES } from "../../transcode-node/src/broker/topology.ts";
import type { Stack } from "./running-stack.ts";

/**
 * `connections.json`, which `npm start` writes for tools on the same machine (mode 0600): how to reach its
 * services.
 */
const connectionsSchema = z.object({
  databaseUrl: z.string(),
  amqpUrl: z.string(),
  s3: s3AccessSchema,
});
type Connections = z.infer<typeof connectionsSchema>;

export async function connections(stack: Pick<Stack, "folder">): Promise<Connections> {
  return connectionsSchema.parse(
    JSON.parse(await readFile(join(stack.folder, "run", "connections.json"), "utf8")),
  );
}

/** Each statement selects the rows that break it; `$1` is the owner's id, or null for all. */
const INVARIANTS: readonly (readonly [name: string, statement: string])[] = [
  [
    "every accepted upload has ended",
    `SELECT id, status FROM videos WHERE ($1::text IS NULL OR owner_id = $1)
       AND status NOT IN ('completed', 'failed', 'deleting', 'pending_upload')`,
  ],
  [
    "one finish per generation",
    `SELECT video_id, tasks.generation FROM tasks JOIN videos ON videos.id = video_id
     WHERE kind = 'finish' AND ($1::text IS NULL OR owner_id = $1) GROUP BY 1, 2 HAVING count(*) <> 1`,
  ],
  [
    "the last event of a video that has ended is its end",
    `SELECT videos.id, videos.status FROM videos WHERE ($1::text IS NULL OR owner_id = $1)
       AND status IN ('completed', 'failed') AND status <> coalesce((
         SELECT replace(type, 'video.', '') FROM events WHERE video_id = videos.id
           AND type IN ('video.uploaded', 'video.restarted', 'video.completed', 'video.failed')
         ORDER BY seq DESC LIMIT 1), 'nothing')`,
  ],
  [
    "a completed video has its objects",
    `SELECT id FROM videos WHERE ($1::text IS NULL OR owner_id = $1) AND status = 'completed' AND NOT EXISTS (
       SELECT 1 FROM media_objects o WHERE o.video_id = videos.id AND o.generation = videos.generation)`,
  ],
  [
    "bytes used are the bytes stored",
    `SELECT users.id, used_bytes FROM users
     LEFT JOIN videos ON owner_id = users.id AND coalesce(deleted_from, status) <> 'deleting'
     WHERE ($1::text IS NULL OR users.id = $1)
     GROUP BY users.id HAVING used_bytes <> coalesce(sum(stored_bytes), 0)`,
  ],
  [
    "the bytes stored of a video are those of its objects",
    `SELECT id, stored_bytes FROM videos WHERE ($1::text IS NULL OR owner_id = $1) AND status = 'completed'
       AND stored_bytes <> ${STORED}`,
  ],
  [
    "no task of a video that has ended is open",
    `SELECT tasks.id, kind, state FROM tasks JOIN videos ON videos.id = video_id
     WHERE ($1::text IS NULL OR owner_id = $1) AND status IN ('completed', 'failed') AND kind <> 'poster'
       AND state IN ('waiting', 'queued', 'running')`,
  ],
  [
    "no task waits for parts that have arrived",
    `SELECT tasks.id, kind FROM tasks JOIN videos ON videos.id = tasks.video_id
     JOIN part_uploads ON part_uploads.video_id = videos.id
     WHERE ($1::text IS NULL OR owner_id = $1) AND status = 'pending_upload' AND tasks.generation = videos.generation
       AND state = 'waiting' AND kind IN ('plan', 'audio') AND needs <@ arrived`,
  ],
  [
    "room is kept for open uploads alone",
    `SELECT users.id, reserved_bytes, open_tickets FROM users
     LEFT JOIN videos ON owner_id = users.id AND coalesce(deleted_from, status) = 'pending_upload'
     WHERE ($1::text IS NULL OR users.id = $1)
     GROUP BY users.id HAVING reserved_bytes <> coalesce(sum(size), 0) OR open_tickets <> count(videos.id)`,
  ],
];

const objectRow = z.object({ key: z.string(), size: z.coerce.number(), etag: z.string() });

/** Every object that a completed video's rows name; captions without an ETag are not uploaded yet. */
const POINTED_AT = `
  WITH done AS (SELECT * FROM videos WHERE status = 'completed' AND ($1::text IS NULL OR owner_id = $1))
  SELECT o.key, o.size, o.etag FROM media_objects o JOIN done ON done.id = video_id AND done.generation = o.generation
  UNION ALL
  SELECT object->>'key', (object->>'size')::bigint, object->>'etag' FROM done, LATERAL (
    SELECT mp4 UNION ALL SELECT mezzanine UNION ALL SELECT jsonb_array_elements(posters)
    UNION ALL SELECT jsonb_array_elements(storyboard->'sheets') UNION ALL SELECT jsonb_array_elements(captions)
  ) AS named(object)
  WHERE object IS NOT NULL AND coalesce(object->>'etag', '') <> ''`;

/** What breaks an invariant, one line each; with `ownerId`, of that account's videos alone. */
export async function findLosses(stack: Pick<Stack, "folder">, ownerId: string | null): Promise<string[]> {
  const at = await connections(stack);
  const database = new pg.Client({ connectionString: at.databaseUrl });
  await database.connect();
  try {
    const found: string[] = [];
    for (const [name, statement] of INVARIANTS) {
      const { rows } = await database.query(statement, [ownerId]);
      found.push(...rows.map((row) => `${name}: ${JSON.stringify(row)}`));
    }
    const pointed = z.array(objectRow).parse((await database.query(POINTED_AT, [ownerId])).rows);
    return [...found, ...(await unlikeStored(at, pointed))];
  } finally {
    await database.end();
  }
}

/** Objects that the object store does not have as the rows say. */
async function unlikeStored({ s3 }: Connections, pointed: z.infer<typeof objectRow>[]): Promise<string[]> {
  const store = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    forcePathStyle: true,
    credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
  });
  const bare = (etag = "") => etag.replaceAll('"', "");
  const found: string[] = [];
  for (const { key, size, etag } of pointed) {
    const head = await store
      .send(new HeadObjectCommand({ Bucket: s3.bucket, Key: key }))
      .catch((error: unknown) => String(error));
    if (typeof head === "string") found.push(`${key}: ${head}`);
    else if (head.ContentLength !== size || bare(head.ETag) !== bare(etag))
      found.push(`${key}: ${head.ContentLength} bytes with ${head.ETag}, not ${size} with ${etag}`);
  }
  store.destroy();
  return found;
}

/** Messages of all lanes that wait for a worker, those that come back later, and the dead letters. */
export async function messagesOf(
  stack: Pick<Stack, "folder">,
): Promise<{ waiting: number; parked: number; dead: number }> {
  const broker = await connect((await connections(stack)).amqpUrl);
  try {
    const channel = await broker.createChannel();
    const sum = async (queues: readonly string[]) => {
      let count = 0;
      for (const queue of queues) count += (await channel.checkQueue(queue)).messageCount;
      return count;
    };
    const parked = TASK_QUEUES.flatMap((queue) => [retryQueue(queue, "5s"), retryQueue(queue, "30s")]);
    return {
      waiting: await sum(TASK_QUEUES),
      parked: await sum(parked),
      dead: await sum([DEAD_QUEUE]),
    };
  } finally {
    await broker.close();
  }
}
