/** What a worker reports about a task: progress while it runs, then one result, succeed or fail. */
import { z } from "zod";
import { countUpTo, MAX, oneUpTo } from "../bounds.ts";
import { failureDetailSchema } from "../media/failure.ts";
import { mediaNoteSchema } from "../media/note.ts";
import { outputGrantSchema, partGrantSchema, readGrantSchema, sourceGrantSchema } from "./grants.ts";
import { type MissingKinds, type OfEveryKind, taskKindSchema } from "./kinds.ts";
import { cutPlanSchema } from "./plan.ts";

/** Every report proves its lease. */
const leaseProof = { attempt: oneUpTo(MAX.int32), leaseSecret: z.string().min(20).max(64) };

/** A playable byte range of an object. `duration` in ticks of the object's timescale. */
export const segmentSchema = z.object({
  offset: oneUpTo(MAX.put),
  length: oneUpTo(MAX.put),
  duration: oneUpTo(MAX.int32),
});
export type Segment = z.infer<typeof segmentSchema>;

const named = z.string().min(1).max(64);
/** AWS's ETag has 36 characters with its quotes; other object stores' are longer. */
const etagSchema = z.string().max(200);
const uploadIdSchema = z.string().max(2048).nullable();

/** One CMAF object (a chunk of a rendition, or an audio piece), checked before it is reported. */
export const mediaObjectSchema = z.object({
  /** As in the grant, e.g. `720p-3.mp4`. */
  name: named,
  /** Rung name, or `audio-{track}`. */
  rendition: named,
  /** Chunk or audio piece number. */
  index: countUpTo(MAX.pieces),
  size: oneUpTo(MAX.put),
  etag: etagSchema,
  initLength: oneUpTo(MAX.int32),
  /** SHA-256 in hex of the init segment: a playlist adds another EXT-X-MAP where it changes. */
  initHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** RFC 6381, e.g. `avc1.64001f`, `mp4a.40.2`. */
  codecs: z.string().max(100),
  timescale: oneUpTo(MAX.int32),
  segments: z.array(segmentSchema).min(1).max(MAX.segments),
  /** Video frames or AAC frames. */
  frames: oneUpTo(MAX.frames),
});
export type MediaObject = z.infer<typeof mediaObjectSchema>;

/** An object that is not segmented (MP4, poster, storyboard sheet, captions, mezzanine). */
export const plainObjectSchema = z.object({
  name: named,
  size: oneUpTo(MAX.object),
  /** Null for a multipart upload: the API completes it and reads the ETag itself. */
  etag: etagSchema.nullable(),
  uploadId: uploadIdSchema,
});
export type PlainObject = z.infer<typeof plainObjectSchema>;

/** Parts of an upload are counted from 1. */
const partNumber = oneUpTo(10_000);

export const progressRequestSchema = z.object({
  ...leaseProof,
  /** 0–1, never decreases. */
  progress: z.number().min(0).max(1),
  /** Times real time; null where it has no meaning. */
  speed: z.number().min(0).max(MAX.speed).nullable(),
  /** Audio pieces finished since the last report; a 200 response means that each of them is recorded. */
  pieces: z.array(mediaObjectSchema).max(50).default([]),
  /**
   * Grants needed beyond the claim's: a multipart upload for `size` bytes, or further single PUTs (size
   * null). With the `uploadId` of a multipart upload that was granted before: fresh URLs for its parts.
   */
  want: z
    .array(
      z.object({
        name: named,
        size: oneUpTo(MAX.object).nullable(),
        uploadId: uploadIdSchema.default(null),
      }),
    )
    .max(20)
    .default([]),
  /** Requests a fresh source URL (and, for `finish`, fresh input URLs). */
  renew: z.boolean().default(false),
  /** Parts of the source to read; the answer grants those that have arrived. */
  sourceParts: z.array(partNumber).max(32).default([]),
});
export type ProgressRequest = z.infer<typeof progressRequestSchema>;

/** `gone`: taken over, cancelled or finished: stop the work and report nothing more. */
export const progressAnswerSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("held"),
    outputs: z.array(outputGrantSchema),
    source: sourceGrantSchema.nullable(),
    sourceParts: z.array(partGrantSchema).default([]),
    inputs: z
      .object({
        video: z.array(readGrantSchema),
        audio: z.array(readGrantSchema),
        overview: z.array(readGrantSchema),
        /** Read grants of all quality samples, one after the other, in the lease's order. */
        samples: z.array(readGrantSchema).default([]),
      })
      .nullable(),
  }),
  z.object({ outcome: z.literal("gone") }),
]);
export type ProgressAnswer = z.infer<typeof progressAnswerSchema>;

const effort = {
  /** Seconds of CPU (user + system) and of wall time that the attempt took. */
  cpuSeconds: z.number().min(0).max(MAX.cpu),
  wallSeconds: z.number().min(0).max(MAX.wall),
};

