/** Upload links: making, listing and revoking them, and what their page shows. */
import { createRoute, z } from "@hono/zod-openapi";
import { BY_IDEMPOTENCY_KEY, IDEMPOTENT } from "../idempotency.ts";
import {
  shownUploadLinkSchema,
  uploadLinkPageSchema,
  uploadLinkRequestSchema,
  uploadLinkSchema,
} from "../uploads/upload-links.ts";
import { pageQuerySchema } from "../videos/video-lists.ts";
import { audits, type Declared, orByKey, SECURITY } from "./access.ts";
import { BODY, BY_KEY, idParams, json, jsonBody, MAX_BODY, problems } from "./shared.ts";

const shared = { tags: ["Upload links"], security: orByKey(SECURITY.user, "videos:write") };

export const uploadLinkRoutes = {
  createUploadLink: createRoute({
    ...shared,
    method: "post",
    path: "/v1/upload-links",
    operationId: "createUploadLink",
    ...audits("upload_link.created"),
    ...BY_IDEMPOTENCY_KEY,
    summary: "Make a link by which others upload to this account, without having one",
    description:
      "Its token uploads as often, and as much, as the link allows; what it uploads belongs to this account and counts in its quota.",
    request: { body: jsonBody(uploadLinkRequestSchema, MAX_BODY.fields) },
    responses: {
      201: json(uploadLinkSchema, "The link, its page and its token"),
      ...problems(
        ...BODY,
        ...BY_KEY,
        ...IDEMPOTENT,
        "sharing.not_allowed",
        "upload_link.too_many",
        "upload_link.not_found",
        "upload.profile_not_allowed",
        "video.external_id_taken",
      ),
    },
  }),
  listUploadLinks: createRoute({
    ...shared,
    method: "get",
    path: "/v1/upload-links",
    operationId: "listUploadLinks",
    summary: "The links that were not revoked, newest first, for 30 days after their end",
    description: "With how often each was used, and when it ends.",
    request: { query: pageQuerySchema.pick({ limit: true, cursor: true }) },
    responses: { 200: json(uploadLinkPageSchema, "A page"), ...problems("request.invalid", ...BY_KEY) },
  }),
  deleteUploadLink: createRoute({
    ...shared,
    method: "delete",
    path: "/v1/upload-links/{id}",
    operationId: "deleteUploadLink",
    ...audits("upload_link.deleted"),
    summary: "Revoke a link: nothing is begun by it, and nobody who uploaded by it goes on or watches",
    description: "What is uploaded stays. What is not complete ends with its ticket, or with its deletion.",
    request: { params: idParams },
    responses: { 204: { description: "Revoked" }, ...problems(...BY_KEY, "upload_link.not_found") },
  }),
  readUploadLink: createRoute({
    method: "get",
    path: "/v1/linked/{token}",
    operationId: "readUploadLink",
    tags: ["Upload links"],
    security: SECURITY.anybody,
    summary: "What the page of an upload link shows: whether it takes an upload, and of what size",
    description: "For whoever has the link; it asks for no other credential.",
    request: { params: z.object({ token: z.string() }) },
    responses: {
      200: json(shownUploadLinkSchema, "The link"),
      ...problems("upload_link.not_found", "sharing.not_allowed"),
    },
  }),
} as const satisfies Record<string, Declared>;
