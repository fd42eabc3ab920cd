/** Adds a result's notes for the video's owner: kept with the generation, shown in the video's detail. */
import type { MediaNote } from "@storagex/contract/media/note";
import { type SQL, sql } from "drizzle-orm";
import { json } from "../db/text.ts";

/** The part of a result that holds notes. */
export type Noted = { notes?: MediaNote[] | undefined };

/** Maximum notes per generation: a day-long video has thousands of chunks, and each may add some. */
const MAX_NOTES = 100;

/** An assignment for an UPDATE of `videos` that adds new notes only: chunks of one file report the same. */
export const addNotes = ({ notes = [] }: Noted): SQL => sql`notes = videos.notes || (
          SELECT coalesce(jsonb_agg(note ORDER BY place), '[]')
          FROM jsonb_array_elements(${json(notes)}) WITH ORDINALITY AS added(note, place)
          WHERE NOT videos.notes @> jsonb_build_array(note) AND jsonb_array_length(videos.notes) < ${MAX_NOTES}::int)`;
