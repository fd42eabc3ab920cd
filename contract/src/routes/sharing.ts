/** Showing videos to others: shares, public videos, playback keys, oEmbed. */
import { createRoute, z } from "@hono/zod-openapi";
import { BY_IDEMPOTENCY_KEY, IDEMPOTENT } from "../idempotency.ts";
import {
  listedShareSchema,
  madePlaybackKeySchema,
  oembedQuerySchema,
  oembedSchema,
  playbackKeyListSchema,
  playbackKeyRequestSchema,
  shareListSchema,
  shareRequestSchema,
  shareSchema,
  shareUpdateSchema,
  shownVideoSchema,
  UNLOCK_HEADER,
  unlockRequestSchema,
  unlockSchema,
} from "../sharing.ts";
import { ANSWERS_OPEN, ANSWERS_SHARED, audits, type Declared, orByKey, SECURITY } from "./access.ts";
import { BODY, idParams, json, jsonBody, MAX_BODY, OWN, problems, SIGNED_IN } from "./shared.ts";

const tags = ["Sharing"];
const shareParams = idParams.extend({ shareId: z.string() });
const tokenParams = z.object({ token: z.string() });

export const sharingRoutes = {
  createShare: createRoute({
    method: "post",
    path: "/v1/videos/{id}/shares",
    operationId: "createShare",
    tags,
    security: orByKey(SECURITY.owner, "shares:write"),
    ...audits("share.created"),
    summary: "Make a link by which anyone who has it may watch the video",
    description:
      "It shows the video and nothing else of the account; with a password only to who knows it, until `expiresIn` has passed, and only in frames of `embedOrigins` where those are given.",
    ...BY_IDEMPOTENCY_KEY,
    request: {
      params: idParams,
      body: jsonBody(shareRequestSchema, MAX_BODY.text),
    },
    responses: {
      201: json(shareSchema, "The share"),
      ...problems(
        ...BODY,
        ...OWN,
        ...IDEMPOTENT,
        "sharing.not_allowed",
        "share.too_many",
        "auth.too_many_attempts",
      ),
    },
  }),
  listShares: createRoute({
    method: "get",
    path: "/v1/videos/{id}/shares",
    operationId: "listShares",
    tags,
    security: orByKey(SECURITY.owner, "shares:write"),
    summary: "The shares of a video, newest first; at most 100",
    description: "With their addresses, and how often each was watched. Passwords are not shown.",
    request: { params: idParams },
    responses: { 200: json(shareListSchema, "The shares"), ...problems(...OWN) },
  }),
  updateShare: createRoute({
    method: "patch",
    path: "/v1/videos/{id}/shares/{shareId}",
    operationId: "updateShare",
    tags,
    security: orByKey(SECURITY.owner, "shares:write"),
    ...audits("share.updated"),
    summary: "Change a share; a new password ends what the old one unlocked",
    description: "Only the fields that are given are changed; its address stays.",
    request: { params: shareParams, body: jsonBody(shareUpdateSchema, MAX_BODY.text) },
    responses: {
      200: json(listedShareSchema, "The share"),
      ...problems(...BODY, ...OWN, "share.not_found", "auth.too_many_attempts"),
    },
  }),
  deleteShare: createRoute({
    method: "delete",
    path: "/v1/videos/{id}/shares/{shareId}",
    operationId: "deleteShare",
    tags,
    security: orByKey(SECURITY.owner, "shares:write"),
    ...audits("share.deleted"),
    summary: "Revoke a share: within 5 s nothing more is given out by it",
    description: "It cannot be undone: make another one instead, whose address differs.",
    request: { params: shareParams },
    responses: { 204: { description: "Gone" }, ...problems(...OWN, "share.not_found") },
  }),
  sharedVideo: createRoute({
    method: "get",
    path: "/v1/shared/{token}",
    operationId: "sharedVideo",
    tags,
    security: SECURITY.anybody,
    ...ANSWERS_SHARED,
    summary: "The video of a share, for whoever has its link",
    description:
      "What a player's page needs. Where the share has a password, first prove it and send `X-Share-Unlock` along.",
    request: {
      params: tokenParams,
      headers: z.object({ [UNLOCK_HEADER]: z.string().max(1_000).optional() }),
    },
    responses: {
      200: json(shownVideoSchema, "The video and what plays it"),
      ...problems("share.not_found", "share.locked", "sharing.not_allowed", "request.invalid"),
    },
  }),
  unlockShare: createRoute({
    method: "post",
    path: "/v1/shared/{token}/unlock",
    operationId: "unlockShare",
    tags,
    security: SECURITY.anybody,
    ...ANSWERS_SHARED,
    summary: "Prove the password of a share",
    description:
      "What it answers lasts for twelve hours, or until the password changes. Ten wrong passwords in a quarter of an hour are answered, then 429.",
    request: { params: tokenParams, body: jsonBody(unlockRequestSchema, MAX_BODY.small) },
    responses: {
      200: json(unlockSchema, "What to send along as `X-Share-Unlock`"),
      ...problems(
        ...BODY,
        "share.not_found",
        "share.wrong_password",
        "sharing.not_allowed",
        "auth.too_many_attempts",
      ),
    },
  }),
  publicVideo: createRoute({
    method: "get",
    path: "/v1/public/videos/{id}",
    operationId: "publicVideo",
    tags,
    security: SECURITY.anybody,
    ...ANSWERS_OPEN,
    summary: "A public video, or one for which a site has signed a viewer token",
    description:
      "What a player's page needs. A viewer token is signed by a playback key of the account that owns the video.",
    request: { params: idParams, query: z.object({ token: z.string().max(8_000).optional() }) },
    responses: {
      200: json(shownVideoSchema, "The video and what plays it"),
      ...problems("video.not_found", "playback.token_invalid", "sharing.not_allowed", "request.invalid"),
    },
  }),
  createPlaybackKey: createRoute({
    method: "post",
    path: "/v1/playback-keys",
    operationId: "createPlaybackKey",
    tags,
    security: SECURITY.user,
    ...audits("playback_key.created"),
    summary: "Register a key with which your site signs viewer tokens",
    description:
      "Send your own public key (EC P-256 or Ed25519), or none: then a pair is made, and its private half is shown this once and kept nowhere.",
    ...BY_IDEMPOTENCY_KEY,
    request: { body: jsonBody(playbackKeyRequestSchema, MAX_BODY.small) },
    responses: {
      201: json(madePlaybackKeySchema, "The key; `privateJwk` is shown this once"),
      ...problems(...BODY, ...SIGNED_IN, ...IDEMPOTENT, "playback_key.too_many", "sharing.not_allowed"),
    },
  }),
  listPlaybackKeys: createRoute({
    method: "get",
    path: "/v1/playback-keys",
    operationId: "listPlaybackKeys",
    tags,
    security: SECURITY.user,
    summary: "Your playback keys, newest first; at most 50",
    description: "Their public halves. The private ones are not here.",
    responses: { 200: json(playbackKeyListSchema, "The keys"), ...problems(...SIGNED_IN) },
  }),
  deletePlaybackKey: createRoute({
    method: "delete",
    path: "/v1/playback-keys/{id}",
    operationId: "deletePlaybackKey",
    tags,
    security: SECURITY.user,
    ...audits("playback_key.deleted"),
    summary: "Delete a playback key: within 5 s no token signed with it is accepted",
    description: "It cannot be undone: sign with another key first.",
    request: { params: idParams },
    responses: { 204: { description: "Gone" }, ...problems(...SIGNED_IN, "playback_key.not_found") },
  }),
  oembed: createRoute({
    method: "get",
    path: "/oembed",
    operationId: "oembed",
    tags,
    security: SECURITY.anybody,
    ...ANSWERS_OPEN,
    summary: "oEmbed of a watch page or a share without a password",
    description:
      "For sites that turn an address into a player (oembed.com). `maxwidth` and `maxheight` are heeded; the format is JSON.",
    request: { query: oembedQuerySchema },
    responses: {
      200: json(oembedSchema, "How to embed it"),
      ...problems("request.invalid", "video.not_found", "sharing.not_allowed", "oembed.format_unknown"),
    },
  }),
} as const satisfies Record<string, Declared>;
