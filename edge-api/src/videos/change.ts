/** Changes a video's title and poster, for a caller who may see the video. */
import type { UpdateRequest } from "@storagex/contract/video";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { searchTextOf } from "../db/search-text.ts";
import { recorded } from "../events/record.ts";
import { problem } from "../problem/problem.ts";
import { cleanTitle } from "./names.ts";
import { isOf, type Revisions } from "./revision.ts";

const postersRow = z.object({ posters: z.number() });

/**
 * Makes all of the changes or none. If `revisions` is given, the video must be at one of them. Throws
 * `video.not_found`, `request.changed_meanwhile`, and `request.invalid` if no visible character is left of
 * the title or the poster does not exist.
 */
export async function changeVideo(
  edge: Edge,
  scope: SQL,
  id: string,
  { title, posterIndex }: UpdateRequest,
  revisions: Revisions,
): Promise<void> {
  const clean = title === undefined ? null : cleanTitle(title);
  if (clean === "")
    throw problem("request.invalid", { errors: [{ path: "title", message: "holds nothing to show" }] });
  const index = posterIndex ?? null;
  // A file's name never changes, and the search text is built from both.
  const search = clean === null ? null : searchTextOf([clean, await filenameOf(edge, scope, id)]);
  const statement = sql`WITH changed AS (
    UPDATE videos SET title = coalesce(${clean}::text, title), search_text = coalesce(${search}::text, search_text),
      poster_index = coalesce(${index}::int, poster_index), revision = revision + 1, updated_at = now()
    WHERE id = ${id} AND ${scope} AND ${isOf(revisions)} AND (${index}::int IS NULL OR ${index}::int < jsonb_array_length(posters))
    RETURNING id, owner_id, seq, revision, posters
    ), ${recorded("video.updated", "changed")}, ${audited(edge.audit, "changed", "video")}
    SELECT jsonb_array_length(posters) AS posters FROM changed`;
  const [changed] = await query(edge.db, statement, postersRow);
  if (!changed) throw await whyNot(edge, scope, id, revisions);
}

async function filenameOf({ db }: Edge, scope: SQL, id: string): Promise<string> {
  const statement = sql`SELECT filename FROM videos WHERE id = ${id} AND ${scope}`;
  const [row] = await query(db, statement, z.object({ filename: z.string() }));
  if (!row) throw problem("video.not_found");
  return row.filename;
}

const foundRow = postersRow.extend({ isMeant: z.boolean() });

async function whyNot({ db }: Edge, scope: SQL, id: string, revisions: Revisions) {
  const statement = sql`SELECT jsonb_array_length(posters) AS posters, ${isOf(revisions)} AS "isMeant" FROM videos WHERE id = ${id} AND ${scope}`;
  const [row] = await query(db, statement, foundRow);
  if (!row) return problem("video.not_found");
  if (!row.isMeant) return problem("request.changed_meanwhile");
  const message = row.posters === 0 ? "there are no posters yet" : `must be from 0 to ${row.posters - 1}`;
  return problem("request.invalid", { errors: [{ path: "posterIndex", message }] });
}
