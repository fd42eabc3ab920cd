/** Imports: the call that begins one, and what the importer asks and reports. */
import { createRoute, z } from "@hono/zod-openapi";
import { BY_IDEMPOTENCY_KEY, IDEMPOTENT } from "../idempotency.ts";
import {
  advancedImportSchema,
  advanceImportSchema,
  beginImportSchema,
  begunImportSchema,
  claimedImportSchema,
  completedImportSchema,
  completeImportSchema,
  endImportSchema,
  importRequestSchema,
} from "../uploads/imports.ts";
import { videoDetailSchema } from "../videos/video.ts";
import { type Declared, orByKey, SECURITY, WAKES_NOBODY } from "./access.ts";
import { BODY, BY_KEY, json, jsonBody, MAX_BODY, problems } from "./shared.ts";

export const importRoutes = {
  importVideo: createRoute({
    method: "post",
    path: "/v1/videos/import",
    operationId: "importVideo",
    tags: ["Upload"],
    security: orByKey(SECURITY.user, "videos:write"),
    summary: "Import a video from a URL",
    description:
      "The source is fetched by the server, and encoded while it comes where the answer says its length. Only public addresses are fetched, and those that the operator lists in STORAGEX_IMPORT_ALLOW, also where a redirect leads. What goes wrong later is the video's `error`.",
    ...BY_IDEMPOTENCY_KEY,
    request: { body: jsonBody(importRequestSchema, MAX_BODY.fields) },
    responses: {
      201: json(videoDetailSchema, "The video, whose source will be fetched"),
      ...problems(
        ...BODY,
        ...BY_KEY,
        ...IDEMPOTENT,
        "import.refused",
        "upload.profile_not_allowed",
        "sharing.not_allowed",
        "video.external_id_taken",
        "upload.quota_exceeded",
        "upload.too_many_open",
        "upload.too_often",
        "video.not_found",
        "storage.unavailable",
      ),
    },
  }),
} as const satisfies Record<string, Declared>;

const params = z.object({ id: z.string() });
const refused = problems(...BODY, "internal.token_invalid", "storage.unavailable");

export const importerRoutes = {
  claimImport: createRoute({
    method: "post",
    path: "/internal/imports/claim",
    security: SECURITY.importer,
    ...WAKES_NOBODY,
    responses: {
      200: json(claimedImportSchema, "An import that is due, or none"),
      ...problems("internal.token_invalid", "storage.unavailable"),
    },
  }),
  beginImport: createRoute({
    method: "post",
    path: "/internal/imports/{id}/begin",
    security: SECURITY.importer,
    request: { params, body: jsonBody(beginImportSchema, MAX_BODY.small) },
    responses: { 200: json(begunImportSchema, "Nothing is stored now"), ...refused },
  }),
  advanceImport: createRoute({
    method: "post",
    path: "/internal/imports/{id}/advance",
    security: SECURITY.importer,
    ...WAKES_NOBODY,
    request: { params, body: jsonBody(advanceImportSchema, MAX_BODY.small) },
    responses: { 200: json(advancedImportSchema, "URLs of the parts, and what to send next"), ...refused },
  }),
  completeImport: createRoute({
    method: "post",
    path: "/internal/imports/{id}/complete",
    security: SECURITY.importer,
    request: { params, body: jsonBody(completeImportSchema, MAX_BODY.small) },
    responses: { 200: json(completedImportSchema, "Queued, or parts are missing"), ...refused },
  }),
  endImport: createRoute({
    method: "post",
    path: "/internal/imports/{id}/end",
    security: SECURITY.importer,
    request: { params, body: jsonBody(endImportSchema, MAX_BODY.small) },
    responses: { 204: { description: "Noted, if the lease is the last one" }, ...refused },
  }),
} as const satisfies Record<string, Declared>;
