/** SQL that reads a video's plan. */
import { type SQL, sql } from "drizzle-orm";

/**
 * `videos.plan` without the chunks. Plans of earlier releases hold them; those of a day-long video take 250
 * KB.
 */
export const planAlone: SQL = sql`(videos.plan - 'chunks')`;
