/** A video as the public API shows it. */
import { z } from "@hono/zod-openapi";
import { captionTrackSchema } from "./captions.ts";
import { posterChangeSchema } from "./poster.ts";
import { profileRequestSchema } from "./profile.ts";
import { loudnessSchema } from "./statistics.ts";
import {
  chaptersSchema,
  descriptionSchema,
  externalIdSchema,
  importProgressSchema,
  metadataChangeSchema,
  metadataSchema,
  originSchema,
  tagsSchema,
  titleSchema,
  visibilitySchema,
  writableFields,
} from "./video-fields.ts";
import { VIDEO_STATUSES, type VideoStatus } from "./video-statuses.ts";

export const videoStatusSchema = z.enum(VIDEO_STATUSES);

/** `deleting` is internal: every public call answers 404 from then on. */
export type StoredStatus = VideoStatus | "deleting";

export const renditionSchema = z.object({
  name: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  codec: z.string(),
  /** Mean bits per second; null until it is complete. */
  bitrate: z.number().int().nullable(),
  /** Bytes; null until it is complete. */
  size: z.number().int().nullable(),
  /** True where it holds the source's own video, without a second encode. */
  copied: z.boolean().openapi({ description: "Holds the source's own frames, without a second encode." }),
});

export const videoSchema = z
  .object({
    id: z.string(),
    ownerId: z.string(),
    title: z.string(),
    filename: z.string(),
    size: z.number().int(),
    tags: tagsSchema,
    externalId: externalIdSchema.nullable(),
    visibility: visibilitySchema,
    publicDownload: z
      .boolean()
      .openapi({ description: "Whether visitors of a public video may download its MP4" }),
    origin: originSchema,
    import: importProgressSchema.nullable().openapi({ description: "Of a video with `origin` `import`" }),
    status: videoStatusSchema,
    progress: z.number().min(0).max(1),
    uploaded: z.number().min(0).max(1).openapi({
      description:
        "Share of the source that is stored, as far as it was looked for: below 1 until it is complete, 0 of a file that was refused before. A video may be processed and played meanwhile",
    }),
    queuePosition: z.number().int().min(1).nullable(),
    playable: z.boolean(),
    poster: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    duration: z.number().nullable(),
    width: z.number().int().nullable(),
    height: z.number().int().nullable(),
    renditions: z.array(renditionSchema),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
    /** Increases with every change: of two responses, the one with the larger number is newer. */
    seq: z
      .number()
      .int()
      .openapi({ description: "Rises with every change: of two answers the larger is the newer." }),
    revision: z.number().int().min(0).openapi({
      description:
        "Counts edits (texts, tags, chapters, visibility, poster, captions), never progress: what `If-Match` names.",
    }),
  })
  .openapi("Video");
export type Video = z.infer<typeof videoSchema>;

export const chunkStateSchema = z.object({
  index: z.number().int(),
  /** Seconds on the timeline. */
  from: z.number(),
  to: z.number(),
  state: z.enum(["waiting", "running", "done"]),
  uploaded: z.boolean().openapi({ description: "Whether the bytes that it is made of have arrived" }),
  worker: z.string().nullable(),
  progress: z.number().min(0).max(1),
});

export const processingSchema = z.object({
  chunks: z.array(chunkStateSchema),
  /** Seconds from the start that can be played now. */
  playableTo: z.number(),
  /** Times real time, the sum of all workers; null where not yet known. */
  speed: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** Failures so far of the work that is not done yet; above 0 it is being retried. */
  retries: z.number().int().min(0).openapi({
    description: "Failures so far of the work that is not done yet: above 0 it is being tried again",
  }),
});

export const audioTrackInfoSchema = z.object({
  name: z.string().openapi({ description: "As in the HLS list", example: "Japanese" }),
  codec: z.string().openapi({ description: "Of the source" }),
  channels: z.number().int().openapi({ description: "Of the source; what is played is stereo" }),
  language: z.string().nullable().openapi({ description: "BCP 47", example: "ja" }),
  default: z.boolean().openapi({ description: "Plays unless another is chosen, and is the MP4's" }),
  loudness: loudnessSchema,
});

export type AudioTrackInfo = z.infer<typeof audioTrackInfoSchema>;

