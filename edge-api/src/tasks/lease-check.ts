/** Reads the task attempt that a proof belongs to; reports start with it. */

import { taskKindSchema } from "@storagex/contract/tasks/kinds";
import { planSchema } from "@storagex/contract/tasks/plan";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { planAlone } from "../db/plan.ts";
import { storedObjectSchema } from "../db/stored-object.ts";
import { stillNeeded } from "../lifecycle/needed.ts";
import { isTaskId, type Proof, provenBy } from "./lease-proof.ts";

const leasedRow = z.object({
  taskId: z.string(),
  kind: taskKindSchema,
  index: z.number(),
  attempt: z.number(),
  state: z.string(),
  worker: z.string().nullable(),
  videoId: z.string(),
  ownerId: z.string(),
  generation: z.number(),
  size: z.coerce.number(),
  storedBytes: z.coerce.number(),
  partSize: z.coerce.number().nullable(),
  /** Null while the source is not one object yet. */
  sourceEtag: z.string().nullable(),
  mezzanine: storedObjectSchema.nullable(),
  mp4: storedObjectSchema.nullable(),
  posterImage: storedObjectSchema.nullable(),
  plan: planSchema.nullable(),
  firstFrame: z.number().nullable(),
  frames: z.number().nullable(),
  needed: z.boolean(),
});
export type Leased = z.infer<typeof leasedRow>;
/** What recording needs to know about the reporter. `maker` made the objects: usually the same attempt. */
export type Reporter = Leased & { leaseSecret: string; maker: Leased };

/** The proven attempt, in any state; undefined if the proof is not the newest attempt's. */
export async function checkLease({ db }: Edge, proof: Proof): Promise<Leased | undefined> {
  if (!isTaskId(proof.taskId)) return undefined;
  const statement = sql`SELECT tasks.id AS "taskId", tasks.kind, tasks.index, tasks.attempt, tasks.state, tasks.worker,
      tasks.video_id AS "videoId", videos.owner_id AS "ownerId", tasks.generation, videos.size, videos.part_size AS "partSize",
      videos.stored_bytes AS "storedBytes", videos.source_etag AS "sourceEtag", videos.mezzanine, videos.mp4,
      videos.poster_change -> 'image' AS "posterImage", ${planAlone} AS plan,
      tasks.first_frame AS "firstFrame", tasks.frames, ${stillNeeded} AS needed
    FROM tasks JOIN videos ON videos.id = tasks.video_id WHERE ${await provenBy(proof)}`;
  const [leased] = await query(db, statement, leasedRow);
  return leased;
}
