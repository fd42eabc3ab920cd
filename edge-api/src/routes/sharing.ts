/** Routes by which owners show their videos to others, and by which those others see them. */
import { publicRoutes } from "@storagex/contract/routes/public";
import { UNLOCK_HEADER } from "@storagex/contract/sharing";
import type { Context } from "hono";
import type { App, AppEnv } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { visibleTo } from "../db/scope.ts";
import { userOf } from "../http/principal.ts";
import { clientNetwork } from "../identity/attempts/client-address.ts";
import { problem } from "../problem/problem.ts";
import { oembedOf } from "../sharing/oembed.ts";
import { createPlaybackKey, deletePlaybackKey, listPlaybackKeys } from "../sharing/playback-keys.ts";
import { enterPublic } from "../sharing/public.ts";
import { enterShare, type FoundShare, findShare, unlockShare } from "../sharing/shared.ts";
import { createShare, deleteShare, listShares, updateShare } from "../sharing/shares.ts";
import { shownVideo } from "../sharing/shown.ts";

export function mountSharing(app: App): void {
  mountShares(app);
  mountVisitors(app);
  mountPlaybackKeys(app);
}

function askingOf(c: Context<AppEnv>) {
  const { userId, reader } = userOf(c);
  return { by: userId, scope: visibleTo(reader) };
}

function mountShares(app: App): void {
  app.openapi(publicRoutes.createShare, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await createShare(edgeOf(c), askingOf(c), id, c.req.valid("json")), 201);
  });
  app.openapi(publicRoutes.listShares, async (c) => {
    const { id } = c.req.valid("param");
    return c.json({ items: await listShares(edgeOf(c), visibleTo(userOf(c).reader), id) }, 200);
  });
  app.openapi(publicRoutes.updateShare, async (c) => {
    const { id, shareId } = c.req.valid("param");
    return c.json(await updateShare(edgeOf(c), askingOf(c), id, shareId, c.req.valid("json")), 200);
  });
  app.openapi(publicRoutes.deleteShare, async (c) => {
    const { id, shareId } = c.req.valid("param");
    await deleteShare(edgeOf(c), visibleTo(userOf(c).reader), id, shareId);
    return c.body(null, 204);
  });
}

function mountVisitors(app: App): void {
  app.openapi(publicRoutes.sharedVideo, async (c) => {
    const share = await found(c, c.req.valid("param").token);
    const entry = await enterShare(edgeOf(c), share, c.req.valid("header")[UNLOCK_HEADER]);
    return c.json(await shownVideo(edgeOf(c), entry), 200);
  });
  app.openapi(publicRoutes.unlockShare, async (c) => {
    const share = await found(c, c.req.valid("param").token);
    const network = clientNetwork(c.req.raw.headers, c.get("config").STORAGEX_CLIENT_ADDRESS_HEADER);
    return c.json(await unlockShare(edgeOf(c), share, c.req.valid("json").password, network), 200);
  });
  app.openapi(publicRoutes.publicVideo, async (c) => {
    const entry = await enterPublic(edgeOf(c), c.req.valid("param").id, c.req.valid("query").token);
    return c.json(await shownVideo(edgeOf(c), entry), 200);
  });
  app.openapi(publicRoutes.oembed, async (c) => {
    const asked = c.req.valid("query");
    // oEmbed 1.0, section 2.3: a provider that does not offer the format answers 501.
    if (asked.format !== "json") throw problem("oembed.format_unknown");
    return c.json(await oembedOf(edgeOf(c), asked), 200);
  });
}

/** The share, whose owner says which sites may read the answer. */
async function found(c: Context<AppEnv>, token: string): Promise<FoundShare> {
  const share = await findShare(edgeOf(c), token);
  c.set("readers", share.origins);
  return share;
}

function mountPlaybackKeys(app: App): void {
  app.openapi(publicRoutes.createPlaybackKey, async (c) =>
    c.json(await createPlaybackKey(edgeOf(c), userOf(c).userId, c.req.valid("json")), 201),
  );
  app.openapi(publicRoutes.listPlaybackKeys, async (c) =>
    c.json({ items: await listPlaybackKeys(edgeOf(c), userOf(c).userId) }, 200),
  );
  app.openapi(publicRoutes.deletePlaybackKey, async (c) => {
    await deletePlaybackKey(edgeOf(c), userOf(c).userId, c.req.valid("param").id);
    return c.body(null, 204);
  });
}
