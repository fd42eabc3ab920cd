/**
 * A task: one unit of work (plan, encode, audio, finish), with its message, its plan and the claim's
 * response.
 */
import { z } from "zod";
import { countUpTo, MAX, oneUpTo } from "../bounds.ts";
import { DECODER_NAME } from "../formats/codecs.ts";
import { rungSchema } from "../media/ladder.ts";
import { presetSchema, profileSchema } from "../profile.ts";
import { deinterlaceSchema } from "../settings/settings.ts";
import { LANES } from "./lane.ts";

export const TASK_KINDS = ["plan", "encode", "audio", "finish"] as const;
export const taskKindSchema = z.enum(TASK_KINDS);
export type TaskKind = z.infer<typeof taskKindSchema>;

/**
 * What is sent through RabbitMQ: ids only. The claim returns everything else, so a stale message can do no
 * harm.
 */
export const taskMessageSchema = z.object({
  taskId: z.uuid(),
  videoId: z.string(),
  generation: z.number().int().positive(),
  kind: taskKindSchema,
  index: z.number().int().min(0),
  /** Its queue; absent in messages of releases without lanes, which are bulk. */
  lane: z.enum(LANES).optional(),
  /** W3C trace context, from the ticket to the last segment. */
  traceparent: z.string().optional(),
});
export type TaskMessage = z.infer<typeof taskMessageSchema>;

/** `POST /tasks` of the bridge: publishes every message and answers after the last publisher confirm. */
export const handOverSchema = z.object({ tasks: z.array(taskMessageSchema).min(1).max(100) });
export const handOverAnswerSchema = z.object({
  accepted: z.number().int(),
  /** Ready messages in all lanes: the reconciler publishes again only into empty queues. */
  queueDepth: z.number().int(),
});

/** An exact rate or time base, e.g. 30000/1001. */
export const rationalSchema = z.object({
  num: oneUpTo(MAX.int32),
  den: oneUpTo(MAX.int32),
});
export type Rational = z.infer<typeof rationalSchema>;

/** One audio track of the source that becomes a rendition. */
export const audioTrackSchema = z.object({
  /** Index among the source's AUDIO streams (`0:a:N`); also the audio task's `index`. */
  stream: countUpTo(1000),
  /** The audio stream that becomes the right channel, where `stream` is only the left one. */
  right: countUpTo(1000).optional(),
  codec: z.string(),
  channels: oneUpTo(65_535),
  /** FFmpeg's name of the channel layout; null where the file does not name it. */
  layout: z.string().max(100).nullable().optional(),
  /** BCP 47, in its shortest form. */
  language: z.string().nullable(),
  label: z.string().nullable(),
  default: z.boolean(),
});
export type AudioTrack = z.infer<typeof audioTrackSchema>;

/** A text track found in the source, extracted to WebVTT by `finish`. */
export const textTrackSchema = z.object({
  /** Index among the source's SUBTITLE streams (`0:s:N`). */
  stream: countUpTo(1000),
  codec: z.string(),
  language: z.string().nullable(),
  label: z.string().nullable(),
});

/** What pixel values mean (ITU-T H.273), in FFmpeg's names. */
const coloursSchema = z.object({
  primaries: z.enum([
    ...["bt709", "bt470m", "bt470bg", "smpte170m", "film", "bt2020", "smpte428", "smpte431", "smpte432"],
    "ebu3213",
  ] as const),
  transfer: z.enum([
    ...["bt709", "bt470m", "bt470bg", "linear", "log100", "log316", "smpte2084", "arib-std-b67"],
  ] as const),
  /** Code point of the matrix coefficients; 0 for RGB. */
  matrix: countUpTo(14),
  range: z.enum(["tv", "pc"]),
});

