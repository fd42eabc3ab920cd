/** Rows of videos as they are read: for lists, events and a video's own page. */
import { mediaNoteSchema } from "@storagex/contract/media/note";
import { taskKindSchema } from "@storagex/contract/tasks/kinds";
import { audioTrackSchema, planSchema } from "@storagex/contract/tasks/plan";
import { profileSchema } from "@storagex/contract/videos/profile";
import {
  chaptersSchema,
  importProgressSchema,
  metadataSchema,
  originSchema,
  visibilitySchema,
} from "@storagex/contract/videos/video-fields";
import { z } from "zod";
import { shownCaptionsRow } from "../captions/shown.ts";
import { storedObjectSchema } from "../db/stored-object.ts";

const taskRow = z.object({
  kind: taskKindSchema,
  index: z.number(),
  /** Of an encode task: its chunk. */
  firstFrame: z.number().nullable(),
  frames: z.number().nullable(),
  state: z.enum(["waiting", "queued", "running", "succeeded", "failed", "cancelled"]),
  progress: z.number(),
  worker: z.string().nullable(),
  speed: z.number().nullable(),
  failures: z.number(),
  /** Whether the parts that it needs have arrived. */
  uploaded: z.boolean(),
});
const audioRow = z.object({
  rendition: z.string(),
  pieces: z.number(),
  /** One more than the highest index: equals `pieces` if none is missing in between. */
  reach: z.number(),
  frames: z.number(),
});
const posterChangeRow = z.object({
  state: z.enum(["uploading", "making", "failed", "done"]),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
const rowSchema = z.object({
  id: z.string(),
  ownerId: z.string(),
  ownerEmail: z.string(),
  title: z.string(),
  filename: z.string(),
  size: z.coerce.number(),
  uploaded: z.coerce.number(),
  status: z.enum(["pending_upload", "queued", "processing", "completed", "failed"]),
  generation: z.number(),
  tags: z.array(z.string()),
  externalId: z.string().nullable(),
  metadata: metadataSchema,
  visibility: visibilitySchema,
  publicDownload: z.boolean(),
  origin: originSchema,
  import: importProgressSchema.nullable(),
  description: z.string(),
  chapters: chaptersSchema,
  revision: z.number(),
  seq: z.coerce.number(),
  duration: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  poster: storedObjectSchema.nullable(),
  posters: z.array(storedObjectSchema),
  posterIndex: z.number(),
  posterChange: posterChangeRow.nullable(),
  captions: shownCaptionsRow,
  profile: profileSchema,
  quality: z
    .object({
      renditions: z.array(
        z.object({ name: z.string(), size: z.number(), bitrate: z.number(), ssim: z.number().nullable() }),
      ),
    })
    .nullable(),
  notes: z.array(mediaNoteSchema),
  /** By audio track. */
  loudness: z.record(z.string(), z.number().nullable()),
  cpuSeconds: z.number(),
  wallSeconds: z.number(),
  rungs: planSchema.shape.rungs.nullable(),
  grid: planSchema.shape.grid.nullable(),
  audio: z.array(audioTrackSchema).nullable(),
  sourceCodec: z.string().nullable(),
  sourceBitDepth: z.number().nullable(),
  sourceFrameRate: z.number().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  completedAt: z.string().nullable(),
  queuePosition: z.coerce.number().nullable(),
  playable: z.boolean(),
  doneFrames: z.coerce.number(),
  /** While the video is processed: all tasks except waiting and succeeded chunks, so never many. */
  tasks: z.array(taskRow).nullable(),
});
export type VideoRow = z.infer<typeof rowSchema>;
export type TaskRow = z.infer<typeof taskRow>;

/** Adds the columns for callers who show the processing itself. */
export const workRow = rowSchema.extend({
  encodedAudio: z.array(audioRow).nullable(),
  /** First frame of the first missing chunk; null if none is missing, or none is planned. */
  openFrame: z.number().nullable(),
  chunkCount: z.number().nullable(),
  /** All chunks, or those requested, in order. */
  chunks: z.array(taskRow).nullable(),
});
export type WorkRow = z.infer<typeof workRow> & { views: number };

/** Columns that only a video's own page shows. */
type DetailColumn =
  | (
      | "posters"
      | "posterIndex"
      | "posterChange"
      | "captions"
      | "profile"
      | "notes"
      | "loudness"
      | "cpuSeconds"
      | "wallSeconds"
    )
  | ("description" | "metadata" | "chapters")
  | ("sourceCodec" | "sourceBitDepth" | "sourceFrameRate");
/** What lists show. Of finished videos they omit most of the plan, which is the largest part of a row. */
export type ShownRow = Omit<VideoRow, DetailColumn>;
/** What events show. */
export type ShownWorkRow = Omit<WorkRow, DetailColumn>;
