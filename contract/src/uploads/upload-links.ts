/** Upload links: others upload to an account without having one, within the limits of the link. Sizes in bytes. */
import { z } from "@hono/zod-openapi";
import { forgotten } from "../sharing.ts";
import { profileRequestSchema } from "../videos/profile.ts";
import { externalIdSchema, metadataSchema, tagsSchema, titleSchema } from "../videos/video-fields.ts";
import { ticketRequestSchema } from "./upload.ts";

/** Secret scanners know them by it: the link's own token, and the token of one video that was made by a link. */
export const UPLOAD_LINK_PREFIX = "sxu_";
export const UPLOADED_VIDEO_PREFIX = "sxv_";

/** Links of an account that have not ended, and unfinished uploads of one link. */
export const MAX_UPLOAD_LINKS = 1_000;
export const MAX_OPEN_OF_LINK = 5;
/** Hours that the token of one video outlives its ticket: its uploader watches it. */
export const WATCH_HOURS = 24;
/** Days that a link is listed after its end. */
export const ENDED_LINK_DAYS = 30;

const DAY_SECONDS = 86_400;

export const uploadLinkRequestSchema = z
  .strictObject({
    expiresIn: z
      .number()
      .int()
      .min(60)
      .max(7 * DAY_SECONDS)
      .default(DAY_SECONDS)
      .openapi({ description: "Seconds from now", example: DAY_SECONDS }),
    maxUploads: z.number().int().min(1).max(1_000).default(1),
    maxBytes: z
      .number()
      .int()
      .positive()
      .max(2 ** 53 - 1)
      .optional()
      .openapi({
        description: "Of each upload; left out: what the account may upload",
        example: 2_000_000_000,
      }),
    title: titleSchema.optional().openapi({ description: "Of the videos; left out: what the uploader says" }),
    tags: tagsSchema.optional(),
    externalId: externalIdSchema.optional().openapi({ description: "Only with `maxUploads` 1" }),
    metadata: metadataSchema.optional(),
    profile: profileRequestSchema.optional(),
  })
  .refine(({ externalId, maxUploads }) => externalId === undefined || maxUploads === 1, {
    path: ["externalId"],
    message: "names one video: maxUploads must be 1",
  })
  .openapi("UploadLinkRequest");
export type UploadLinkRequest = z.infer<typeof uploadLinkRequestSchema>;

const uploadLinkShape = {
  id: z.string(),
  url: z.string().openapi({ description: "The page to send to somebody" }),
  token: z.string().openapi({ description: "The bearer by which a program uploads", example: "sxu_…" }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  maxUploads: z.number().int(),
  used: z.number().int().openapi({ description: "Uploads that were neither aborted nor expired" }),
  maxBytes: z.number().int().nullable(),
  title: z.string().nullable(),
  tags: tagsSchema,
  externalId: externalIdSchema.nullable(),
  metadata: metadataSchema,
  profile: profileRequestSchema.nullable(),
};
export const uploadLinkSchema = z.object(uploadLinkShape).openapi("UploadLink");
export type UploadLink = z.infer<typeof uploadLinkSchema>;

export const listedUploadLinkSchema = z
  .object({
    ...uploadLinkShape,
    url: z.string().nullable().openapi(forgotten),
    token: z.string().nullable().openapi(forgotten),
  })
  .openapi("ListedUploadLink");
export type ListedUploadLink = z.infer<typeof listedUploadLinkSchema>;
export const uploadLinkPageSchema = z
  .object({ items: z.array(listedUploadLinkSchema), nextCursor: z.string().nullable() })
  .openapi("UploadLinkPage");
export type UploadLinkPage = z.infer<typeof uploadLinkPageSchema>;

/** `busy`: as many uploads as are possible at a time are on their way. */
export const UPLOAD_LINK_STATES = ["open", "busy", "used_up", "expired", "revoked"] as const;
export type UploadLinkState = (typeof UPLOAD_LINK_STATES)[number];

/** What the link's page shows to whoever has it. */
export const shownUploadLinkSchema = z
  .object({
    state: z.enum(UPLOAD_LINK_STATES),
    expiresAt: z.iso.datetime(),
    uploadsLeft: z.number().int().min(0),
    maxBytes: z.number().int().openapi({ description: "Of each upload" }),
    title: z.string().nullable().openapi({ description: "Of the videos, where the link says it" }),
  })
  .openapi("ShownUploadLink");
export type ShownUploadLink = z.infer<typeof shownUploadLinkSchema>;

/** All that an upload by a link may say of its video: the rest is the link's. */
const { filename, size, contentType, title } = ticketRequestSchema.shape;
export const linkedTicketRequestSchema = z.strictObject({ filename, size, contentType, title });
