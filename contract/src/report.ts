/** What a worker says of a task: progress while it runs, then one answer, succeed or fail. */
import { z } from "zod";
import { outputGrantSchema, planSchema, readGrantSchema, taskKindSchema } from "./task.ts";

/** Every report proves its lease. */
const leaseProof = { attempt: z.number().int().positive(), leaseSecret: z.string().min(20).max(64) };

/** A playable byte range of an object. `duration` in ticks of the object's timescale. */
export const segmentSchema = z.object({
  offset: z.number().int().positive(),
  length: z.number().int().positive(),
  duration: z.number().int().positive(),
});
export type Segment = z.infer<typeof segmentSchema>;

/** One CMAF object (a chunk of a rendition, or a piece of an audio track), checked before it is reported. */
export const mediaObjectSchema = z.object({
  /** As granted, e.g. `720p-3.mp4`. */
  name: z.string(),
  /** Rung name, or `audio-{track}`. */
  rendition: z.string(),
  /** Chunk or piece number. */
  index: z.number().int().min(0),
  size: z.number().int().positive(),
  etag: z.string(),
  initLength: z.number().int().positive(),
  /** sha256 hex of the init: a playlist emits a further EXT-X-MAP where it changes. */
  initHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** RFC 6381, e.g. `avc1.64001f`, `mp4a.40.2`. */
  codecs: z.string(),
  timescale: z.number().int().positive(),
  segments: z.array(segmentSchema).min(1),
  /** Video frames or AAC frames. */
  frames: z.number().int().positive(),
});
export type MediaObject = z.infer<typeof mediaObjectSchema>;

/** An object that is not segmented (mp4, poster, sheet, captions, mezzanine). */
export const plainObjectSchema = z.object({
  name: z.string(),
  size: z.number().int().positive(),
  /** Null where it went up as multipart: the API completes it and reads the ETag itself. */
  etag: z.string().nullable(),
  uploadId: z.string().nullable(),
});
export type PlainObject = z.infer<typeof plainObjectSchema>;

export const progressRequestSchema = z.object({
  ...leaseProof,
  /** 0–1, never falls. */
  progress: z.number().min(0).max(1),
  /** Times real time, null where it means nothing. */
  speed: z.number().min(0).nullable(),
  /** Audio pieces finished since the last report; each is pinned when the answer is 200. */
  pieces: z.array(mediaObjectSchema).max(50).default([]),
  /**
   * Outputs wanted beyond the claim's: a multipart for `size` bytes, or further single PUTs (size null). With the `uploadId`
   * of a multipart that was granted before, fresh URLs for its parts.
   */
  want: z
    .array(
      z.object({
        name: z.string(),
        size: z.number().int().positive().nullable(),
        uploadId: z.string().max(2048).nullable().default(null),
      }),
    )
    .max(20)
    .default([]),
  /** Ask for a fresh source URL (and, for `finish`, input URLs). */
  renew: z.boolean().default(false),
});
export type ProgressRequest = z.infer<typeof progressRequestSchema>;

/** `gone`: overtaken, cancelled or finished: kill the work, report nothing more. */
export const progressAnswerSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("held"),
    outputs: z.array(outputGrantSchema),
    source: readGrantSchema.nullable(),
    inputs: z
      .object({
        video: z.array(readGrantSchema),
        audio: z.array(readGrantSchema),
        /** Of all samples end to end, as the lease has them. */
        samples: z.array(readGrantSchema).default([]),
      })
      .nullable(),
  }),
  z.object({ outcome: z.literal("gone") }),
]);
export type ProgressAnswer = z.infer<typeof progressAnswerSchema>;

const effort = {
  /** Seconds of CPU (user + system) and of wall time that the attempt took. */
  cpuSeconds: z.number().min(0),
  wallSeconds: z.number().min(0),
};

export const storyboardSchema = z.object({
  sheets: z.array(plainObjectSchema),
  columns: z.number().int().positive(),
  rows: z.number().int().positive(),
  tileWidth: z.number().int().positive(),
  tileHeight: z.number().int().positive(),
  /** Seconds between tiles. */
  interval: z.number().positive(),
  tiles: z.number().int().positive(),
});
export type Storyboard = z.infer<typeof storyboardSchema>;

export const resultSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("plan"), plan: planSchema, mezzanine: plainObjectSchema.nullable(), ...effort }),
  z.object({ kind: z.literal("encode"), objects: z.array(mediaObjectSchema).min(1), ...effort }),
  z.object({ kind: z.literal("audio"), pieces: z.number().int().positive(), ...effort }),
  z.object({
    kind: z.literal("finish"),
    mp4: plainObjectSchema,
    /** Best first; the first is the poster until the owner chooses another. */
    posters: z.array(plainObjectSchema).min(1).max(8),
    storyboard: storyboardSchema.nullable(),
    captions: z.array(
      z.object({ object: plainObjectSchema, language: z.string().nullable(), label: z.string().nullable() }),
    ),
    /** SSIM sampled against the source per rendition, 0–1; empty where it was not measured. */
    quality: z.array(z.object({ rendition: z.string(), ssim: z.number().min(0).max(1) })),
    ...effort,
  }),
]);
export type TaskResult = z.infer<typeof resultSchema>;

export const succeedRequestSchema = z.object({
  ...leaseProof,
  result: resultSchema,
  /** The earlier attempt of this task that made the result and its objects; absent where it is the reporter's own. */
  adopted: z.number().int().positive().optional(),
});
export type SucceedRequest = z.infer<typeof succeedRequestSchema>;

/**
 * What an attempt leaves beside its outputs before it reports, and after its last output was taken: where the report is
 * lost with its worker, a later attempt adopts it. A task's id stands for its video, plan and chunk.
 */
export const leftResultSchema = z.object({
  taskId: z.uuid(),
  generation: z.number().int().positive(),
  result: resultSchema,
});
export type LeftResult = z.infer<typeof leftResultSchema>;

/** Why a task cannot be done. `message` is a sentence a person understands, with what to do; it names nothing inside. */
export const failRequestSchema = z.object({
  ...leaseProof,
  code: z.string().regex(/^[a-z]+(\.[a-z_]+)+$/),
  message: z.string().min(1).max(500),
  retryable: z.boolean(),
  /** A clean shutdown hands the task back: it counts neither as a failure nor as an interruption. */
  handBack: z.boolean().default(false),
});
export type FailRequest = z.infer<typeof failRequestSchema>;

/** `done`: recorded, or recorded before (same attempt). `gone`: overtaken or cancelled: drop the work. */
export const reportAnswerSchema = z.object({ outcome: z.enum(["done", "gone"]) });
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;

/** A dead letter's last word, posted by the worker that consumed it. */
export const deadLetterSchema = z.object({ kind: taskKindSchema, reason: z.string().max(200) });
