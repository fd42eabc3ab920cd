/** Signs what `finish` reads: the chunks and audio of the MP4, the smallest rendition, and quality samples. */
import { audioRendition, defaultTrack } from "@storagex/contract/media/audio-tracks";
import { movieRung, overviewRung } from "@storagex/contract/media/ladder";
import type { MediaGrant } from "@storagex/contract/tasks/grants";
import type { Plan } from "@storagex/contract/tasks/plan";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../../context.ts";
import { query } from "../../db/connect.ts";
import { type Grantee, lifeOf } from "./grantee.ts";
import { samplesOf } from "./quality-samples.ts";
import { read } from "./read.ts";

const inputRow = z.object({
  rendition: z.string(),
  key: z.string(),
  size: z.coerce.number(),
  etag: z.string(),
  initLength: z.number(),
  initHash: z.string(),
  frames: z.number(),
});

/** The inputs of the MP4, posters and storyboard, in order, and those for measuring quality. */
export async function finishInputs(edge: Edge, grantee: Grantee & { plan: Plan }) {
  const { config, db } = edge;
  const rung = movieRung(grantee.plan.rungs);
  const small = overviewRung(grantee.plan.rungs);
  const track = audioRendition(defaultTrack(grantee.plan.source.audio));
  const rows = await query(
    db,
    sql`SELECT rendition, key, size, etag, init_length AS "initLength", init_hash AS "initHash", frames
      FROM media_objects
      WHERE video_id = ${grantee.videoId} AND generation = ${grantee.generation}::int
        AND rendition IN (${rung.name}, ${small.name}, ${track})
      ORDER BY rendition, index`,
    inputRow,
  );
  const life = lifeOf("finish");
  const of = (name: string): Promise<MediaGrant[]> =>
    Promise.all(
      rows
        .filter(({ rendition }) => rendition === name)
        .map(async ({ key, size, etag, rendition: _, ...piece }) => ({
          ...(await read(config, { key, size, etag }, life)),
          ...piece,
        })),
    );
  const video = await of(rung.name);
  const overview = small === rung ? video : await of(small.name);
  const audio = await of(track);
  // All chunks are stored, and each is one object of this rendition.
  const samples = await samplesOf(edge, { ...grantee, chunks: video.length }, (object) =>
    read(config, object, life),
  );
  return { video, audio, overview, samples, rung, duration: grantee.plan.source.duration };
}
