/**
 * What players call: playlists, the storyboard and their reports, with the token in the path; not part of the
 * public OpenAPI document.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { beatSchema } from "../sharing.ts";
import { ANSWERS_MEDIA, type Declared, SECURITY } from "./access.ts";
import { BODY, jsonBody, MAX_BODY, problems } from "./shared.ts";

const text = (type: string, description: string) => ({
  description,
  content: { [type]: { schema: z.string() } },
});
const M3U8 = "application/vnd.apple.mpegurl";

export const playRoutes = {
  storyboard: createRoute({
    method: "get",
    path: "/play/{token}/storyboard.vtt",
    security: SECURITY.playback,
    ...ANSWERS_MEDIA,
    request: { params: z.object({ token: z.string() }) },
    responses: {
      200: text("text/vtt", "The storyboard's cues"),
      ...problems("playback.token_invalid"),
    },
  }),
  captionsPlaylist: createRoute({
    method: "get",
    path: "/play/{token}/captions/{file}",
    security: SECURITY.playback,
    ...ANSWERS_MEDIA,
    request: { params: z.object({ token: z.string(), file: z.string() }) },
    responses: {
      200: text(M3U8, "The list of one caption track"),
      ...problems("playback.token_invalid", "request.not_found"),
    },
  }),
  beat: createRoute({
    method: "post",
    path: "/play/{token}/beat",
    security: SECURITY.beat,
    ...ANSWERS_MEDIA,
    request: { params: z.object({ token: z.string() }), body: jsonBody(beatSchema, MAX_BODY.small) },
    responses: {
      204: { description: "Counted" },
      ...problems(...BODY, "playback.token_invalid"),
    },
  }),
  playlist: createRoute({
    method: "get",
    path: "/play/{token}/{file}",
    security: SECURITY.playback,
    ...ANSWERS_MEDIA,
    request: { params: z.object({ token: z.string(), file: z.string() }) },
    responses: {
      200: text(M3U8, "`master` or the list of one rendition"),
      ...problems("playback.token_invalid", "request.not_found", "video.not_playable"),
    },
  }),
} as const satisfies Record<string, Declared>;