/** A note with its sentence; `values` are what the sentence names. */
const noteSchema = z.object({
  code: z.string(),
  values: z.record(z.string(), z.string()),
  message: z.string(),
});

export const videoDetailSchema = videoSchema
  .extend({
    description: descriptionSchema,
    metadata: metadataSchema,
    chapters: chaptersSchema.openapi({ description: "Those of the source until somebody sets others" }),
    source: z
      .object({
        codec: z.string(),
        frameRate: z.number().openapi({
          description: "Of the file itself, in frames a second.",
        }),
        bitDepth: z.number().int(),
        audio: z.array(z.string()),
        audioTracks: z.array(audioTrackInfoSchema).openapi({
          description: "The tracks that can be played, in the order of the HLS list",
        }),
      })
      .nullable(),
    frameRate: z.number().nullable().openapi({
      description: "Of all renditions, in frames a second; null until it is planned",
    }),
    processing: processingSchema.nullable(),
    /** What each rendition cost and how close it is to the source; null until `completed`. */
    quality: z
      .object({
        renditions: z.array(z.object({ name: z.string(), ssim: z.number().nullable() })),
        cpuSeconds: z.number(),
        wallSeconds: z.number().openapi({
          description: "Added up over the tasks, which run side by side: not how long the video took",
        }),
      })
      .nullable(),
    /** Candidates, best first, and last the one that the owner made; empty until `completed`. */
    posters: z.array(z.object({ index: z.number().int(), url: z.string() })),
    /** The index of the candidate that `poster` shows. */
    posterIndex: z.number().int().min(0),
    posterChange: posterChangeSchema.nullable().openapi({
      description: "The poster that was asked for and is not made yet, or could not be made",
    }),
    captions: z.array(captionTrackSchema),
    views: z.number().int().min(0).openapi({ description: "Visits that played for at least 3 seconds" }),
    notes: z.array(noteSchema).openapi({
      description:
        "What was done with the source otherwise than its owner may expect, such as an audio track left out. More may come until `completed`; a retry begins anew",
    }),
    profile: profileRequestSchema,
  })
  .openapi("VideoDetail");
export type VideoDetail = z.infer<typeof videoDetailSchema>;

/** The same for whoever has uploaded it by a link: nothing of its owner. */
export const linkedVideoSchema = videoDetailSchema
  .omit({ ownerId: true, tags: true, externalId: true, metadata: true })
  .openapi("LinkedVideo");
export type LinkedVideo = z.infer<typeof linkedVideoSchema>;

/** A video as its owner sees it, or as its uploader by a link does. */
export const videoAnswerSchema = z.union([videoDetailSchema, linkedVideoSchema]);

export const videoPageSchema = z
  .object({ items: z.array(videoSchema), nextCursor: z.string().nullable() })
  .openapi("VideoPage");
export type VideoPage = z.infer<typeof videoPageSchema>;

export const ownerSchema = z.object({ id: z.string(), email: z.string() });
export const adminVideoSchema = videoSchema.extend({ owner: ownerSchema }).openapi("AdminVideo");
export type AdminVideo = z.infer<typeof adminVideoSchema>;
export const adminVideoPageSchema = z
  .object({ items: z.array(adminVideoSchema), nextCursor: z.string().nullable() })
  .openapi("AdminVideoPage");

export const updateRequestSchema = z
  .strictObject({
    title: titleSchema.optional(),
    ...writableFields,
    externalId: externalIdSchema.nullable().optional().openapi({ description: "null removes it" }),
    metadata: metadataChangeSchema.optional(),
    publicDownload: z.boolean().optional(),
    /** An index of `posters`. */
    posterIndex: z.number().int().min(0).max(99).optional(),
  })
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), "holds no change")
  .openapi("UpdateRequest", { minProperties: 1 });
export type UpdateRequest = z.infer<typeof updateRequestSchema>;

/** Seconds in which a deletion can be undone. */
export const MAX_UNDO_SECONDS = 3_600;
export const undoQuerySchema = z.object({
  undo: z.coerce.number().int().min(0).max(MAX_UNDO_SECONDS).optional().openapi({
    description: "Seconds in which `restore` brings it back",
    example: 10,
  }),
});
