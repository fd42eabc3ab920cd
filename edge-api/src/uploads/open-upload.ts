/** Reads the upload of one's own video, for `parts`, `complete` and `abort`. */
import { sourceKey } from "@storagex/contract/keys";
import { partSizeFor } from "@storagex/contract/uploads/upload-parts";
import { originSchema } from "@storagex/contract/videos/video-fields";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { iso } from "../db/text.ts";
import { problem } from "../problem/problem.ts";

const uploadRow = z.object({
  ownerId: z.string(),
  origin: originSchema,
  status: z.string(),
  size: z.coerce.number(),
  /** Bytes; null for a row of an earlier release. */
  partSize: z.coerce.number().nullable(),
  uploadId: z.string().nullable(),
  ticketExpiresAt: z.string().nullable(),
  expired: z.boolean().nullable(),
  /** Each part is an object of its own, not a part of a multipart upload. */
  inObjects: z.boolean(),
});
export type Upload = z.infer<typeof uploadRow> & { id: string; key: string; partSize: number };

/** The upload that a client sends. Throws `video.not_found`, and `import.no_parts` for an import. */
export async function readUpload(edge: Edge, scope: SQL, id: string): Promise<Upload> {
  const upload = await readSource(edge, scope, id);
  if (upload.origin === "import") throw problem("import.no_parts");
  return upload;
}

/** The same for who sends parts: those of an upload by a link only its uploader sends. Throws `upload_link.no_parts`, too. */
export async function readSentUpload(edge: Edge, scope: SQL, id: string, byLink: boolean): Promise<Upload> {
  const upload = await readUpload(edge, scope, id);
  if (upload.origin === "link" && !byLink) throw problem("upload_link.no_parts");
  return upload;
}

/** The source under `scope`, whoever sends it. Throws `video.not_found`. */
export async function readSource({ db }: Edge, scope: SQL, id: string): Promise<Upload> {
  const statement = sql`SELECT owner_id AS "ownerId", origin, status, size, part_size AS "partSize", upload_id AS "uploadId",
      ${iso(sql`ticket_expires_at`)} AS "ticketExpiresAt", ticket_expires_at < now() AS expired,
      EXISTS (SELECT 1 FROM part_uploads WHERE part_uploads.video_id = videos.id) AS "inObjects"
    FROM videos WHERE id = ${id} AND ${scope}`;
  const [row] = await query(db, statement, uploadRow);
  if (!row) throw problem("video.not_found");
  const partSize = row.partSize ?? partSizeFor(row.size);
  return { ...row, partSize, id, key: sourceKey(row.ownerId, id) };
}

/** Where the parts go: to objects of their own, or to a multipart upload. */
export type PartsTo = { inObjects: true } | { inObjects: false; uploadId: string };
export type OpenUpload = Upload & PartsTo & { ticketExpiresAt: string };

/** Whether it can still take parts. */
export const isOpen = ({ status, inObjects, uploadId, ticketExpiresAt, expired }: Upload): boolean =>
  status === "pending_upload" &&
  ticketExpiresAt !== null &&
  expired !== true &&
  (inObjects || uploadId !== null);

/** The same, if it can still take parts. Throws `video.wrong_status` or `upload.expired`. */
export function openOnly(upload: Upload): OpenUpload {
  const { status, inObjects, uploadId, ticketExpiresAt, expired } = upload;
  if (status !== "pending_upload") throw problem("video.wrong_status");
  if (ticketExpiresAt === null || expired === true) throw problem("upload.expired");
  if (inObjects) return { ...upload, inObjects, ticketExpiresAt };
  if (uploadId === null) throw problem("upload.expired");
  return { ...upload, inObjects, uploadId, ticketExpiresAt };
}
