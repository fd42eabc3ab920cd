/** Changes what an owner writes of a video, and its poster, for a caller who may see the video. */
import type { UpdateRequest } from "@storagex/contract/videos/video";
import { MAX_METADATA } from "@storagex/contract/videos/video-fields";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { problem } from "../problem/problem.ts";
import { requireSharing } from "../sharing/allowed.ts";
import {
  cleanFields,
  columnsOf,
  mergedMetadata,
  type RequestedFields,
  type Texts,
  unlessTaken,
  videoSearchText,
} from "./fields.ts";
import { isOf, type Revisions } from "./revision.ts";

const idRow = z.object({ id: z.string() });
const postersRow = z.object({ posters: z.number() });

/**
 * Makes all of the changes or none; where nothing would change there is no edit, and no event. If `revisions` is given,
 * the video must be at one of them. Throws
 * `video.not_found`, `request.changed_meanwhile`, `sharing.not_allowed`, `video.external_id_taken`, and
 * `request.invalid` if no visible character is left of a text, there would be too many pairs of metadata, or the
 * poster does not exist.
 */
export async function changeVideo(
  edge: Edge,
  scope: SQL,
  id: string,
  { posterIndex, publicDownload, ...requested }: UpdateRequest,
  revisions: Revisions,
): Promise<void> {
  if (requested.visibility === "public") requireSharing(edge.config, "public");
  const fields = cleanFields(requested);
  const changes = columnsOf(fields);
  if (publicDownload !== undefined) changes.push(["public_download", sql`${publicDownload}::boolean`]);
  if (posterIndex !== undefined) changes.push(["poster_index", sql`${posterIndex}::int`]);
  const { metadata } = fields;
  if (metadata) changes.push(["metadata", mergedMetadata(metadata)]);
  const search = await searchChange(edge, scope, id, fields);
  const assignments = [...changes, ...search].map(
    ([column, value]) => sql`${sql.identifier(column)} = ${value}`,
  );
  // The key follows the title, at the latest by the sweep.
  const shown = changes.filter(([column]) => column !== "title_key");
  const index = posterIndex ?? null;
  const statement = sql`WITH chosen AS (
      SELECT id FROM videos
      WHERE id = ${id} AND ${scope} AND ${isOf(revisions)} AND (${index}::int IS NULL OR ${index}::int < jsonb_array_length(posters))
        AND ${holdsPairs(metadata)} FOR NO KEY UPDATE
    ), changed AS (
      UPDATE videos SET ${sql.join(assignments, sql`, `)}, revision = revision + 1, updated_at = now() FROM chosen
      WHERE videos.id = chosen.id AND (${sql.join(shown.map(isOther), sql` OR `)})
      RETURNING videos.id, videos.owner_id, videos.seq, videos.revision
    ), ${recorded("video.updated", "changed")}, ${audited(edge.audit, "changed", "video")}
    SELECT id FROM chosen`;
  const [chosen] = await unlessTaken(query(edge.db, statement, idRow));
  if (!chosen) throw await whyNot(edge, scope, id, revisions, metadata);
}

/** Whether the row of `videos` has another value. */
const isOther = ([column, value]: [string, SQL]): SQL =>
  sql`videos.${sql.identifier(column)} IS DISTINCT FROM ${value}`;

/** Whether the pairs are few enough after the change. */
const holdsPairs = (change: RequestedFields["metadata"]): SQL =>
  change
    ? sql`(SELECT count(*) FROM jsonb_object_keys(${mergedMetadata(change)})) <= ${MAX_METADATA}::int`
    : sql`true`;

const textsRow = z.object({
  title: z.string(),
  filename: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
});

/**
 * The new search text. It is built from all texts: if another change came in between, the sweep builds it.
 * Throws `video.not_found`.
 */
async function searchChange(
  { db }: Edge,
  scope: SQL,
  id: string,
  { title, description, tags }: RequestedFields,
): Promise<[string, SQL][]> {
  if (title === undefined && description === undefined && tags === undefined) return [];
  const statement = sql`SELECT title, filename, description, tags FROM videos WHERE id = ${id} AND ${scope}`;
  const [row] = await query(db, statement, textsRow);
  if (!row) throw problem("video.not_found");
  const texts = {
    ...row,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(tags && { tags }),
  };
  return [["search_text", searchTextUnless(row, sql`${videoSearchText(texts)}::text`)]];
}

/** `search`, or null for the sweep if the row of `videos` no longer has the texts that were read. */
const searchTextUnless = ({ title, description, tags }: Texts, search: SQL): SQL =>
  sql`CASE WHEN title = ${title} AND description = ${description} AND tags = ${json(tags)} THEN ${search} END`;

const foundRow = postersRow.extend({ isMeant: z.boolean(), holdsPairs: z.boolean() });

async function whyNot(
  { db }: Edge,
  scope: SQL,
  id: string,
  revisions: Revisions,
  metadata: RequestedFields["metadata"],
) {
  const statement = sql`SELECT jsonb_array_length(posters) AS posters, ${isOf(revisions)} AS "isMeant",
    ${holdsPairs(metadata)} AS "holdsPairs" FROM videos WHERE id = ${id} AND ${scope}`;
  const [row] = await query(db, statement, foundRow);
  if (!row) return problem("video.not_found");
  if (!row.isMeant) return problem("request.changed_meanwhile");
  if (!row.holdsPairs)
    return problem("request.invalid", {
      errors: [{ path: "metadata", message: `must be at most ${MAX_METADATA} pairs` }],
    });
  const message = row.posters === 0 ? "there are no posters yet" : `must be from 0 to ${row.posters - 1}`;
  return problem("request.invalid", { errors: [{ path: "posterIndex", message }] });
}
