/** Restores the database of an earlier release for a test: the old schema and the rows of a dump. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateMultipartUploadCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { rawPrefix, sourceKey } from "@storagex/contract/keys";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { z } from "zod";
import { inClone } from "../../../stack/paths.ts";
import type { Edge } from "./harness.ts";
import { operatorOf } from "./operator-s3.ts";

/** The first line of a dump: its video ids, by state. */
const namesSchema = z.object({
  completed: z.string(),
  pending: z.string(),
  expired: z.string(),
  queued: z.string(),
  planning: z.string(),
  planned: z.string(),
  processing: z.string(),
  unheard: z.string(),
  finishing: z.string(),
  failed: z.string(),
  retried: z.string(),
  deleted: z.string(),
});
export type OldVideos = z.infer<typeof namesSchema>;

const journalSchema = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string() })) });

/** The migrations up to `last`, in a folder of their own. */
async function migrationsUpTo(last: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "storagex-migrations-"));
  await cp(inClone("edge-api", "migrations"), folder, { recursive: true });
  const path = join(folder, "meta", "_journal.json");
  const { entries, ...rest } = journalSchema.parse(JSON.parse(await readFile(path, "utf8")));
  const end = entries.findIndex(({ tag }) => tag === last);
  if (end < 0) throw new Error(`there is no migration ${last}`);
  await writeFile(path, JSON.stringify({ ...rest, entries: entries.slice(0, end + 1) }));
  return folder;
}

/**
 * Replaces the database's contents by `old-data/<name>.sql`, which was made when `last` was the newest migration.
 * Whenever the test runs, tickets are valid for another hour, leases have expired, and messages were sent long ago.
 */
export async function restoreOld(databaseUrl: string, name: string, last: string): Promise<OldVideos> {
  const dump = await readFile(inClone("edge-api", "tests", "old-data", `${name}.sql`), "utf8");
  const names = namesSchema.parse(JSON.parse(dump.slice("-- ".length, dump.indexOf("\n"))));
  const folder = await migrationsUpTo(last);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA drizzle CASCADE");
    await migrate(drizzle(client), { migrationsFolder: folder });
    // As pg_restore does it: the users' counters in the dump already include these videos.
    await client.query("ALTER TABLE videos DISABLE TRIGGER USER");
    await client.query(dump);
    await client.query("ALTER TABLE videos ENABLE TRIGGER USER");
    await client.query("SELECT setval(pg_get_serial_sequence('outbox', 'id'), (SELECT max(id) FROM outbox))");
    await client.query(
      "UPDATE videos SET ticket_expires_at = now() + interval '1 hour' WHERE status = 'pending_upload'",
    );
    await client.query("UPDATE tasks SET lease_until = now() - interval '1 hour' WHERE state = 'running'");
    await client.query(
      "UPDATE tasks SET published_at = now() - interval '2 hours' WHERE published_at IS NOT NULL",
    );
  } finally {
    await client.end();
    await rm(folder, { recursive: true, force: true });
  }
  return names;
}

/** How far the counters of each account with videos are from what the videos say. */
export async function miscounted(sql: pg.Client | pg.Pool): Promise<unknown[]> {
  const { rows } = await sql.query(
    `SELECT (used_bytes - sum(stored_bytes))::int AS used,
       (users.source_bytes - coalesce(sum(size) FILTER (WHERE status <> 'pending_upload'), 0))::int AS sources,
       (video_count - count(*))::int AS videos,
       (reserved_bytes - coalesce(sum(size) FILTER (WHERE status = 'pending_upload'), 0))::int AS reserved,
       (open_tickets - count(*) FILTER (WHERE status = 'pending_upload'))::int AS tickets
     FROM users JOIN videos ON videos.owner_id = users.id WHERE status <> 'deleting' GROUP BY users.id`,
  );
  return rows;
}

type Object = { key: string; size: string };

/**
 * Stores objects of the right size for all rows, a new multipart upload for the open ticket, and one leftover object
 * of the deleted video.
 */
export async function layObjects(edge: Edge, names: OldVideos): Promise<void> {
  const store = operatorOf(edge.s3);
  const put = (Key: string, size: number) =>
    store.send(new PutObjectCommand({ Bucket: edge.s3.bucket, Key, Body: new Uint8Array(size) }));
  const { rows: made } = await edge.sql.query<Object>(`
    SELECT key, size FROM media_objects
    UNION SELECT object ->> 'key', (object ->> 'size')::bigint FROM videos, LATERAL (
      SELECT mp4 UNION ALL SELECT jsonb_array_elements(posters) UNION ALL SELECT jsonb_array_elements(storyboard -> 'sheets')
    ) AS named(object) WHERE object IS NOT NULL AND status <> 'deleting'`);
  for (const { key, size } of made) await put(key, Number(size));
  const { rows: videos } = await edge.sql.query<{ id: string; owner: string; status: string; size: string }>(
    "SELECT id, owner_id AS owner, status, size FROM videos",
  );
  for (const { id, owner, status, size } of videos) {
    const key = sourceKey(owner, id);
    if (status === "deleting") await put(`${rawPrefix(owner, id)}late`, 1);
    else if (status !== "pending_upload") await put(key, Number(size));
    else if (id === names.pending) {
      const command = new CreateMultipartUploadCommand({ Bucket: edge.s3.bucket, Key: key });
      const { UploadId } = await store.send(command);
      await edge.sql.query("UPDATE videos SET upload_id = $2 WHERE id = $1", [id, UploadId]);
    }
  }
}
