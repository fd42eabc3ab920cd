/** Captions that an owner adds to a video: the text of a file in, a clean WebVTT track out. */
import { z } from "@hono/zod-openapi";
import { languageTag } from "../media/language.ts";
import { repairSchema } from "../webvtt/repairs.ts";

/** Max tracks of one video, including those found in its source. */
export const MAX_CAPTIONS = 20;

const languageTagSchema = z
  .string()
  .min(2)
  .max(35)
  .transform((text, context) => {
    const tag = languageTag(text);
    if (tag !== undefined) return tag;
    context.addIssue({ code: "custom", message: "must be a language tag such as en or pt-BR (BCP 47)" });
    return z.NEVER;
  })
  .openapi({ type: "string", minLength: 2, maxLength: 35, example: "pt-BR" });

export const captionsRequestSchema = z
  .strictObject({
    language: languageTagSchema,
    label: z.string().trim().min(1).max(60).openapi({ example: "Português" }),
    /** The file's text: SRT, WebVTT, ASS or SSA. */
    content: z.string().min(1).max(900_000),
  })
  .openapi("CaptionsRequest");
export type CaptionsRequest = z.infer<typeof captionsRequestSchema>;

/** `language` is null where a track of the source declares none. */
export const captionTrackSchema = z
  .object({ id: z.string(), language: z.string().nullable(), label: z.string() })
  .openapi("CaptionTrack");
export type CaptionTrack = z.infer<typeof captionTrackSchema>;

/** A track that was just added, and what was repaired in its file. */
export const addedCaptionsSchema = captionTrackSchema
  .extend({ mended: z.array(repairSchema) })
  .openapi("AddedCaptions");
export type AddedCaptions = z.infer<typeof addedCaptionsSchema>;
