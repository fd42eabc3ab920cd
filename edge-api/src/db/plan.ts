/** A video's plan, as statements read it. */
import { type SQL, sql } from "drizzle-orm";

/** Of `videos`: the plan without the chunks, which plans of earlier releases hold; those of a day take 250 KB. */
export const planAlone: SQL = sql`(videos.plan - 'chunks')`;
