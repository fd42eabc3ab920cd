/** The owner's URLs for playing. */
import { createRoute } from "@hono/zod-openapi";
import { playbackSchema, sourceAnswerSchema } from "../videos/playback.ts";
import { BESIDE_ITS_GUARD, type Declared, orByKey, orByVideoToken, SECURITY } from "./access.ts";
import { BY_VIDEO_TOKEN, idParams, json, OWN, problems, unchanged } from "./shared.ts";

export const playbackRoutes = {
  playback: createRoute({
    method: "get",
    path: "/v1/videos/{id}/playback",
    operationId: "playback",
    tags: ["Videos"],
    security: orByVideoToken(orByKey(SECURITY.owner, "playback:read")),
    ...BESIDE_ITS_GUARD,
    summary: "Signed URLs for playing",
    description:
      "There as soon as the first seconds are encoded (`state` is `partial`; `hls` is null before). Whoever has the URLs may play until `expiresAt`, from any site.",
    request: { params: idParams },
    responses: {
      200: json(playbackSchema, "URLs that work until `expiresAt`"),
      ...unchanged,
      ...problems(...BY_VIDEO_TOKEN, "video.not_playable"),
    },
  }),
  source: createRoute({
    method: "get",
    path: "/v1/videos/{id}/source",
    operationId: "source",
    tags: ["Videos"],
    security: orByKey(SECURITY.owner, "playback:read"),
    summary: "A signed URL of the original file, to save it under its own name",
    description: "Once the upload is complete. Whoever has the URL may save the file until `expiresAt`.",
    request: { params: idParams },
    responses: {
      200: json(sourceAnswerSchema, "A URL that works until `expiresAt`"),
      ...problems(...OWN, "source.assembling"),
    },
  }),
} as const satisfies Record<string, Declared>;
