/** The public API's route objects: the one place where paths, bodies and answers are declared. */
import { createRoute, z } from "@hono/zod-openapi";
import { addedCaptionsSchema, captionsRequestSchema } from "../captions.ts";
import { playbackSchema } from "../playback.ts";
import { statisticsSchema } from "../statistics.ts";
import {
  completeRequestSchema,
  partUrlsRequestSchema,
  partUrlsSchema,
  storedPartsSchema,
  ticketRequestSchema,
  ticketSchema,
} from "../upload.ts";
import {
  adminVideoPageSchema,
  listQuerySchema,
  updateRequestSchema,
  videoDetailSchema,
  videoPageSchema,
  videoSchema,
} from "../video.ts";
import { type Declared, SECURITY } from "./access.ts";
import { accountRoutes } from "./accounts.ts";
import { ADMIN, BODY, idParams, json, jsonBody, MAX_BODY, OWN, problems, SIGNED_IN } from "./shared.ts";

export const publicRoutes = {
  ...accountRoutes,

  createVideo: createRoute({
    method: "post",
    path: "/v1/videos",
    operationId: "createVideo",
    tags: ["Upload"],
    security: SECURITY.user,
    summary: "Get a ticket: a video and the first part URLs",
    request: { body: jsonBody(ticketRequestSchema, MAX_BODY.text) },
    responses: {
      201: json(ticketSchema, "PUT the parts to their URLs, then complete"),
      ...problems(
        ...BODY,
        ...SIGNED_IN,
        "upload.profile_not_allowed",
        "upload.quota_exceeded",
        "upload.too_many_open",
        // The account, or by an administrator the video, was deleted beside it.
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
    security: SECURITY.owner,
    summary: "Get URLs for further parts",
    request: { params: idParams, body: jsonBody(partUrlsRequestSchema, MAX_BODY.small) },
    responses: {
      200: json(partUrlsSchema, "URLs, each bound to its exact length"),
      ...problems(...BODY, ...OWN, "upload.part_out_of_range", "upload.expired", "video.wrong_status"),
    },
  }),
  storedParts: createRoute({
    method: "get",
    path: "/v1/videos/{id}/upload/parts",
    operationId: "storedParts",
    tags: ["Upload"],
    security: SECURITY.owner,
    summary: "What storage already has, for resuming",
    request: { params: idParams },
    responses: {
      200: json(storedPartsSchema, "Stored parts"),
      ...problems(...OWN, "upload.expired", "video.wrong_status", "storage.unavailable"),
    },
  }),
  completeUpload: createRoute({
    method: "post",
    path: "/v1/videos/{id}/complete",
    operationId: "completeUpload",
    tags: ["Upload"],
    security: SECURITY.owner,
    summary: "Complete the upload and queue the video",
    request: { params: idParams, body: jsonBody(completeRequestSchema, MAX_BODY.small) },
    responses: {
      200: json(videoSchema, "Queued (or already further)"),
      ...problems(
        ...BODY,
        ...OWN,
        "upload.parts_missing",
        "upload.size_mismatch",
        "upload.expired",
        "storage.unavailable",
      ),
    },
  }),
  abortUpload: createRoute({
    method: "delete",
    path: "/v1/videos/{id}/upload",
    operationId: "abortUpload",
    tags: ["Upload"],
    security: SECURITY.owner,
    summary: "Abort an unfinished upload",
    request: { params: idParams },
    responses: { 204: { description: "Parts and row are gone" }, ...problems(...OWN, "video.wrong_status") },
  }),

  listVideos: createRoute({
    method: "get",
    path: "/v1/videos",
    operationId: "listVideos",
    tags: ["Videos"],
    security: SECURITY.user,
    summary: "One's own videos, newest first",
    request: { query: listQuerySchema },
    responses: { 200: json(videoPageSchema, "A page"), ...problems("request.invalid", ...SIGNED_IN) },
  }),
  getVideo: createRoute({
    method: "get",
    path: "/v1/videos/{id}",
    operationId: "getVideo",
    tags: ["Videos"],
    security: SECURITY.owner,
    summary: "One video with its source and processing",
    request: { params: idParams },
    responses: { 200: json(videoDetailSchema, "The video"), ...problems(...OWN) },
  }),
  updateVideo: createRoute({
    method: "patch",
    path: "/v1/videos/{id}",
    operationId: "updateVideo",
    tags: ["Videos"],
    security: SECURITY.owner,
    summary: "Change the title, choose the poster",
    request: { params: idParams, body: jsonBody(updateRequestSchema, MAX_BODY.text) },
    responses: { 200: json(videoSchema, "The video"), ...problems(...BODY, ...OWN) },
  }),
  deleteVideo: createRoute({
    method: "delete",
    path: "/v1/videos/{id}",
    operationId: "deleteVideo",
    tags: ["Videos"],
    security: SECURITY.owner,
    summary: "Delete the video, its objects and its queued work",
    request: { params: idParams },
    responses: { 204: { description: "Gone" }, ...problems(...OWN) },
  }),
  retryVideo: createRoute({
    method: "post",
    path: "/v1/videos/{id}/retry",
    operationId: "retryVideo",
    tags: ["Videos"],
    security: SECURITY.owner,
    summary: "Process a failed video again",
    request: { params: idParams },
    responses: { 202: json(videoSchema, "Queued again"), ...problems(...OWN, "video.wrong_status") },
  }),
  playback: createRoute({
    method: "get",
    path: "/v1/videos/{id}/playback",
    operationId: "playback",
    tags: ["Videos"],
    security: SECURITY.owner,
    summary: "Signed addresses for playing",
    request: { params: idParams },
    responses: {
      200: json(playbackSchema, "Addresses that work until `expiresAt`"),
      ...problems(...OWN, "video.not_playable"),
    },
  }),
  statistics: createRoute({
    method: "get",
    path: "/v1/videos/{id}/statistics",
    operationId: "statistics",
    tags: ["Videos"],
    security: SECURITY.owner,
    summary: "Quality, bitrates and cost of a completed video",
    request: { params: idParams },
    responses: {
      200: json(statisticsSchema, "Per rendition, per stage, and along the timeline"),
      ...problems(...OWN, "video.wrong_status"),
    },
  }),
  addCaptions: createRoute({
    method: "post",
    path: "/v1/videos/{id}/captions",
    operationId: "addCaptions",
    tags: ["Captions"],
    security: SECURITY.owner,
    summary: "Add captions from the text of an SRT, WebVTT, ASS or SSA file",
    request: { params: idParams, body: jsonBody(captionsRequestSchema, MAX_BODY.captions) },
    responses: {
      201: json(
        addedCaptionsSchema,
        "The track, and what was mended; playback and the HLS list show it from now on",
      ),
      ...problems(
        ...BODY,
        ...OWN,
        "captions.invalid",
        "captions.too_many",
        "captions.too_often",
        "video.wrong_status",
        "upload.quota_exceeded",
        "storage.unavailable",
      ),
    },
  }),
  deleteCaptions: createRoute({
    method: "delete",
    path: "/v1/videos/{id}/captions/{captionId}",
    operationId: "deleteCaptions",
    tags: ["Captions"],
    security: SECURITY.owner,
    summary: "Delete captions, added or found in the source",
    request: { params: idParams.extend({ captionId: z.string() }) },
    responses: { 204: { description: "Gone" }, ...problems(...OWN, "captions.not_found") },
  }),
  events: createRoute({
    method: "get",
    path: "/v1/events",
    operationId: "events",
    tags: ["Videos"],
    security: SECURITY.user,
    summary: "Live changes as server-sent events",
    request: { headers: z.object({ "last-event-id": z.string().max(100).optional() }) },
    responses: {
      200: {
        description: "`video.updated` and `video.deleted`; ends after at most 5 minutes",
        content: { "text/event-stream": { schema: z.string() } },
      },
      ...problems("request.invalid", ...SIGNED_IN),
    },
  }),

  adminVideos: createRoute({
    method: "get",
    path: "/v1/admin/videos",
    operationId: "adminVideos",
    tags: ["Administration"],
    security: SECURITY.admin,
    summary: "Everybody's videos",
    request: { query: listQuerySchema },
    responses: {
      200: json(adminVideoPageSchema, "A page"),
      ...problems("request.invalid", ...ADMIN),
    },
  }),
} as const satisfies Record<string, Declared>;
