/** The public API's route objects: the one place where paths, bodies and answers are declared. */
import { createRoute, z } from "@hono/zod-openapi";
import {
  adminUserSchema,
  loginRequestSchema,
  meSchema,
  registerRequestSchema,
  sessionSchema,
  setupRequestSchema,
  tokenSchema,
} from "../account.ts";
import { playbackSchema } from "../playback.ts";
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
  renameRequestSchema,
  videoDetailSchema,
  videoPageSchema,
  videoSchema,
} from "../video.ts";
import { bearer, idParams, json, jsonBody, problems } from "./shared.ts";

const BODY = [
  "request.malformed",
  "request.invalid",
  "request.too_large",
  "request.unsupported_type",
] as const;
const SIGNED_IN = ["auth.required", "auth.token_invalid"] as const;
const OWN = [...SIGNED_IN, "video.not_found"] as const;

export const publicRoutes = {
  register: createRoute({
    method: "post",
    path: "/v1/auth/register",
    operationId: "register",
    tags: ["Accounts"],
    security: [],
    summary: "Make an account and sign in",
    request: { body: jsonBody(registerRequestSchema) },
    responses: {
      201: json(sessionSchema, "Signed in; the refresh cookie is set"),
      ...problems(...BODY, "auth.registration_closed", "account.email_taken", "auth.too_many_attempts"),
    },
  }),
  login: createRoute({
    method: "post",
    path: "/v1/auth/login",
    operationId: "login",
    tags: ["Accounts"],
    security: [],
    summary: "Sign in",
    request: { body: jsonBody(loginRequestSchema) },
    responses: {
      200: json(sessionSchema, "Signed in; the refresh cookie is set"),
      ...problems(...BODY, "auth.wrong_credentials", "auth.too_many_attempts"),
    },
  }),
  refresh: createRoute({
    method: "post",
    path: "/v1/auth/refresh",
    operationId: "refresh",
    tags: ["Accounts"],
    security: [],
    summary: "Get a new access token by the refresh cookie",
    responses: {
      200: json(tokenSchema, "A new access token; the cookie is replaced"),
      ...problems("auth.refresh_invalid", "auth.origin_refused"),
    },
  }),
  logout: createRoute({
    method: "post",
    path: "/v1/auth/logout",
    operationId: "logout",
    tags: ["Accounts"],
    security: [],
    summary: "Sign out: ends this session",
    responses: { 204: { description: "Signed out" }, ...problems("auth.origin_refused") },
  }),
  setup: createRoute({
    method: "post",
    path: "/v1/auth/setup",
    operationId: "setup",
    tags: ["Accounts"],
    security: [],
    summary: "Make the first administrator with the one-time setup link",
    request: { body: jsonBody(setupRequestSchema) },
    responses: {
      201: json(sessionSchema, "Signed in as administrator"),
      ...problems(...BODY, "setup.token_invalid", "account.email_taken"),
    },
  }),
  me: createRoute({
    method: "get",
    path: "/v1/me",
    operationId: "me",
    tags: ["Accounts"],
    security: bearer,
    summary: "Who am I, and how much is stored",
    responses: { 200: json(meSchema, "The signed-in account"), ...problems(...SIGNED_IN) },
  }),

  createVideo: createRoute({
    method: "post",
    path: "/v1/videos",
    operationId: "createVideo",
    tags: ["Upload"],
    security: bearer,
    summary: "Get a ticket: a video and the first part URLs",
    request: { body: jsonBody(ticketRequestSchema) },
    responses: {
      201: json(ticketSchema, "PUT the parts to their URLs, then complete"),
      ...problems(
        ...BODY,
        ...SIGNED_IN,
        "upload.quota_exceeded",
        "upload.too_many_open",
        "storage.unavailable",
      ),
    },
  }),
  partUrls: createRoute({
    method: "post",
    path: "/v1/videos/{id}/upload/parts",
    operationId: "partUrls",
    tags: ["Upload"],
    security: bearer,
    summary: "Get URLs for further parts",
    request: { params: idParams, body: jsonBody(partUrlsRequestSchema) },
    responses: {
      200: json(partUrlsSchema, "URLs, each bound to its exact length"),
      ...problems(...BODY, ...OWN, "upload.part_out_of_range", "video.wrong_status"),
    },
  }),
  storedParts: createRoute({
    method: "get",
    path: "/v1/videos/{id}/upload/parts",
    operationId: "storedParts",
    tags: ["Upload"],
    security: bearer,
    summary: "What storage already has, for resuming",
    request: { params: idParams },
    responses: {
      200: json(storedPartsSchema, "Stored parts"),
      ...problems(...OWN, "video.wrong_status", "storage.unavailable"),
    },
  }),
  completeUpload: createRoute({
    method: "post",
    path: "/v1/videos/{id}/complete",
    operationId: "completeUpload",
    tags: ["Upload"],
    security: bearer,
    summary: "Complete the upload and queue the video",
    request: { params: idParams, body: jsonBody(completeRequestSchema) },
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
    security: bearer,
    summary: "Abort an unfinished upload",
    request: { params: idParams },
    responses: { 204: { description: "Parts and row are gone" }, ...problems(...OWN, "video.wrong_status") },
  }),

  listVideos: createRoute({
    method: "get",
    path: "/v1/videos",
    operationId: "listVideos",
    tags: ["Videos"],
    security: bearer,
    summary: "One's own videos, newest first",
    request: { query: listQuerySchema },
    responses: { 200: json(videoPageSchema, "A page"), ...problems("request.invalid", ...SIGNED_IN) },
  }),
  getVideo: createRoute({
    method: "get",
    path: "/v1/videos/{id}",
    operationId: "getVideo",
    tags: ["Videos"],
    security: bearer,
    summary: "One video with its source and processing",
    request: { params: idParams },
    responses: { 200: json(videoDetailSchema, "The video"), ...problems(...OWN) },
  }),
  renameVideo: createRoute({
    method: "patch",
    path: "/v1/videos/{id}",
    operationId: "renameVideo",
    tags: ["Videos"],
    security: bearer,
    summary: "Rename",
    request: { params: idParams, body: jsonBody(renameRequestSchema) },
    responses: { 200: json(videoSchema, "The video"), ...problems(...BODY, ...OWN) },
  }),
  deleteVideo: createRoute({
    method: "delete",
    path: "/v1/videos/{id}",
    operationId: "deleteVideo",
    tags: ["Videos"],
    security: bearer,
    summary: "Delete the video, its objects and its queued work",
    request: { params: idParams },
    responses: { 204: { description: "Gone" }, ...problems(...OWN) },
  }),
  retryVideo: createRoute({
    method: "post",
    path: "/v1/videos/{id}/retry",
    operationId: "retryVideo",
    tags: ["Videos"],
    security: bearer,
    summary: "Process a failed video again",
    request: { params: idParams },
    responses: { 202: json(videoSchema, "Queued again"), ...problems(...OWN, "video.wrong_status") },
  }),
  playback: createRoute({
    method: "get",
    path: "/v1/videos/{id}/playback",
    operationId: "playback",
    tags: ["Videos"],
    security: bearer,
    summary: "Signed addresses for playing",
    request: { params: idParams },
    responses: {
      200: json(playbackSchema, "Addresses that work until `expiresAt`"),
      ...problems(...OWN, "video.not_playable"),
    },
  }),
  events: createRoute({
    method: "get",
    path: "/v1/events",
    operationId: "events",
    tags: ["Videos"],
    security: bearer,
    summary: "Live changes as server-sent events",
    request: { headers: z.object({ "last-event-id": z.string().max(100).optional() }) },
    responses: {
      200: {
        description: "`video.updated` and `video.deleted`; ends after at most 5 minutes",
        content: { "text/event-stream": { schema: z.string() } },
      },
      ...problems(...SIGNED_IN),
    },
  }),

  adminVideos: createRoute({
    method: "get",
    path: "/v1/admin/videos",
    operationId: "adminVideos",
    tags: ["Administration"],
    security: bearer,
    summary: "Everybody's videos",
    request: { query: listQuerySchema },
    responses: {
      200: json(adminVideoPageSchema, "A page"),
      ...problems("request.invalid", ...SIGNED_IN, "auth.forbidden"),
    },
  }),
  adminUsers: createRoute({
    method: "get",
    path: "/v1/admin/users",
    operationId: "adminUsers",
    tags: ["Administration"],
    security: bearer,
    summary: "Users",
    request: { query: listQuerySchema.omit({ status: true }) },
    responses: {
      200: json(
        z
          .object({ items: z.array(adminUserSchema), nextCursor: z.string().nullable() })
          .openapi("AdminUserPage"),
        "A page",
      ),
      ...problems("request.invalid", ...SIGNED_IN, "auth.forbidden"),
    },
  }),
} as const;
