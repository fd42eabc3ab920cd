/** `GET …/source`: a signed URL of the file that was uploaded. */
import { sourceKey } from "@storagex/contract/keys";
import type { SourceAnswer } from "@storagex/contract/videos/playback";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isPlainId } from "../db/text.ts";
import { problem } from "../problem/problem.ts";
import { dispositionOf, fileNameStart } from "../storage/attachment.ts";
import { mediaLife, spanAt } from "../storage/media-life.ts";
import { signersOf } from "../storage/presign.ts";

const row = z.object({
  ownerId: z.string(),
  filename: z.string(),
  size: z.coerce.number(),
  duration: z.number().nullable(),
  isAssembled: z.boolean(),
});

/**
 * The original under its own name, for a caller whom `scope` lets see the video. Throws `video.not_found`, and
 * `source.assembling` before the upload is complete.
 */
export async function sourceOf({ db, config }: Edge, scope: SQL, id: string): Promise<SourceAnswer> {
  if (!isPlainId(id)) throw problem("video.not_found");
  const statement = sql`SELECT owner_id AS "ownerId", filename, size, duration, source_etag IS NOT NULL AS "isAssembled"
    FROM videos WHERE id = ${id} AND ${scope}`;
  const [found] = await query(db, statement, row);
  if (!found) throw problem("video.not_found");
  if (!found.isAssembled) throw problem("source.assembling");
  const { ownerId, filename, size, duration } = found;
  const span = spanAt(config, duration ?? 0, Date.now());
  const url = await signersOf(config).browser.get(sourceKey(ownerId, id), mediaLife(config, span), {
    "response-content-type": "application/octet-stream",
    "response-content-disposition": dispositionOf("attachment", fileNameStart(filename)),
  });
  return { url, filename, size, expiresAt: new Date(span.expires * 1000).toISOString() };
}
