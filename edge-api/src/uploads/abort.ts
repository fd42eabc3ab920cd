/** Ends a ticket that will not be completed: aborted by its owner, expired, or never delivered. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { tombstone } from "../lifecycle/delete.ts";
import { problem } from "../problem/problem.ts";
import type { Upload } from "./open-upload.ts";

/** Ends the ticket: deletes its parts and hides the video. Throws `video.wrong_status` once completed. */
export async function abortUpload(edge: Edge, upload: Upload): Promise<void> {
  const ended = await tombstone(edge, stillOpen(upload.id));
  if (!ended) throw problem("video.wrong_status");
}

/** Ends a ticket without checking its owner; for the act that failed to deliver it. */
export async function dropTicket(edge: Edge, id: string): Promise<void> {
  await tombstone(edge, stillOpen(id));
}

const stillOpen = (id: string) => sql`videos.id = ${id} AND videos.status = 'pending_upload'`;

const expiredRow = z.object({ id: z.string() });

/** Ends up to `max` expired tickets, not those of imports; for the sweep. Returns how many it ended. */
export async function endExpired(edge: Edge, max: number): Promise<number> {
  const statement = sql`SELECT id FROM videos WHERE status = 'pending_upload' AND origin <> 'import' AND ticket_expires_at < now()
    ORDER BY ticket_expires_at LIMIT ${max}::int`;
  const expired = await query(edge.db, statement, expiredRow);
  for (const { id } of expired) await tombstone(edge, stillOpen(id), "upload.expired");
  return expired.length;
}
