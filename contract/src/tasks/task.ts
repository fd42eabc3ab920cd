/** A task: one unit of work (plan, encode, audio, finish), its message on the broker, its plan, and the claim's answer. */
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

/** What travels through RabbitMQ: names only. The claim holds everything else, so a stale message can do no harm. */
export const taskMessageSchema = z.object({
  taskId: z.uuid(),
  videoId: z.string(),
  generation: z.number().int().positive(),
  kind: taskKindSchema,
  index: z.number().int().min(0),
  /** Which queue it takes; absent in messages of releases without lanes, and then bulk. */
  lane: z.enum(LANES).optional(),
  /** W3C trace context, carried from the ticket to the last segment. */
  traceparent: z.string().optional(),
});
export type TaskMessage = z.infer<typeof taskMessageSchema>;

/** `POST /tasks` of the bridge: publishes every message, answers after the last confirm. */
export const handOverSchema = z.object({ tasks: z.array(taskMessageSchema).min(1).max(100) });
export const handOverAnswerSchema = z.object({
  accepted: z.number().int(),
  /** Messages now ready in all lanes: the reconciler re-emits only into empty queues. */
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
  /** Index among the source's AUDIO streams (`0:a:N`), the audio task's `index` too. */
  stream: countUpTo(1000),
  /** The audio stream that becomes its right channel, where `stream` is but the left one. */
  right: countUpTo(1000).optional(),
  codec: z.string(),
  channels: oneUpTo(65_535),
  /** FFmpeg's name of the channels; null where the file does not name them. */
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

/** What pixel values mean (ITU-T H.273), by FFmpeg's names. */
const coloursSchema = z.object({
  primaries: z.enum([
    ...["bt709", "bt470m", "bt470bg", "smpte170m", "film", "bt2020", "smpte428", "smpte431", "smpte432"],
    "ebu3213",
  ] as const),
  transfer: z.enum([
    ...["bt709", "bt470m", "bt470bg", "linear", "log100", "log316", "smpte2084", "arib-std-b67"],
  ] as const),
  /** Code point of the matrix; 0 for RGB. */
  matrix: countUpTo(14),
  range: z.enum(["tv", "pc"]),
});

/** The source as probed, checked and conformed: what encode and audio tasks need to know of it. */
export const sourceFactsSchema = z.object({
  /** Of the file that was uploaded. */
  container: z.string(),
  /** FFmpeg's demuxer for the file that tasks read, which may be a copy; an older plan leaves it to FFmpeg's guess. */
  demuxer: z
    .string()
    .regex(/^[a-z0-9_]+$/)
    .optional(),
  codec: z.string(),
  /** Displayed size in square pixels, after pixel aspect and rotation. */
  width: oneUpTo(8192),
  height: oneUpTo(8192),
  /**
   * Zero of the timeline on the container's clock, in seconds; may be negative. Every run counts from here. Absent in plans
   * of the first release, whose runs count from the start of the streams that each of them uses.
   */
  origin: z.number().optional(),
  /** Seconds from the origin to the end of the last frame, or of the audio where that is longer. */
  duration: z.number().positive().max(MAX.seconds),
  /** The grid's. */
  frameRate: rationalSchema,
  /** The source's own, in frames a second; absent where it is not known, and in plans of earlier releases. */
  ownFrameRate: z.number().positive().optional(),
  variableFrameRate: z.boolean(),
  bitDepth: oneUpTo(32),
  interlaced: z.boolean(),
  /**
   * How frames are deinterlaced: those that are flagged as interlaced, or those that are seen to be; a frame out of two fields
   * or of each. Absent: flagged ones, out of two, where `interlaced`.
   */
  deinterlace: z.object({ by: z.enum(["flags", "content"]), to: deinterlaceSchema }).optional(),
  hdr: z.enum(["pq", "hlg"]).nullable(),
  /** What the picture's numbers mean (YCbCr matrix), guessed from the size where the file does not say. */
  matrix: z.enum(["bt601", "bt709", "bt2020"]).optional(),
  /** Where more than that matrix lies between the picture and BT.709; absent in plans of earlier releases too. */
  colours: coloursSchema.optional(),
  /** Width over height as a viewer sees the first frame: one of another shape gets bars. Absent: it is stretched, as it was. */
  aspect: z.number().positive().optional(),
  /** Bits per second of the video stream or, where unknown, of the container; 0 where neither is known. */
  bitrate: countUpTo(MAX.bitrate),
  /** FFmpeg decoder names this file may use; everything else is refused (`-codec_whitelist`). */
  decoders: z.array(z.string().regex(DECODER_NAME)),
  /** Index among VIDEO streams of the picture to encode (cover art is skipped). */
  videoStream: countUpTo(1000),
  audio: z.array(audioTrackSchema),
  text: z.array(textTrackSchema),
  /** Languages (BCP 47) that the source declares for captions beside its frames, by their channel. */
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
 * The plan: final for its generation. Times are frames of `grid.rate`; segments are `grid.segmentFrames` long. Its chunks are
 * not in it: each encode task has its own.
 */
export const planSchema = z.object({
  source: sourceFactsSchema,
  grid: z.object({
    rate: rationalSchema,
    segmentFrames: oneUpTo(1000),
    /** Estimated total (the last chunk goes to EOF). */
    totalFrames: oneUpTo(MAX.frames),
    /** How many of them repeat the last frame, because the audio goes on without one. Absent: none. */
    heldFrames: countUpTo(MAX.frames).optional(),
    /** Seconds decoded before a chunk's first frame and dropped. */
    preRoll: z
      .number()
      .min(0)
      .max(3 * MAX.seconds),
  }),
  rungs: z.array(rungSchema).min(1),
  preset: presetSchema,
  /** Seconds of a usual audio piece; the first is shorter. */
  audioPieceSeconds: z.number().positive().max(MAX.seconds),
  /** Set when `plan` remuxed the source first: later claims then name that copy as their source. */
  mezzanine: z.object({ size: oneUpTo(MAX.object) }).nullable(),
  /** No rung keeps captions (CEA-608/708) in its frames; absent in plans of workers that did not see to it. */
  closedCaptions: z.literal("none").optional(),
});
export type Plan = z.infer<typeof planSchema>;

/** A plan as its task reports it, with the chunks that become encode tasks. */
export const cutPlanSchema = planSchema.extend({ chunks: z.array(chunkSchema).min(1) });
export type CutPlan = z.infer<typeof cutPlanSchema>;

/** A presigned PUT for one object of this attempt; `name` as in `outputName`. */
export const singleGrantSchema = z.object({ name: z.string(), url: z.url(), expiresAt: z.iso.datetime() });
/** A multipart upload for an output that may be large: parts are equal but the last. */
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

/** A presigned GET: the worker's reads are bound to the ETag and capped at the size. */
export const readGrantSchema = z.object({
  url: z.url(),
  etag: z.string(),
  size: z.number().int().positive(),
  expiresAt: z.iso.datetime(),
});
export type ReadGrant = z.infer<typeof readGrantSchema>;

/** A place of the timeline at which `finish` compares renditions with the source: of each the one segment that begins there. */
export const sampleSchema = z.object({
  firstFrame: z.number().int().min(0),
  renditions: z
    .array(
      readGrantSchema.extend({
        rendition: z.string(),
        initLength: z.number().int().positive(),
        /** The segment's place in the object, bytes. */
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

/** What `finish` reads. Objects of one rendition are in order, end to end one file. */
export const finishInputsSchema = z.object({
  /** The MP4's rendition. */
  video: z.array(pieceGrantSchema).min(1),
  /** The default audio track; empty where there is none. */
  audio: z.array(pieceGrantSchema),
  /** The smallest H.264 rendition, the cheapest to look through: storyboard and candidates for posters. May be `video` again. */
  overview: z.array(pieceGrantSchema).min(1),
  /** An older API grants none: then quality is not measured. */
  samples: z.array(sampleSchema).default([]),
  /** The MP4's rung. */
  rung: rungSchema,
  /** Seconds. */
  duration: z.number().positive(),
});

/** A presigned GET of what an earlier attempt of the same task may have left (`leftResultSchema`); often nothing is there. */
const leftGrantSchema = z.object({ attempt: z.number().int().positive(), url: z.url() });
export type LeftGrant = z.infer<typeof leftGrantSchema>;

const leaseBase = {
  taskId: z.uuid(),
  videoId: z.string(),
  generation: z.number().int().positive(),
  /** Fencing token: only the newest attempt may report. */
  attempt: z.number().int().positive(),
  /** 128-bit random, base64url; sent back with every report. */
  leaseSecret: z.string().min(20),
  /** Wall time after which the worker kills its own work. */
  hardLimitSeconds: z.number().positive(),
  source: readGrantSchema,
  outputs: z.array(outputGrantSchema),
  /** Results that earlier attempts may have left, newest first. */
  left: z.array(leftGrantSchema).default([]),
  traceparent: z.string().nullable(),
};

/** The claim's lease: everything a worker may know about one task. */
export const leaseSchema = z.discriminatedUnion("kind", [
  z.object({
    ...leaseBase,
    kind: z.literal("plan"),
    index: z.literal(0),
    /** What the owner chose, within what the admin allows. */
    profile: profileSchema,
    /** Live workers now: chunk lengths follow it. */
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
    /** Pieces pinned by an earlier attempt; this one starts after them when its build makes the same init. */
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
  /** The broker's redelivered flag: such a message may take over after 6 s of silence. */
  redelivered: z.boolean(),
});
/** `busy`: somebody else holds a live lease, or it is to be tried again later: park the message. `gone`: finished, cancelled or unknown: acknowledge it. */
export const claimAnswerSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("leased"), lease: leaseSchema }),
  z.object({ outcome: z.literal("busy") }),
  z.object({ outcome: z.literal("gone") }),
]);
export type ClaimAnswer = z.infer<typeof claimAnswerSchema>;
