/** The upload: a ticket, parts sent directly to the object store, completion. Sizes in bytes. */
import { z } from "@hono/zod-openapi";
import { mayBeVideo } from "./formats/content-type.ts";
import { profileRequestSchema } from "./profile.ts";
import { videoDetailSchema } from "./video.ts";
import { titleSchema, writableFields } from "./video-fields.ts";

const MIB = 1024 * 1024;
/** Max part URLs in one response. */
export const PARTS_PER_ANSWER = 20;
/** An unfinished ticket expires after this many hours. */
export const TICKET_HOURS = 24;

/**
 * The part size of a new ticket: max(16 MiB, size / 9,000 rounded up to a MiB). A ticket keeps its part size;
 * a client that resumes the upload reads it from there.
 */
export function partSizeFor(size: number): number {
  return Math.max(16 * MIB, Math.ceil(size / 9_000 / MIB) * MIB);
}
/** Max parts of a source whose parts are objects; smaller parts can be used earlier. */
const MAX_PART_OBJECTS = 1_000;

/**
 * The part size of a new ticket whose parts are objects: max(8 MiB, size / 1,000 rounded up to a MiB). An
 * object is put together from parts of at least 5 MiB, the last excepted (S3).
 */
export function partObjectSizeFor(size: number): number {
  return Math.max(8 * MIB, Math.ceil(size / MAX_PART_OBJECTS / MIB) * MIB);
}
/**
 * A source of `size` bytes in parts of `partSize`: all have the same size except the last (R2 requires that).
 */
export type Parting = { size: number; partSize: number };
export const partCountOf = ({ size, partSize }: Parting) => Math.ceil(size / partSize);
/** Exact bytes of part `number` (1-based). */
export function partLength({ size, partSize }: Parting, number: number): number {
  return Math.min(partSize, size - (number - 1) * partSize);
}

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
