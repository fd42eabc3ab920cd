/** The fields of a video that its owner writes: texts, tags, chapters, and who may watch it. */
import { z } from "@hono/zod-openapi";

export const titleSchema = z.string().trim().min(1).max(300);

/** Characters of a description, tags of a video, characters of a tag, chapters of a video. */
export const MAX_DESCRIPTION = 5_000;
export const MAX_TAGS = 20;
export const MAX_TAG = 50;
export const MAX_CHAPTERS = 200;

export const descriptionSchema = z
  .string()
  .max(MAX_DESCRIPTION)
  .openapi({ description: "Plain text of several lines", example: "Filmed at the lake.\n0:00 Arrival" });

export const tagSchema = z.string().trim().min(1).max(MAX_TAG).openapi({ example: "holiday" });
export const tagsSchema = z
  .array(tagSchema)
  .max(MAX_TAGS)
  .openapi({ description: "In the given order; one given twice counts once", example: ["holiday", "2026"] });

export const VISIBILITIES = ["private", "public"] as const;
export const visibilitySchema = z.enum(VISIBILITIES).openapi({
  description: "`public`: anybody may watch it by its address",
  example: "private",
});
export type Visibility = z.infer<typeof visibilitySchema>;

/** How the source came here. */
export const ORIGINS = ["upload", "import", "link"] as const;
export const originSchema = z.enum(ORIGINS);
export type Origin = z.infer<typeof originSchema>;

/** How much of an import has come, in bytes. */
export const importProgressSchema = z.object({
  received: z.number().int().min(0),
  size: z.number().int().min(0).nullable().openapi({ description: "null until the address has said it" }),
});

export const chapterSchema = z
  .object({
    start: z.number().min(0).max(90_000).openapi({ description: "Seconds", example: 0 }),
    title: titleSchema.openapi({ example: "Arrival" }),
  })
  .openapi("Chapter");
export type Chapter = z.infer<typeof chapterSchema>;
export const chaptersSchema = z.array(chapterSchema).max(MAX_CHAPTERS);

/** What a request may hold: in order of time, no two chapters at the same time. */
export const newChaptersSchema = z
  .array(z.strictObject(chapterSchema.shape))
  .max(MAX_CHAPTERS)
  .refine(
    (chapters) => chapters.every(({ start }, at) => start > (chapters[at - 1]?.start ?? -1)),
    "must be in order of time, each at its own time",
  )
  .openapi({
    example: [
      { start: 0, title: "Arrival" },
      { start: 62.5, title: "The lake" },
    ],
  });

/** Characters of an external id; metadata: pairs of a video, characters of a key and of a value. */
export const MAX_EXTERNAL_ID = 200;
export const MAX_METADATA = 50;
export const MAX_METADATA_KEY = 40;
export const MAX_METADATA_VALUE = 500;

const isPlain = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text);

export const externalIdSchema = z
  .string()
  .min(1)
  .max(MAX_EXTERNAL_ID)
  .refine(isPlain, "holds control characters")
  .openapi({ description: "The integrator's own id, unique within the account", example: "order-1207" });

const metadataKeySchema = z.string().min(1).max(MAX_METADATA_KEY).refine(isPlain, "holds control characters");
const metadataValueSchema = z
  .string()
  .max(MAX_METADATA_VALUE)
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "holds what no text can hold");

const example = { customer: "1207", room: "B" };

/**
 * Refuses more than `max` pairs before any of them is checked: a large body has tens of thousands, each with an error
 * of its own.
 */
const counted = <S extends z.ZodType>(max: number, pairs: S) =>
  z.preprocess((value, context) => {
    if (typeof value !== "object" || value === null || Object.keys(value).length <= max) return value;
    context.addIssue({ code: "custom", message: `must be at most ${MAX_METADATA} pairs` });
    return z.NEVER;
  }, pairs);

/** The integrator's own pairs. Nobody but the account sees them. */
export const metadataSchema = counted(MAX_METADATA, z.record(metadataKeySchema, metadataValueSchema)).openapi(
  { description: "Pairs of strings", example },
);
export type Metadata = z.infer<typeof metadataSchema>;

/** What a change may hold: merged into the pairs there are. */
export const metadataChangeSchema = counted(
  2 * MAX_METADATA,
  z.record(metadataKeySchema, metadataValueSchema.nullable()),
).openapi({ description: "Merged into the pairs there are; null removes one", example });

/** What ticket and `PATCH` have in common besides the title. */
export const writableFields = {
  description: descriptionSchema.optional(),
  tags: tagsSchema.optional(),
  visibility: visibilitySchema.optional(),
  chapters: newChaptersSchema.optional(),
};