/** The source as probed and checked: what encode and audio tasks need to know about it. */
export const sourceFactsSchema = z.object({
  /** Container of the uploaded file. */
  container: z.string(),
  /** FFmpeg's demuxer for the file that tasks read, which may be a copy; in older plans FFmpeg guesses it. */
  demuxer: z
    .string()
    .regex(/^[a-z0-9_]+$/)
    .optional(),
  codec: z.string(),
  /** Displayed size in square pixels, after pixel aspect and rotation. */
  width: oneUpTo(8192),
  height: oneUpTo(8192),
  /**
   * Zero of the timeline on the container's clock, in seconds; may be negative. Every FFmpeg run counts from
   * here. Absent in plans of the first release, whose runs count from the start of the streams that each of
   * them uses.
   */
  origin: z.number().optional(),
  /** Seconds from the origin to the end of the last frame, or of the audio where that is longer. */
  duration: z.number().positive().max(MAX.seconds),
  /** Frame rate of the grid. */
  frameRate: rationalSchema,
  /** The source's own frame rate; absent where it is unknown, and in plans of earlier releases. */
  ownFrameRate: z.number().positive().optional(),
  variableFrameRate: z.boolean(),
  bitDepth: oneUpTo(32),
  interlaced: z.boolean(),
  /**
   * How frames are deinterlaced. `by`: the frames flagged as interlaced, or those whose content is. `to`: one
   * frame out of two fields, or one of each. Absent: flagged frames, one out of two fields, where
   * `interlaced`.
   */
  deinterlace: z.object({ by: z.enum(["flags", "content"]), to: deinterlaceSchema }).optional(),
  hdr: z.enum(["pq", "hlg"]).nullable(),
  /** YCbCr matrix of the frames, guessed from the size where the file does not declare it. */
  matrix: z.enum(["bt601", "bt709", "bt2020"]).optional(),
  /**
   * Set where the frames differ from BT.709 in more than that matrix; absent in plans of earlier releases
   * too.
   */
  colours: coloursSchema.optional(),
  /**
   * Width over height of the first frame as displayed: a frame of another shape gets bars. Absent: it is
   * stretched, as before.
   */
  aspect: z.number().positive().optional(),
  /** Bits per second of the video stream or, where unknown, of the container; 0 where neither is known. */
  bitrate: countUpTo(MAX.bitrate),
  /** FFmpeg decoder names this file may use; everything else is refused (`-codec_whitelist`). */
  decoders: z.array(z.string().regex(DECODER_NAME)),
  /** Index among VIDEO streams of the one to encode (cover art is skipped). */
  videoStream: countUpTo(1000),
  audio: z.array(audioTrackSchema),
  text: z.array(textTrackSchema),
  /** Languages (BCP 47) that the source declares outside its frames for the captions in them, by channel. */
  captionLanguages: z.record(z.string().regex(/^CC[1-4]$/), z.string().max(35)).optional(),
});
export type SourceFacts = z.infer<typeof sourceFactsSchema>;

/** A chunk: a span of the timeline, in frames of the grid. */
export const chunkSchema = z.object({
  index: countUpTo(MAX.pieces),
  firstFrame: countUpTo(MAX.frames),
  /** Frames to encode; null for the last chunk, which goes to the end of the file. */
  frames: oneUpTo(MAX.frames).nullable(),
});
export type Chunk = z.infer<typeof chunkSchema>;

/**
 * The plan: final for its generation. Times are frames of `grid.rate`; segments are `grid.segmentFrames`
 * long. It does not hold the chunks: each encode task has its own.
 */
export const planSchema = z.object({
  source: sourceFactsSchema,
  grid: z.object({
    rate: rationalSchema,
    segmentFrames: oneUpTo(1000),
    /** Estimated total (the last chunk goes to EOF). */
    totalFrames: oneUpTo(MAX.frames),
    /** How many of them repeat the last frame, because the audio is longer. Absent: none. */
    heldFrames: countUpTo(MAX.frames).optional(),
    /** Seconds that are decoded before a chunk's first frame and dropped. */
    preRoll: z
      .number()
      .min(0)
      .max(3 * MAX.seconds),
  }),
  rungs: z.array(rungSchema).min(1),
  preset: presetSchema,
  /** Usual seconds of an audio piece; the first is shorter. */
  audioPieceSeconds: z.number().positive().max(MAX.seconds),
  /** Set when `plan` remuxed the source first: later claims then name that copy as their source. */
  mezzanine: z.object({ size: oneUpTo(MAX.object) }).nullable(),
  /**
   * No rung keeps closed captions (CEA-608/708) in its frames; absent in plans of workers that did not remove
   * them.
   */
  closedCaptions: z.literal("none").optional(),
});
export type Plan = z.infer<typeof planSchema>;

/** A plan as its task reports it, with the chunks that become encode tasks. */
export const cutPlanSchema = planSchema.extend({ chunks: z.array(chunkSchema).min(1) });
export type CutPlan = z.infer<typeof cutPlanSchema>;

/** A presigned PUT for one object of this attempt; `name` as in `outputName`. */
export const singleGrantSchema = z.object({ name: z.string(), url: z.url(), expiresAt: z.iso.datetime() });
/** A multipart upload for an output that may be large: all parts have the same size except the last. */
export const multipartGrantSchema = z.object({
  name: z.string(),
  uploadId: z.string(),
  partSize: z.number().int().positive(),
  parts: z.array(z.object({ partNumber: z.number().int().positive(), url: z.url() })),
  expiresAt: z.iso.datetime(),
});
export const outputGrantSchema = z.union([multipartGrantSchema, singleGrantSchema]);
export type SingleGrant = z.infer<typeof singleGrantSchema>;
export type MultipartGrant = z.infer<typeof multipartGrantSchema>;
export type OutputGrant = z.infer<typeof outputGrantSchema>;

