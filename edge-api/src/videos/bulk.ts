/** Changes many videos of a caller at once: one statement for all, and a result for each. */

import type { ProblemCode } from "@storagex/contract/problem";
import type { BulkRequest, BulkResult } from "@storagex/contract/videos/video-bulk";
import { MAX_TAGS } from "@storagex/contract/videos/video-fields";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isPlainId, json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { retryVideos } from "../lifecycle/retry.ts";
import { deleteForNow } from "../lifecycle/undo.ts";
import { requireSharing } from "../sharing/allowed.ts";
import { cleanTags, type Texts, videoSearchText } from "./fields.ts";

/** The ids that the act worked for, and the code for the visible ones among the others. */
type Done = {
  done: readonly string[];
  otherwise: ProblemCode;
  /** Of those that have another code, which. */
  codes?: ReadonlyMap<string, ProblemCode>;
};

/** Performs the act on those of the videos that `scope` includes. Throws `sharing.not_allowed`. */
export async function changeMany(edge: Edge, scope: SQL, request: BulkRequest): Promise<BulkResult[]> {
  if (request.action === "visibility" && request.visibility === "public")
    requireSharing(edge.config, "public");
  const ids = [...new Set(request.ids)];
  const plain = json(ids.filter(isPlainId));
  const chosen = sql`videos.id IN (SELECT jsonb_array_elements_text(${plain})) AND ${scope}`;
  // What a deletion leaves out was not visible, so nothing is read for it.
  const visible = new Set(request.action === "delete" ? [] : await visibleOf(edge, chosen));
  const { done, otherwise, codes } = await perform(edge, chosen, request);
  const worked = new Set(done);
  return ids.map((id) =>
    worked.has(id)
      ? { id, ok: true }
      : { id, ok: false, code: codes?.get(id) ?? (visible.has(id) ? otherwise : "video.not_found") },
  );
}

const idRow = z.object({ id: z.string() });

async function visibleOf({ db }: Edge, chosen: SQL): Promise<string[]> {
  return (await query(db, sql`SELECT id FROM videos WHERE ${chosen}`, idRow)).map(({ id }) => id);
}

async function perform(edge: Edge, chosen: SQL, request: BulkRequest): Promise<Done> {
  switch (request.action) {
    case "delete":
      return {
        done: await deleteForNow(as(edge, "video.deleted"), chosen, request.undo ?? 0),
        otherwise: "video.not_found",
      };
    case "retry": {
      const { retried, crowded } = await retryVideos(as(edge, "video.retried"), chosen);
      const codes = new Map(crowded.map((id) => [id, "upload.too_many_open" as const]));
      return { done: retried, otherwise: "video.wrong_status", codes };
    }
    case "visibility":
      return {
        done: await setVisibility(edge, chosen, request.visibility),
        otherwise: "request.changed_meanwhile",
      };
    case "tag":
    case "untag":
      return setTags(edge, chosen, request.action, cleanTags(request.tags));
  }
}

/** The audit records each act by its own name. */
const as = (edge: Edge, action: "video.deleted" | "video.retried"): Edge => ({
  ...edge,
  audit: edge.audit && { ...edge.audit, action },
});

/** Those that have it already are done without an edit. */
async function setVisibility(edge: Edge, chosen: SQL, visibility: string): Promise<string[]> {
  const statement = sql`WITH chosen AS (
      SELECT id FROM videos WHERE ${chosen} FOR NO KEY UPDATE
    ), changed AS (
      UPDATE videos SET visibility = ${visibility}::text, revision = revision + 1, updated_at = now() FROM chosen
      WHERE videos.id = chosen.id AND videos.visibility <> ${visibility}::text
      RETURNING videos.id, videos.owner_id, videos.seq, videos.revision
    ), ${recorded("video.updated", "changed")}, ${audited(edge.audit, "changed", "video")}
    SELECT id FROM chosen`;
  return (await query(edge.db, statement, idRow)).map(({ id }) => id);
}

const textsRow = z.object({
  id: z.string(),
  title: z.string(),
  filename: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
});

/** A video whose tags are changed by somebody else at the same time is left out. */
async function setTags(edge: Edge, chosen: SQL, action: "tag" | "untag", tags: string[]): Promise<Done> {
  const read = sql`SELECT id, title, filename, description, tags FROM videos WHERE ${chosen}`;
  const wanted = (await query(edge.db, read, textsRow)).map((row) => ({
    row,
    next: nextTags(row, action, tags),
  }));
  const fitting = wanted.filter(({ next }) => next.length <= MAX_TAGS);
  const isSame = ({ row, next }: (typeof wanted)[number]) => next.length === row.tags.length;
  const changes = fitting
    .filter((each) => !isSame(each))
    .map(({ row, next }) => ({
      id: row.id,
      was: row.tags,
      tags: next,
      texts: [row.title, row.description],
      search: videoSearchText({ ...row, tags: next }),
    }));
  const same = fitting.filter(isSame).map(({ row }) => row.id);
  const changed = changes.length === 0 ? [] : await writeTags(edge, chosen, changes);
  const isFull = fitting.length < wanted.length;
  return {
    done: [...same, ...changed],
    otherwise: isFull ? "video.too_many_tags" : "request.changed_meanwhile",
  };
}

const nextTags = (row: Texts, action: "tag" | "untag", tags: readonly string[]): string[] =>
  action === "tag" ? [...new Set([...row.tags, ...tags])] : row.tags.filter((tag) => !tags.includes(tag));

/** If the other texts were changed meanwhile, the sweep builds the search text. */
async function writeTags(edge: Edge, chosen: SQL, changes: readonly object[]): Promise<string[]> {
  const statement = sql`WITH changed AS (
      UPDATE videos SET tags = change.tags, revision = revision + 1, updated_at = now(),
        search_text = CASE WHEN jsonb_build_array(title, description) = change.texts THEN change.search END
      FROM jsonb_to_recordset(${json(changes)}) AS change(id text, was jsonb, tags jsonb, texts jsonb, search text)
      WHERE videos.id = change.id AND videos.tags = change.was AND ${chosen}
      RETURNING videos.id, videos.owner_id, videos.seq, videos.revision
    ), ${recorded("video.updated", "changed")}, ${audited(edge.audit, "changed", "video")}
    SELECT id FROM changed`;
  return (await query(edge.db, statement, idRow)).map(({ id }) => id);
}
