/** SQL that reads a video's plan. */
import { type SQL, sql } from "drizzle-orm";

/** `videos.plan` without the chunks, which plans of earlier releases hold (250 KB for a day-long video). */
export const planAlone: SQL = sql`(videos.plan - 'chunks')`;
