/** Uploads: the ticket, its parts, and how it ends. */
import { createRoute } from "@hono/zod-openapi";
import { BY_IDEMPOTENCY_KEY, IDEMPOTENT } from "../idempotency.ts";
import {
  completeRequestSchema,
  foundPartsSchema,
  partUrlsRequestSchema,
  partUrlsSchema,
  storedPartsSchema,
  storedRequestSchema,
  ticketAnswerSchema,
  ticketRequestSchema,
} from "../uploads/upload.ts";
import { videoAnswerSchema } from "../videos/video.ts";
import {
  ACTS_ON_NOTHING,
  audits,
  type Declared,
  orByKey,
  orByUploadLink,
  orByVideoToken,
  SECURITY,
} from "./access.ts";
import { BODY, BY_KEY, BY_VIDEO_TOKEN, idParams, json, jsonBody, MAX_BODY, problems } from "./shared.ts";

export const uploadsRoutes = {
  createVideo: createRoute({
    method: "post",
    path: "/v1/videos",
    operationId: "createVideo",
    tags: ["Upload"],
    security: orByUploadLink(orByKey(SECURITY.user, "videos:write")),
    summary: "Get a ticket: a video and the first part URLs",
    description:
      "By an upload link, the body holds only `filename`, `size`, `contentType` and `title`, everything else is the link's; the answer adds `token`, the bearer for the rest of this upload and for watching its video.",
    ...BY_IDEMPOTENCY_KEY,
    request: { body: jsonBody(ticketRequestSchema, MAX_BODY.fields, MAX_BODY.text) },
    responses: {
      201: json(ticketAnswerSchema, "PUT the parts to their URLs, then complete"),
      ...problems(
        ...BODY,
        ...BY_KEY,
        ...IDEMPOTENT,
        "upload.profile_not_allowed",
        "sharing.not_allowed",
        "upload_link.used_up",
        "upload_link.expired",
        "video.external_id_taken",
        "upload.quota_exceeded",
        "upload.too_many_open",
        "upload.too_often",
        // The account, or by an administrator the video, was deleted at the same time.
        "video.not_found",
        "storage.unavailable",
      ),
    },
  }),
  partUrls: createRoute({
    method: "post",
    path: "/v1/videos/{id}/upload/parts",
    operationId: "partUrls",
    tags: ["Upload"],
    security: orByVideoToken(orByKey(SECURITY.owner, "videos:write")),
    ...ACTS_ON_NOTHING,
    summary: "Get URLs for further parts",
    description:
      "Each takes exactly its part's length, for an hour at most. Ask again for one that has ended.",
    request: { params: idParams, body: jsonBody(partUrlsRequestSchema, MAX_BODY.small) },
    responses: {
      200: json(partUrlsSchema, "URLs, each bound to its exact length"),
      ...problems(
        ...BODY,
        ...BY_VIDEO_TOKEN,
        "upload.part_out_of_range",
        "upload.expired",
        "video.wrong_status",
        "upload_link.no_parts",
      ),
    },
  }),
  storedParts: createRoute({
    method: "get",
    path: "/v1/videos/{id}/upload/parts",
    operationId: "storedParts",
    tags: ["Upload"],
    security: orByVideoToken(orByKey(SECURITY.owner, "videos:write")),
    summary: "What storage already has, for resuming",
    description:
      "Storage itself is asked: what is listed need not be sent again, also by another process on another day.",
    request: { params: idParams },
    responses: {
      200: json(storedPartsSchema, "Stored parts"),
      ...problems(
        ...BY_VIDEO_TOKEN,
        "upload.expired",
        "video.wrong_status",
        "upload_link.no_parts",
        "storage.unavailable",
      ),
    },
  }),
  partsStored: createRoute({
    method: "post",
    path: "/v1/videos/{id}/upload/stored",
    operationId: "partsStored",
    tags: ["Upload"],
    security: orByVideoToken(orByKey(SECURITY.owner, "videos:write")),
    ...ACTS_ON_NOTHING,
    summary: "Say that parts are stored, and learn which to send next",
    description:
      "Optional: an upload whose client never calls it completes just the same. Storage is asked at most once a second for a video; a call in between finds nothing.",
    request: { params: idParams, body: jsonBody(storedRequestSchema, MAX_BODY.small) },
    responses: {
      200: json(foundPartsSchema, "Parts found now, and parts to send next"),
      ...problems(
        ...BODY,
        ...BY_VIDEO_TOKEN,
        "upload.expired",
        "video.wrong_status",
        "upload_link.no_parts",
        "storage.unavailable",
      ),
    },
  }),
  completeUpload: createRoute({
    method: "post",
    path: "/v1/videos/{id}/complete",
    operationId: "completeUpload",
    tags: ["Upload"],
    security: orByVideoToken(orByKey(SECURITY.owner, "videos:write")),
    ...audits("upload.completed"),
    summary: "Complete the upload and queue the video",
    description:
      "The object store is asked which parts are there; those that are missing are named. Sent again after it has succeeded, it answers the video as it is.",
    request: { params: idParams, body: jsonBody(completeRequestSchema, MAX_BODY.small) },
    responses: {
      200: json(videoAnswerSchema, "Queued (or already further)"),
      ...problems(
        ...BODY,
        ...BY_VIDEO_TOKEN,
        "upload.parts_missing",
        "upload.size_mismatch",
        "upload.expired",
        "upload_link.no_parts",
        "storage.unavailable",
      ),
    },
  }),
  abortUpload: createRoute({
    method: "delete",
    path: "/v1/videos/{id}/upload",
    operationId: "abortUpload",
    tags: ["Upload"],
    security: orByVideoToken(orByKey(SECURITY.owner, "videos:write")),
    ...audits("upload.aborted"),
    summary: "Abort an unfinished upload",
    description:
      "What was sent is removed. Once the upload has ended it is refused: delete the video instead.",
    request: { params: idParams },
    responses: {
      204: { description: "Parts and row are gone" },
      ...problems(...BY_VIDEO_TOKEN, "video.wrong_status"),
    },
  }),
} as const satisfies Record<string, Declared>;
