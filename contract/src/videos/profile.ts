/**
 * Profiles: how a video is encoded, chosen by its owner within what the administrator allows. Rungs and CRF
 * belong to the ladder.
 */
import { z } from "@hono/zod-openapi";

export const presetSchema = z.enum(["veryfast", "medium"]);
export const qualitySchema = z.enum(["fast", "fine"]);
export type Quality = z.infer<typeof qualitySchema>;

/** What a chosen quality means for the encoder (x264's preset). */
export const QUALITIES: Readonly<Record<Quality, { preset: z.infer<typeof presetSchema> }>> = {
  fast: { preset: "veryfast" },
  fine: { preset: "medium" },
};

/** What an administrator may allow: qualities, and AV1 beside H.264. */
export const profileChoiceSchema = z.enum([...qualitySchema.options, "av1"]);
export type ProfileChoice = z.infer<typeof profileChoiceSchema>;

/** As a ticket requests it and a video shows it. */
export const profileRequestSchema = z.strictObject({
  quality: qualitySchema,
  av1: z.boolean().default(false),
});

export type ProfileRequest = z.infer<typeof profileRequestSchema>;

/** As it is stored with a video and passed to `plan`. */
export const profileSchema = z.object({
  preset: presetSchema,
  av1: z.boolean(),
  /** False once a copy of the source's video has proved unfit: every rung is encoded from then on. */
  copy: z.boolean().optional(),
});
export type Profile = z.infer<typeof profileSchema>;

/** The quality that a stored profile was made from. */
export function qualityOf({ preset }: Profile): Quality {
  const found = qualitySchema.options.find((quality) => QUALITIES[quality].preset === preset);
  return found ?? "fast";
}