/** A presigned GET: the worker's reads are bound to the ETag and limited to the size. */
export const readGrantSchema = z.object({
  url: z.url(),
  etag: z.string(),
  size: z.number().int().positive(),
  expiresAt: z.iso.datetime(),
});
export type ReadGrant = z.infer<typeof readGrantSchema>;

/**
 * A time on the timeline at which `finish` compares renditions with the source: the segment of each rendition
 * that starts there.
 */
export const sampleSchema = z.object({
  firstFrame: z.number().int().min(0),
  renditions: z
    .array(
      readGrantSchema.extend({
        rendition: z.string(),
        initLength: z.number().int().positive(),
        /** Byte range of the segment in the object. */
        offset: z.number().int().positive(),
        length: z.number().int().positive(),
      }),
    )
    .min(1),
});
export type Sample = z.infer<typeof sampleSchema>;

/** A chunk or an audio piece to read as part of one long file. */
const pieceGrantSchema = readGrantSchema.extend({
  initLength: z.number().int().positive(),
  /** Where it differs, several encoders made the chunks. */
  initHash: z.string(),
  /** Video frames or AAC frames. */
  frames: oneUpTo(MAX.frames),
});
export type PieceGrant = z.infer<typeof pieceGrantSchema>;

/** What `finish` reads. Objects of one rendition are in order and together form one file. */
export const finishInputsSchema = z.object({
  /** The MP4's rendition. */
  video: z.array(pieceGrantSchema).min(1),
  /** The default audio track; empty where there is none. */
  audio: z.array(pieceGrantSchema),
  /**
   * The smallest H.264 rendition, the cheapest to decode as a whole, for the storyboard and poster
   * candidates. May be the same as `video`.
   */
  overview: z.array(pieceGrantSchema).min(1),
  /** An older API grants none: then quality is not measured. */
  samples: z.array(sampleSchema).default([]),
  /** The MP4's rung. */
  rung: rungSchema,
  /** Seconds. */
  duration: z.number().positive(),
});

/**
 * A presigned GET of what an earlier attempt of the same task may have left (`leftResultSchema`); often it
 * does not exist.
 */
const leftGrantSchema = z.object({ attempt: z.number().int().positive(), url: z.url() });
export type LeftGrant = z.infer<typeof leftGrantSchema>;

const leaseBase = {
  taskId: z.uuid(),
  videoId: z.string(),
  generation: z.number().int().positive(),
  /** Fencing token: only the latest attempt may report. */
  attempt: z.number().int().positive(),
  /** 128-bit random, base64url; sent back with every report. */
  leaseSecret: z.string().min(20),
  /** Wall time after which the worker stops its own work. */
  hardLimitSeconds: z.number().positive(),
  source: readGrantSchema,
  outputs: z.array(outputGrantSchema),
  /** Results that earlier attempts may have left, newest first. */
  left: z.array(leftGrantSchema).default([]),
  traceparent: z.string().nullable(),
};

/** The claim's lease: everything that a worker may know about one task. */
export const leaseSchema = z.discriminatedUnion("kind", [
  z.object({
    ...leaseBase,
    kind: z.literal("plan"),
    index: z.literal(0),
    /** What the owner chose, within what the administrator allows. */
    profile: profileSchema,
    /** Live workers now: chunk lengths depend on it. */
    workers: z.number().int().positive(),
  }),
  z.object({
    ...leaseBase,
    kind: z.literal("encode"),
    index: z.number().int().min(0),
    plan: planSchema,
    chunk: chunkSchema,
  }),
  z.object({
    ...leaseBase,
    kind: z.literal("audio"),
    /** The track: index into `plan.source.audio`. */
    index: z.number().int().min(0),
    plan: planSchema,
    /**
     * Audio pieces recorded by an earlier attempt; this one starts after them where its build makes the same
     * init segment.
     */
    pinned: z.object({ pieces: z.number().int().min(0), initHash: z.string().nullable() }),
  }),
  z.object({
    ...leaseBase,
    kind: z.literal("finish"),
    index: z.literal(0),
    plan: planSchema,
    inputs: finishInputsSchema,
  }),
]);
export type Lease = z.infer<typeof leaseSchema>;
export type LeaseOf<K extends TaskKind> = Extract<Lease, { kind: K }>;

export const claimRequestSchema = z.object({
  worker: z.string().min(1).max(64),
  /** The broker's redelivered flag: such a message may take over after 6 s without a report. */
  redelivered: z.boolean(),
});
/**
 * `busy`: another worker has a live lease, or the task is to be retried later: park the message. `gone`:
 * finished, cancelled or unknown: acknowledge the message.
 */
export const claimAnswerSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("leased"), lease: leaseSchema }),
  z.object({ outcome: z.literal("busy") }),
  z.object({ outcome: z.literal("gone") }),
]);
export type ClaimAnswer = z.infer<typeof claimAnswerSchema>;
