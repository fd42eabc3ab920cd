/** The poster that an owner chooses. */
import { createRoute } from "@hono/zod-openapi";
import { posterRequestSchema, posterUploadSchema } from "../videos/poster.ts";
import { videoDetailSchema } from "../videos/video.ts";
import { audits, type Declared, orByKey, SECURITY } from "./access.ts";
import { BODY, idParams, json, jsonBody, MAX_BODY, OWN, problems } from "./shared.ts";

export const postersRoutes = {
  makePoster: createRoute({
    method: "post",
    path: "/v1/videos/{id}/poster",
    operationId: "makePoster",
    tags: ["Videos"],
    security: orByKey(SECURITY.owner, "videos:write"),
    ...audits("poster.requested"),
    summary: "Make a frame of a completed video, or an image of one's own, its poster",
    description:
      "`{at}` takes the frame shown at that time. `{size, contentType}` answers a URL to PUT a JPEG or PNG to. `posterChange` of the video says how far it is, or why it failed; the poster stays as it is until the new one is made, and `revision` rises then. A newer request replaces one that is not done.",
    request: { params: idParams, body: jsonBody(posterRequestSchema, MAX_BODY.small) },
    responses: {
      200: json(posterUploadSchema, "PUT the image to the URL"),
      202: json(videoDetailSchema, "The frame is being taken"),
      ...problems(...BODY, ...OWN, "video.wrong_status", "poster.too_often", "storage.unavailable"),
    },
  }),
} as const satisfies Record<string, Declared>;
