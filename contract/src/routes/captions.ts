/** Captions added to a video. */
import { createRoute, z } from "@hono/zod-openapi";
import { BY_IDEMPOTENCY_KEY, IDEMPOTENT } from "../idempotency.ts";
import { addedCaptionsSchema, captionsRequestSchema } from "../videos/captions.ts";
import { audits, type Declared, orByKey, SECURITY } from "./access.ts";
import { BODY, idParams, json, jsonBody, MAX_BODY, OWN, problems } from "./shared.ts";

export const captionsRoutes = {
  addCaptions: createRoute({
    method: "post",
    path: "/v1/videos/{id}/captions",
    operationId: "addCaptions",
    tags: ["Captions"],
    security: orByKey(SECURITY.owner, "videos:write"),
    ...audits("captions.added"),
    summary: "Add captions from the text of an SRT, WebVTT, ASS or SSA file",
    description:
      "Decode the file's bytes first. Files are accepted as tools write them: `mended` says what was repaired. A video has up to 20 tracks; they can be added once its upload is complete, and stay over a retry.",
    ...BY_IDEMPOTENCY_KEY,
    request: {
      params: idParams,
      body: jsonBody(captionsRequestSchema, MAX_BODY.captions),
    },
    responses: {
      201: json(
        addedCaptionsSchema,
        "The track, and what was mended; playback and the HLS list show it from now on",
      ),
      ...problems(
        ...BODY,
        ...OWN,
        ...IDEMPOTENT,
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
    security: orByKey(SECURITY.owner, "videos:write"),
    ...audits("captions.deleted"),
    summary: "Delete captions, added or found in the source",
    description: "The video's `revision` rises, as with every edit.",
    request: { params: idParams.extend({ captionId: z.string() }) },
    responses: { 204: { description: "Gone" }, ...problems(...OWN, "captions.not_found") },
  }),
} as const satisfies Record<string, Declared>;
