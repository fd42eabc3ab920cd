/** What a success has its video's owner told: kept with the generation, shown in the video's detail. */
import type { MediaNote } from "@storagex/contract/media/note";
import { type SQL, sql } from "drizzle-orm";
import { json } from "../db/text.ts";

/** A result, as far as it notes something. */
export type Noted = { notes?: MediaNote[] | undefined };

/** Notes of one generation, at most; a day-long film has thousands of chunks, and each may say something. */
const MAX_NOTES = 100;

/** An assignment of an UPDATE of `videos` that adds those not noted yet: the chunks of one file say the same. */
export const addNotes = ({ notes = [] }: Noted): SQL => sql`notes = videos.notes || (
          SELECT coalesce(jsonb_agg(note ORDER BY place), '[]')
          FROM jsonb_array_elements(${json(notes)}) WITH ORDINALITY AS added(note, place)
          WHERE NOT videos.notes @> jsonb_build_array(note) AND jsonb_array_length(videos.notes) < ${MAX_NOTES}::int)`;
