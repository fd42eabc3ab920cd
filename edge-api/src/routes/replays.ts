/** How each call that makes something answers again: with what was made, as it is now, and without its secret. */

import type { ProblemCode } from "@storagex/contract/problem";
import { publicRoutes } from "@storagex/contract/routes/public";
import { addedCaptionsSchema } from "@storagex/contract/videos/captions";
import { bulkAnswerSchema } from "@storagex/contract/videos/video-bulk";
import type { Context } from "hono";
import { z } from "zod";
import type { AppEnv } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { visibleTo } from "../db/scope.ts";
import { type Replay, replayOf } from "../http/idempotency.ts";
import { userOf } from "../http/principal.ts";
import { listApiKeys } from "../identity/api-keys.ts";
import { shownUser } from "../identity/manage-users.ts";
import { problem } from "../problem/problem.ts";
import { listPlaybackKeys } from "../sharing/playback-keys.ts";
import { listShares } from "../sharing/shares.ts";
import { readUploadLink } from "../upload-links/links.ts";
import { linkTicketAgain } from "../upload-links/open.ts";
import { ticketAgain } from "../uploads/ticket.ts";
import { readWork } from "../videos/read.ts";
import { toVideoDetail } from "../videos/view.ts";
import { readWebhook } from "../webhooks/endpoints.ts";

const made = z.object({ id: z.string() });
const scopeOf = (c: Context<AppEnv>) => visibleTo(userOf(c).reader);
const idIn = (c: Context<AppEnv>) => c.req.param("id") ?? "";

function found<T extends { id: string }>(items: readonly T[], id: string, gone: ProblemCode): T {
  const item = items.find((each) => each.id === id);
  if (!item) throw problem(gone);
  return item;
}

/** By the route that takes the key. */
export const REPLAYS: ReadonlyMap<object, Replay> = new Map<object, Replay>([
  [
    publicRoutes.createVideo,
    replayOf(
      z.object({ video: made, upload: z.object({ expiresAt: z.string() }) }),
      (c, { video, upload }) => {
        const principal = c.get("principal");
        return principal?.kind === "link"
          ? linkTicketAgain(edgeOf(c), principal.link, video.id, upload.expiresAt)
          : ticketAgain(edgeOf(c), scopeOf(c), video.id, upload.expiresAt);
      },
    ),
  ],
  [
    publicRoutes.importVideo,
    replayOf(made, async (c, { id }) => {
      const row = await readWork(edgeOf(c).db, scopeOf(c), id);
      if (!row) throw problem("video.not_found");
      return toVideoDetail(edgeOf(c).config, row);
    }),
  ],
  [publicRoutes.changeVideos, replayOf(bulkAnswerSchema, async (_, kept) => kept)],
  [
    publicRoutes.addCaptions,
    replayOf(addedCaptionsSchema, async (c, kept) => {
      const row = await readWork(edgeOf(c).db, scopeOf(c), idIn(c));
      const { language, label } = found(row?.captions ?? [], kept.id, "captions.not_found");
      return { ...kept, language, label };
    }),
  ],
  [
    publicRoutes.createShare,
    replayOf(made, async (c, { id }) =>
      found(await listShares(edgeOf(c), scopeOf(c), idIn(c)), id, "share.not_found"),
    ),
  ],
  [
    publicRoutes.createPlaybackKey,
    replayOf(made, async (c, { id }) =>
      found(await listPlaybackKeys(edgeOf(c), userOf(c).userId), id, "playback_key.not_found"),
    ),
  ],
  [
    publicRoutes.createKey,
    replayOf(z.object({ key: made }), async (c, { key }) => ({
      key: found(await listApiKeys(edgeOf(c), userOf(c).userId), key.id, "api_key.not_found"),
    })),
  ],
  [
    publicRoutes.createWebhook,
    replayOf(z.object({ webhook: made }), async (c, { webhook }) => ({
      webhook: await readWebhook(edgeOf(c), userOf(c).userId, webhook.id),
    })),
  ],
  [
    publicRoutes.createUploadLink,
    replayOf(made, (c, { id }) => readUploadLink(edgeOf(c), userOf(c).userId, id)),
  ],
  [
    publicRoutes.inviteUser,
    replayOf(z.object({ user: made, expiresAt: z.string() }), async (c, { user, expiresAt }) => ({
      user: await shownUser(edgeOf(c), user.id),
      expiresAt,
    })),
  ],
  [
    publicRoutes.resetUser,
    replayOf(z.object({ expiresAt: z.string() }), async (c, kept) => {
      await shownUser(edgeOf(c), idIn(c));
      return kept;
    }),
  ],
]);
