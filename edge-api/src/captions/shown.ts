/** The caption tracks to show: those of the source and of the owner whose object is stored. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";

export const shownCaptions: SQL = sql`jsonb_path_query_array(videos.captions, '$[*] ? (@.etag != "")')`;

export const shownCaptionsRow = z.array(
  z.object({ id: z.string(), key: z.string(), language: z.string().nullable(), label: z.string() }),
);
export type ShownCaptions = z.infer<typeof shownCaptionsRow>[number];

/** The content type that the object store sends for a track. Constant, so that the URL is too. */
export const VTT_TYPE = "text/vtt; charset=utf-8";
