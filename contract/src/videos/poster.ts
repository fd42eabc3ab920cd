/** The poster that an owner chooses for a completed video: a frame of it, or an image of their own. */
import { z } from "@hono/zod-openapi";
import { MAX } from "../bounds.ts";

/** Bytes of an uploaded image. */
export const MAX_POSTER_BYTES = 5_000_000;
export const POSTER_IMAGE_TYPES = ["image/jpeg", "image/png"] as const;

export const posterRequestSchema = z
  .union([
    z.strictObject({
      at: z
        .number()
        .min(0)
        .max(MAX.seconds)
        .openapi({ description: "Seconds on the timeline", example: 12.5 }),
    }),
    z.strictObject({
      size: z.number().int().min(1).max(MAX_POSTER_BYTES).openapi({ description: "Bytes of the image" }),
      contentType: z.enum(POSTER_IMAGE_TYPES),
    }),
  ])
  .openapi("PosterRequest");
export type PosterRequest = z.infer<typeof posterRequestSchema>;

export const posterUploadSchema = z
  .object({
    url: z.string().openapi({
      description:
        "PUT the image here: exactly as many bytes as declared. The poster is made as soon as it is stored",
    }),
    expiresAt: z.iso.datetime(),
  })
  .openapi("PosterUpload");
export type PosterUpload = z.infer<typeof posterUploadSchema>;

/** Where the last request for a poster stands; null in a video whose poster is as it was asked. */
export const posterChangeSchema = z
  .object({
    state: z.enum(["uploading", "making", "failed"]),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .openapi("PosterChange");
export type PosterChange = z.infer<typeof posterChangeSchema>;
