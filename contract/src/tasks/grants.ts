/** Presigned URLs that a lease gives: what a worker may read and write. */
import { z } from "zod";
import { MAX, oneUpTo } from "../bounds.ts";
import { rungSchema } from "../media/ladder.ts";

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
 * A presigned GET of a task's source. With `parts` the source is not one object yet, and `url` leads nowhere:
 * a report asks for the parts that are to be read.
 */
export const sourceGrantSchema = readGrantSchema.extend({
  parts: z.object({ partSize: z.number().int().positive() }).optional(),
});
export type SourceGrant = z.infer<typeof sourceGrantSchema>;

/** A presigned GET of one part of a source: of an object of its own, or of the whole source after `skip` bytes. */
export const partGrantSchema = readGrantSchema.extend({
  partNumber: z.number().int().positive(),
  skip: z.number().int().min(0),
});
export type PartGrant = z.infer<typeof partGrantSchema>;

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
const mediaGrantSchema = readGrantSchema.extend({
  initLength: z.number().int().positive(),
  /** Where it differs, several encoders made the chunks. */
  initHash: z.string(),
  /** Video frames or AAC frames. */
  frames: oneUpTo(MAX.frames),
});
export type MediaGrant = z.infer<typeof mediaGrantSchema>;

/** What `finish` reads. Objects of one rendition are in order and together form one file. */
export const finishInputsSchema = z.object({
  /** The MP4's rendition. */
  video: z.array(mediaGrantSchema).min(1),
  /** The default audio track; empty where there is none. */
  audio: z.array(mediaGrantSchema),
  /**
   * The smallest H.264 rendition, the cheapest to decode as a whole, for the storyboard and poster
   * candidates. May be the same as `video`.
   */
  overview: z.array(mediaGrantSchema).min(1),
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
export const leftGrantSchema = z.object({ attempt: z.number().int().positive(), url: z.url() });
export type LeftGrant = z.infer<typeof leftGrantSchema>;