/** What every result may hold: the effort of the attempt, and notes for the video's owner. */
const ofAttempt = { ...effort, notes: z.array(mediaNoteSchema).max(64).optional() };

export const storyboardSchema = z.object({
  /** A worker makes at most 40; the API checks each in the object store. */
  sheets: z.array(plainObjectSchema).max(40),
  columns: oneUpTo(100),
  rows: oneUpTo(100),
  tileWidth: oneUpTo(8192),
  tileHeight: oneUpTo(8192),
  /** Seconds between tiles. */
  interval: z.number().positive().max(MAX.seconds),
  tiles: oneUpTo(MAX.seconds),
});
export type Storyboard = z.infer<typeof storyboardSchema>;

export const resultSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("plan"),
    plan: cutPlanSchema,
    mezzanine: plainObjectSchema.nullable(),
    ...ofAttempt,
  }),
  z.object({
    kind: z.literal("encode"),
    objects: z.array(mediaObjectSchema).min(1).max(32),
    /** A poster until `finish` has chosen one; null where none was requested or the chunk shows nothing. */
    poster: plainObjectSchema.nullable().default(null),
    ...ofAttempt,
  }),
  z.object({
    kind: z.literal("audio"),
    pieces: oneUpTo(MAX.pieces),
    /** Integrated loudness of the whole track as it is played (EBU R128), LUFS; null for silence. */
    loudness: z.number().min(-100).max(30).nullable().optional(),
    ...ofAttempt,
  }),
  z.object({
    kind: z.literal("finish"),
    mp4: plainObjectSchema,
    /** Best first; the first is the poster until the owner chooses another. */
    posters: z.array(plainObjectSchema).min(1).max(8),
    storyboard: storyboardSchema.nullable(),
    captions: z
      .array(
        z.object({
          object: plainObjectSchema,
          language: z.string().max(64).nullable(),
          label: z.string().max(200).nullable(),
        }),
      )
      .max(64),
    /** SSIM of the quality samples against the source per rendition, 0–1; empty where it was not measured. */
    quality: z.array(z.object({ rendition: named, ssim: z.number().min(0).max(1) })).max(32),
    ...ofAttempt,
  }),
  z.object({ kind: z.literal("poster"), poster: plainObjectSchema, ...ofAttempt }),
]);
type AnyResult = z.infer<typeof resultSchema>;
export type TaskResult = OfEveryKind<AnyResult, MissingKinds<AnyResult>>;

export const succeedRequestSchema = z.object({
  ...leaseProof,
  result: resultSchema,
  /**
   * The earlier attempt of this task that made the result and its objects; absent where the reporter made
   * them.
   */
  adopted: oneUpTo(MAX.int32).optional(),
});
export type SucceedRequest = z.infer<typeof succeedRequestSchema>;

/**
 * What an attempt writes beside its outputs after its last output is uploaded and before it reports. Where
 * the report is lost with its worker, a later attempt adopts it. The task's id identifies its video, plan and
 * chunk.
 */
export const leftResultSchema = z.object({
  taskId: z.uuid(),
  generation: oneUpTo(MAX.int32),
  result: resultSchema,
});
export type LeftResult = z.infer<typeof leftResultSchema>;

/**
 * Why a task cannot be done. `message` is a sentence that a person understands, with what to do; it names no
 * internals.
 */
export const failRequestSchema = z.object({
  ...leaseProof,
  code: z
    .string()
    .max(60)
    .regex(/^[a-z]+(\.[a-z_]+)+$/),
  message: z.string().min(1).max(500),
  retryable: z.boolean(),
  /** What failed, for the message. */
  detail: failureDetailSchema.optional(),
  /**
   * A digest of the tool's output, the same for the same fault: where two consecutive attempts report it,
   * there is no third.
   */
  cause: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  /**
   * Set at a clean shutdown: the task goes back to the queue and counts neither as a failure nor as an
   * interruption.
   */
  handBack: z.boolean().default(false),
  /** With `handBack`: the worker parks the message that it received, so no other message is published. */
  parked: z.boolean().default(false),
  /** The object store did not answer for minutes: says nothing about the task, which is tried again for hours. */
  storeAway: z.boolean().default(false),
  /** With `handBack`: parts of the source that have not arrived. The task is released when they have. */
  needs: z
    .array(z.object({ from: partNumber, to: partNumber }))
    .max(64)
    .default([]),
});
export type FailRequest = z.infer<typeof failRequestSchema>;

/** `done`: recorded now, or before by the same attempt. `gone`: taken over or cancelled: drop the work. */
export const reportAnswerSchema = z.object({ outcome: z.enum(["done", "gone"]) });
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;

/** The last report about a dead letter, sent by the worker that consumed it. */
export const deadLetterSchema = z.object({ kind: taskKindSchema, reason: z.string().max(200) });
export type DeadLetter = z.infer<typeof deadLetterSchema>;
