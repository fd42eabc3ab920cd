/** The caption tracks that are there to be shown: of the source and of the owner alike, whose object has come. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";

export const shownCaptions: SQL = sql`jsonb_path_query_array(videos.captions, '$[*] ? (@.etag != "")')`;

export const shownCaptionsRow = z.array(
  z.object({ id: z.string(), key: z.string(), language: z.string().nullable(), label: z.string() }),
);
export type ShownCaptions = z.infer<typeof shownCaptionsRow>[number];

/** What the store shall say of a track; constant, so that its URL is too. */
export const VTT_TYPE = "text/vtt; charset=utf-8";
