/** The plan of a video's generation: the source's facts, the grid, the chunks and the rungs. */
import { z } from "zod";
import { countUpTo, MAX, oneUpTo } from "../bounds.ts";
import { DECODER_NAME } from "../formats/codecs.ts";
import { rungSchema } from "../media/ladder.ts";
import { deinterlaceSchema } from "../settings/settings.ts";
import { presetSchema } from "../videos/profile.ts";
import { chaptersSchema } from "../videos/video-fields.ts";

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
  /**
   * Set where most packets have no timestamp: decoded frame n (from 0) is shown at `start` + n / `rate` seconds
   * of the timeline.
   */
  counted: z.object({ rate: rationalSchema, start: z.number() }).optional(),
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
  /** Size of the first frame as decoded and turned, in its own pixels; absent in plans of earlier releases. */
  frame: z.object({ width: oneUpTo(8192), height: oneUpTo(8192) }).optional(),
  /** Bits per second of the video stream or, where unknown, of the container; 0 where neither is known. */
  bitrate: countUpTo(MAX.bitrate),
  /** FFmpeg decoder names this file may use; everything else is refused (`-codec_whitelist`). */
  decoders: z.array(z.string().regex(DECODER_NAME)),
  /** Index among VIDEO streams of the one to encode (cover art is skipped). */
  videoStream: countUpTo(1000),
  audio: z.array(audioTrackSchema),
  text: z.array(textTrackSchema),
  /** The file's own chapters, from the origin on; absent in plans of earlier releases. */
  chapters: chaptersSchema.optional(),
  /** Languages (BCP 47) that the source declares outside its frames for the captions in them, by channel. */
  captionLanguages: z.record(z.string().regex(/^CC[1-4]$/), z.string().max(35)).optional(),
});
export type SourceFacts = z.infer<typeof sourceFactsSchema>;

/** Bytes `from` to `to` of a file, both included. */
export const byteRangeSchema = z.object({ from: countUpTo(MAX.object), to: countUpTo(MAX.object) });
export type ByteRange = z.infer<typeof byteRangeSchema>;

/** A chunk: a span of the timeline, in frames of the grid. */
export const chunkSchema = z.object({
  index: countUpTo(MAX.pieces),
  firstFrame: countUpTo(MAX.frames),
  /** Frames to encode; null for the last chunk, which goes to the end of the file. */
  frames: oneUpTo(MAX.frames).nullable(),
  /**
   * The bytes of the source that its task reads, rising and apart. Absent where the source has no table of
   * its samples, and where tasks read a copy of it.
   */
  bytes: z.array(byteRangeSchema).min(1).max(64).optional(),
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
