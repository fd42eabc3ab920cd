/** Reads and caches the objects of a rendition or track. Rows are pinned, so only new ones are read. */
import { segmentSchema } from "@storagex/contract/tasks/report";
import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { makeSingleFlight } from "../cache/single-flight.ts";
import type { Edge } from "../context.ts";
import { type Db, query } from "../db/connect.ts";
import { problem } from "../problem/problem.ts";
import type { Right } from "./access.ts";
import type { MediaRow } from "./manifest.ts";

const mediaRow = z.object({
  key: z.string(),
  initLength: z.number(),
  initHash: z.string(),
  timescale: z.number(),
  segments: z.array(segmentSchema),
});

/** The first objects of a playlist, without a gap. */
type Known = { rows: readonly MediaRow[]; segments: number };
const NOTHING: Known = { rows: [], segments: 0 };

/** Counted in segments, at about 56 bytes each. ROW is added for a row's key and hash. */
const MAX_SIZE = 400_000;
const ROW = 6;
/** About six playlists of a day or two hundred of an hour: about 20 MB. */
const known = new LRUCache<string, Known>({
  maxSize: MAX_SIZE,
  sizeCalculation: ({ rows, segments }) => segments + ROW * rows.length + 1,
});
const share = makeSingleFlight<Known>(4);
/** Rows per read, which limits the JSON in memory. */
const PAGE = 200;

/** The first `count` objects, known to be stored. Throws `playback.token_invalid` if they are gone. */
export async function readMedia(
  edge: Edge,
  { videoId, generation }: Pick<Right, "videoId" | "generation">,
  rendition: string,
  count: number,
): Promise<readonly MediaRow[]> {
  const key = `${videoId}.${generation}.${rendition}`;
  let have = known.get(key) ?? NOTHING;
  // A caller that joins a flight may need more rows than that flight reads.
  while (have.rows.length < count) {
    have = await share(edge, key, async () => {
      const from = known.get(key) ?? NOTHING;
      const read = await readOn(edge.db, { videoId, generation, rendition }, from, count);
      known.set(key, read);
      return read;
    });
  }
  return have.rows.slice(0, count);
}

async function readOn(
  db: Db,
  of: { videoId: string; generation: number; rendition: string },
  { rows, segments }: Known,
  count: number,
): Promise<Known> {
  const read = { rows: [...rows], segments };
  while (read.rows.length < count) {
    const next = read.rows.length;
    const page = await query(
      db,
      sql`SELECT key, init_length AS "initLength", init_hash AS "initHash", timescale, segments FROM media_objects
        WHERE video_id = ${of.videoId} AND generation = ${of.generation}::int AND rendition = ${of.rendition}
          AND index >= ${next}::int AND index < ${Math.min(next + PAGE, count)}::int ORDER BY index`,
      mediaRow,
    );
    if (page.length === 0) throw problem("playback.token_invalid");
    read.rows.push(...page);
    for (const row of page) read.segments += row.segments.length;
  }
  return read;
}
