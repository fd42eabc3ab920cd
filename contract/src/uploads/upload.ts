/** The upload: a ticket, parts sent directly to the object store, completion. Sizes in bytes. */
import { z } from "@hono/zod-openapi";
import { mayBeVideo } from "../formats/content-type.ts";
import { profileRequestSchema } from "../videos/profile.ts";
import { linkedVideoSchema, videoDetailSchema } from "../videos/video.ts";
import { externalIdSchema, metadataSchema, titleSchema, writableFields } from "../videos/video-fields.ts";
import { PARTS_PER_ANSWER } from "./upload-parts.ts";

/** An unfinished ticket expires after this many hours. */
export const TICKET_HOURS = 24;

export const ticketRequestSchema = z
  .strictObject({
    filename: z.string().min(1).max(10_000),
    size: z.number().int().positive("must be more than 0: an empty file holds no video"),
    /** A hint that is not stored: the bytes decide. */
    contentType: z
      .string()
      .max(1000)
      .refine(mayBeVideo, "names another kind of file than a video")
      .openapi({ description: "A hint, e.g. `video/mp4`; parameters are fine. The bytes decide." })
      .optional(),
    title: titleSchema.optional(),
    ...writableFields,
    externalId: externalIdSchema.optional(),
    metadata: metadataSchema.optional(),
    /** Absent: the first quality that the administrator allows, without AV1. */
    profile: profileRequestSchema.optional(),
  })
  .openapi("TicketRequest");
export type TicketRequest = z.infer<typeof ticketRequestSchema>;

export const partUrlSchema = z.object({
  partNumber: z.number().int().min(1),
  url: z.url(),
  expiresAt: z.iso.datetime(),
});
export const ticketSchema = z
  .object({
    video: videoDetailSchema,
    upload: z.object({
      partSize: z.number().int(),
      partCount: z.number().int(),
      expiresAt: z.iso.datetime(),
      parts: z.array(partUrlSchema),
    }),
  })
  .openapi("Ticket");
export type Ticket = z.infer<typeof ticketSchema>;
/** The same by an upload link. */
export const linkedTicketSchema = z
  .object({
    video: linkedVideoSchema,
    upload: ticketSchema.shape.upload,
    token: z.string().openapi({
      description: "The bearer for the rest of this upload, and for watching its video",
      example: "sxv_…",
    }),
  })
  .openapi("LinkedTicket");
export type LinkedTicket = z.infer<typeof linkedTicketSchema>;
/** A ticket of one's own, or by an upload link. */
export const ticketAnswerSchema = z.union([ticketSchema, linkedTicketSchema]);

export const partUrlsRequestSchema = z
  .strictObject({ partNumbers: z.array(z.number().int().min(1).max(10_000)).min(1).max(PARTS_PER_ANSWER) })
  .openapi("PartUrlsRequest");
export const partUrlsSchema = z.object({ parts: z.array(partUrlSchema) }).openapi("PartUrls");
export const storedPartSchema = z.object({
  partNumber: z.number().int(),
  size: z.number().int(),
  etag: z.string(),
});
export const storedPartsSchema = z
  .object({
    /** The part size of this ticket, whatever new ones get. */
    partSize: z
      .number()
      .int()
      .openapi({ description: "Of this ticket: all parts but the last are so long." }),
    partCount: z.number().int(),
    parts: z.array(storedPartSchema),
  })
  .openapi("StoredParts");

export const storedRequestSchema = z.object({}).openapi("StoredRequest");
/** What the server has found since it was last asked, and what helps it most. */
export const foundPartsSchema = z
  .object({
    parts: z.array(storedPartSchema).openapi({ description: "Found now, and not before." }),
    wanted: z.array(z.number().int()).openapi({ description: "Parts to send next, in this order." }),
  })
  .openapi("FoundParts");
export type FoundParts = z.infer<typeof foundPartsSchema>;
/**
 * `complete` takes an empty object; a client's own list of parts is ignored on purpose: the server asks the
 * object store.
 */
export const completeRequestSchema = z.object({}).openapi("CompleteRequest");
