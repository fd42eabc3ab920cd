/** Videos of one's own: lists, one video, changes, and their live stream. */
import { createRoute, z } from "@hono/zod-openapi";
import { BY_IDEMPOTENCY_KEY, IDEMPOTENT } from "../idempotency.ts";
import { statisticsSchema } from "../videos/statistics.ts";
import {
  undoQuerySchema,
  updateRequestSchema,
  videoAnswerSchema,
  videoDetailSchema,
  videoPageSchema,
} from "../videos/video.ts";
import { bulkAnswerSchema, bulkRequestSchema } from "../videos/video-bulk.ts";
import { tagsAnswerSchema, videoListQuerySchema } from "../videos/video-lists.ts";
import { audits, BESIDE_ITS_GUARD, type Declared, orByKey, orByVideoToken, SECURITY } from "./access.ts";
import {
  BODY,
  BY_KEY,
  BY_VIDEO_TOKEN,
  idParams,
  ifMatch,
  json,
  jsonBody,
  MAX_BODY,
  OWN,
  problems,
  unchanged,
} from "./shared.ts";

export const videosRoutes = {
  listVideos: createRoute({
    method: "get",
    path: "/v1/videos",
    operationId: "listVideos",
    tags: ["Videos"],
    security: orByKey(SECURITY.user, "videos:read"),
    ...BESIDE_ITS_GUARD,
    summary: "One's own videos, newest first unless sorted otherwise",
    description:
      "Pages of up to 100: send `nextCursor` as `cursor`, with the same filters and the same order. Filters are combined. Descriptions, pairs and chapters are left out: a video's own address has them.",
    request: { query: videoListQuerySchema },
    responses: {
      200: json(videoPageSchema, "A page"),
      ...unchanged,
      ...problems("request.invalid", ...BY_KEY),
    },
  }),
  listTags: createRoute({
    method: "get",
    path: "/v1/tags",
    operationId: "listTags",
    tags: ["Videos"],
    security: orByKey(SECURITY.user, "videos:read"),
    summary: "The tags of one's own videos, the most used first (at most 1,000)",
    description: "With how many of one's videos have each: what a page offers as filters.",
    responses: {
      200: json(tagsAnswerSchema, "Each tag with the number of its videos"),
      ...problems(...BY_KEY),
    },
  }),
  getVideo: createRoute({
    method: "get",
    path: "/v1/videos/{id}",
    operationId: "getVideo",
    tags: ["Videos"],
    security: orByVideoToken(orByKey(SECURITY.owner, "videos:read")),
    ...BESIDE_ITS_GUARD,
    summary: "One video with its source and processing",
    description:
      "With description, pairs, chapters, captions, posters, and what the source holds. While it is encoded, `processing` has every chunk. The `ETag` begins with the `revision`, so `If-Match` of a change takes it.",
    request: { params: idParams },
    responses: { 200: json(videoAnswerSchema, "The video"), ...unchanged, ...problems(...BY_VIDEO_TOKEN) },
  }),
  updateVideo: createRoute({
    method: "patch",
    path: "/v1/videos/{id}",
    operationId: "updateVideo",
    tags: ["Videos"],
    security: orByKey(SECURITY.owner, "videos:write"),
    ...audits("video.updated"),
    summary: "Change texts, tags, pairs, chapters, visibility, or choose the poster",
    description:
      "Only the fields that are given are changed, all or none of them. `metadata` is merged, null removes a pair. With `If-Match` nothing is changed where somebody else was faster (412).",
    request: { params: idParams, headers: ifMatch, body: jsonBody(updateRequestSchema, MAX_BODY.fields) },
    responses: {
      200: json(videoDetailSchema, "The video"),
      ...problems(
        ...BODY,
        ...OWN,
        "request.changed_meanwhile",
        "sharing.not_allowed",
        "video.external_id_taken",
      ),
    },
  }),
  deleteVideo: createRoute({
    method: "delete",
    path: "/v1/videos/{id}",
    operationId: "deleteVideo",
    tags: ["Videos"],
    security: orByKey(SECURITY.owner, "videos:write"),
    ...audits("video.deleted"),
    summary: "Delete the video, its objects and its queued work",
    description:
      "Every call answers 404 from now on. With `undo`, objects and quota stay until so many seconds have passed, and `restore` brings the video back until then.",
    request: { params: idParams, headers: ifMatch, query: undoQuerySchema },
    responses: {
      204: { description: "Gone" },
      ...problems(...OWN, "request.invalid", "request.changed_meanwhile"),
    },
  }),
  changeVideos: createRoute({
    method: "post",
    path: "/v1/videos/bulk",
    operationId: "changeVideos",
    tags: ["Videos"],
    security: orByKey(SECURITY.user, "videos:write"),
    ...audits("video.updated"),
    summary: "One act on up to 100 videos",
    description:
      "Each video has its own result; what cannot be done for one is done for the others. What is deleted is a 404 at once, its objects and its share of the quota go within seconds.",
    ...BY_IDEMPOTENCY_KEY,
    request: { body: jsonBody(bulkRequestSchema, MAX_BODY.text) },
    responses: {
      200: json(bulkAnswerSchema, "A result for each video, in the order asked"),
      ...problems(...BODY, ...BY_KEY, ...IDEMPOTENT, "sharing.not_allowed"),
    },
  }),
  restoreVideo: createRoute({
    method: "post",
    path: "/v1/videos/{id}/restore",
    operationId: "restoreVideo",
    tags: ["Videos"],
    security: orByKey(SECURITY.restorer, "videos:write"),
    ...audits("video.restored"),
    summary: "Undo a deletion that was made with `undo`",
    description:
      "Possible until the time has passed that the deletion named. Work that it stopped begins anew.",
    request: { params: idParams },
    responses: {
      200: json(videoDetailSchema, "Back as it was"),
      ...problems(...OWN, "video.external_id_taken"),
    },
  }),
  retryVideo: createRoute({
    method: "post",
    path: "/v1/videos/{id}/retry",
    operationId: "retryVideo",
    tags: ["Videos"],
    security: orByKey(SECURITY.owner, "videos:write"),
    ...audits("video.retried"),
    summary: "Process a failed video again",
    description:
      "Captions and edits stay. An import is fetched again; a file that cannot be read fails again.",
    request: { params: idParams },
    responses: {
      202: json(videoDetailSchema, "Queued again"),
      ...problems(...OWN, "video.wrong_status", "source.gone", "upload.too_many_open"),
    },
  }),
  statistics: createRoute({
    method: "get",
    path: "/v1/videos/{id}/statistics",
    operationId: "statistics",
    tags: ["Videos"],
    security: orByKey(SECURITY.owner, "playback:read"),
    summary: "Quality, bitrates and cost of a completed video",
    description:
      "Sizes and bitrates of each rendition, their similarity to the source, what each stage cost, and the encode along the timeline.",
    request: { params: idParams },
    responses: {
      200: json(statisticsSchema, "Per rendition, per stage, and along the timeline"),
      ...unchanged,
      ...problems(...OWN, "video.wrong_status"),
    },
  }),
  events: createRoute({
    method: "get",
    path: "/v1/events",
    operationId: "events",
    tags: ["Videos"],
    security: orByKey(SECURITY.user, "videos:read"),
    summary: "Live changes as server-sent events",
    description:
      "Of one's own videos; of all, for an administrator. Reconnect with `Last-Event-ID` and nothing is missed of 30 days (nor repeated, with one from before a restore of the database); at the start, read the list. `processing` has only the chunks that run or have changed.",
    request: { headers: z.object({ "last-event-id": z.string().max(100).optional() }) },
    responses: {
      200: {
        description: "`video.updated` and `video.deleted`; ends after at most 5 minutes",
        content: {
          "text/event-stream": {
            schema: z.string().openapi({
              example: 'id: 812\nevent: video.deleted\ndata: {"id":"V1StGXR8_Z5jdHi6B-myT"}\n\n',
            }),
          },
        },
      },
      ...problems("request.invalid", ...BY_KEY),
    },
  }),
} as const satisfies Record<string, Declared>;
