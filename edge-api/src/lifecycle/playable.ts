/** Marks a video as playable: the first chunk of all rungs and each audio track's first piece are stored. */
import { type SQL, sql } from "drizzle-orm";
import { recorded } from "../events/record.ts";

/**
 * The statement that marks the video as playable, once per generation. Run it after a statement that may have
 * made it playable, in the same transaction: then it sees that statement's writes, and what was committed
 * while that statement waited for the video's lock.
 */
export const becomePlayable = (videoId: string, generation: number): SQL => sql`
  WITH begun AS (
    UPDATE videos SET playable_at = now(), updated_at = now()
    WHERE id = ${videoId} AND generation = ${generation}::int AND status IN ('processing', 'pending_upload') AND playable_at IS NULL
      AND EXISTS (SELECT 1 FROM tasks WHERE tasks.video_id = videos.id AND tasks.generation = videos.generation
        AND kind = 'encode' AND index = 0 AND state = 'succeeded')
      AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.video_id = videos.id AND tasks.generation = videos.generation
        AND kind = 'audio' AND state <> 'succeeded' AND NOT EXISTS (
          SELECT 1 FROM media_objects AS piece WHERE piece.video_id = videos.id AND piece.generation = videos.generation
            AND piece.rendition = 'audio-' || tasks.index AND piece.index = 0))
    RETURNING id, owner_id, seq
  ), ${recorded("video.playable", "begun")}
  SELECT id FROM begun`;
