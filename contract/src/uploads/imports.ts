/**
 * Imports: a video whose source is fetched from a URL, and what the API and the importer say to each other
 * about it. Sizes in bytes.
 */
import { z } from "@hono/zod-openapi";
import { ticketRequestSchema } from "./upload.ts";

/** Hours from the request, or from a retry, until an import that is not complete fails. */
export const IMPORT_HOURS = 24;
export const MAX_IMPORT_REDIRECTS = 5;
/** Seconds without a report after which another importer may take an import over. */
export const IMPORT_LEASE_SECONDS = 30;
/** Part URLs in one answer to the importer. */
const MAX_PARTS_ASKED = 4;

const { filename, size: _size, contentType: _contentType, ...fields } = ticketRequestSchema.shape;

export const importRequestSchema = z
  .strictObject({
    /** Of any protocol: what is not fetched is refused with a code of its own. */
    url: z.url().max(4_000).openapi({
      description:
        "An http or https URL. Its query and its user part may hold secrets: they are kept encrypted and never shown",
      example: "https://media.example.org/films/lake.mp4?token=s3cr3t",
    }),
    filename: filename.optional().openapi({ description: "Left out: taken from the URL" }),
    ...fields,
  })
  .openapi("ImportRequest");
export type ImportRequest = z.infer<typeof importRequestSchema>;

/** What tells whether an address still answers with the same file (RFC 9110, section 8.8). */
export const validatorSchema = z.object({
  /** A strong one. */
  etag: z.string().max(1_000).nullable(),
  lastModified: z.string().max(100).nullable(),
});
export type Validator = z.infer<typeof validatorSchema>;

const sizeSchema = z.number().int().min(0);
const leaseSchema = z.string().min(1).max(64);

export const claimedImportSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("none") }),
  z.object({
    outcome: z.literal("leased"),
    videoId: z.string(),
    lease: z.string(),
    url: z.string(),
    /** What was fetched before; null where nothing was, or nothing can be used. */
    before: z
      .object({
        /** Null while the address has not said it. */
        size: sizeSchema.nullable(),
        partSize: sizeSchema,
        validator: validatorSchema,
        /** Numbers of the parts that are stored. */
        stored: z.array(z.number().int()),
      })
      .nullable(),
  }),
]);
export type ClaimedImport = Extract<z.infer<typeof claimedImportSchema>, { outcome: "leased" }>;

/** The address answered, and everything is fetched from its first byte on. */
export const beginImportSchema = z.object({
  lease: leaseSchema,
  size: sizeSchema.nullable(),
  validator: validatorSchema.nullable(),
});
/** `gone`: deleted, failed, or taken over. Stop. */
export const begunImportSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("gone") }),
  z.object({ outcome: z.literal("held"), partSize: sizeSchema }),
]);

export const advanceImportSchema = z.object({
  lease: leaseSchema,
  /** Bytes that have come, those of the part that is not stored yet included. */
  received: sizeSchema,
  /** The whole, once it is known, where the address did not say it. */
  size: sizeSchema.optional(),
  /** Parts that will be sent now. */
  parts: z.array(z.number().int().min(1).max(10_000)).max(MAX_PARTS_ASKED).default([]),
  /** A part was stored since the last call. */
  stored: z.boolean().default(false),
});
export type AdvanceImport = z.input<typeof advanceImportSchema>;
export const advancedImportSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("gone") }),
  z.object({
    outcome: z.literal("held"),
    parts: z.array(z.object({ partNumber: z.number().int(), url: z.string() })),
    /** Parts that help most, in this order. */
    wanted: z.array(z.number().int()),
  }),
]);

export const completeImportSchema = z.object({ lease: leaseSchema });
/** `missing`: these parts are not stored after all. */
export const completedImportSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("gone") }),
  z.object({ outcome: z.literal("done") }),
  z.object({ outcome: z.literal("missing"), parts: z.array(z.number().int()) }),
]);

export const IMPORT_FAILURES = [
  "import.refused",
  "import.unreachable",
  "import.not_found",
  "import.too_large",
  "import.interrupted",
] as const;
export type ImportFailureCode = (typeof IMPORT_FAILURES)[number];

export const endImportSchema = z.discriminatedUnion("why", [
  /** Another importer, or this one later, goes on. Not counted. */
  z.object({
    why: z.literal("handedBack"),
    lease: leaseSchema,
    afterSeconds: z.number().int().min(0).max(600),
  }),
  /** `retryable`: tried again while that may help. */
  z.object({
    why: z.literal("failed"),
    lease: leaseSchema,
    code: z.enum(IMPORT_FAILURES),
    retryable: z.boolean(),
  }),
]);
export type EndImport = z.infer<typeof endImportSchema>;
