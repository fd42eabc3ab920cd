/** Routes of videos: tickets, parts, completion, the library, one video, playback; everybody's for admins. */

import { publicRoutes } from "@storagex/contract/routes/public";
import { partCountOf } from "@storagex/contract/uploads/upload-parts";
import { sql } from "drizzle-orm";
import type { Context } from "hono";
import type { App, AppEnv } from "../app-env.ts";
import { readAudience } from "../audience/read.ts";
import { type Edge, edgeOf } from "../context.ts";
import { type Reader, visibleTo } from "../db/scope.ts";
import { conditionalJson } from "../http/answers/conditional.ts";
import { arrivingOf, senderOf, userOf } from "../http/principal.ts";
import { tombstone } from "../lifecycle/delete.ts";
import { retryVideo } from "../lifecycle/retry.ts";
import { deleteForNow, restoreVideo } from "../lifecycle/undo.ts";
import { playbackOf } from "../playback/answer.ts";
import { sourceOf } from "../playback/source.ts";
import { problem } from "../problem/problem.ts";
import { readStatistics } from "../statistics/read.ts";
import { openByLink } from "../upload-links/open.ts";
import { abortUpload } from "../uploads/abort.ts";
import { completeUpload } from "../uploads/complete.ts";
import { openOnly, readSentUpload, readUpload } from "../uploads/open-upload.ts";
import { findParts } from "../uploads/part-objects/find.ts";
import { signParts } from "../uploads/part-urls.ts";
import { listStored } from "../uploads/stored-parts.ts";
import { openTicket } from "../uploads/ticket.ts";
import { changeMany } from "../videos/bulk.ts";
import { changeVideo } from "../videos/change.ts";
import { listAll, listOwn, listTags } from "../videos/list.ts";
import { readWorkFor } from "../videos/read.ts";
import { isOf, readIfMatch } from "../videos/revision.ts";
import { toAdminVideo, toVideoDetail, toVideoPage, withoutOwner } from "../videos/view.ts";

async function seen(edge: Edge, reader: Reader, id: string) {
  const row = await readWorkFor(edge.db, reader, id);
  if (!row) throw problem("video.not_found");
  return row;
}

/** The upload whose parts the caller sends. */
async function sentUpload(c: Context<AppEnv>, id: string) {
  const { reader, byLink } = senderOf(c);
  return readSentUpload(edgeOf(c), visibleTo(reader), id, byLink);
}

export function mountVideos(app: App): void {
  mountUploads(app);
  mountLibrary(app);
}

function mountUploads(app: App): void {
  app.openapi(publicRoutes.createVideo, async (c) => {
    const body = c.req.valid("json");
    const principal = c.get("principal");
    const ticket =
      principal?.kind === "link"
        ? await openByLink(edgeOf(c), principal.token, principal.link, body)
        : await openTicket(edgeOf(c), userOf(c).account, body);
    return c.json(ticket, 201);
  });
  app.openapi(publicRoutes.partUrls, async (c) => {
    const upload = openOnly(await sentUpload(c, c.req.valid("param").id));
    const parts = await signParts(c.get("config"), upload, c.req.valid("json").partNumbers);
    return c.json({ parts }, 200);
  });
  app.openapi(publicRoutes.storedParts, async (c) => {
    const upload = openOnly(await sentUpload(c, c.req.valid("param").id));
    const parts = await listStored(edgeOf(c), upload);
    return c.json({ partSize: upload.partSize, partCount: partCountOf(upload), parts }, 200);
  });
  app.openapi(publicRoutes.partsStored, async (c) => {
    const upload = openOnly(await sentUpload(c, c.req.valid("param").id));
    return c.json(await findParts(edgeOf(c), upload), 200);
  });
  app.openapi(publicRoutes.completeUpload, async (c) => {
    const edge = edgeOf(c);
    const { id } = c.req.valid("param");
    await completeUpload(edge, await sentUpload(c, id));
    const { reader, byLink } = senderOf(c);
    const row = await seen(edge, reader, id);
    if (row.status === "pending_upload") throw problem("upload.expired");
    const video = await toVideoDetail(edge.config, row);
    return c.json(byLink ? withoutOwner(video) : video, 200);
  });
  app.openapi(publicRoutes.abortUpload, async (c) => {
    const edge = edgeOf(c);
    await abortUpload(edge, await readUpload(edge, visibleTo(senderOf(c).reader), c.req.valid("param").id));
    return c.body(null, 204);
  });
}

function mountLibrary(app: App): void {
  app.openapi(publicRoutes.listVideos, async (c) => {
    const { db, config } = edgeOf(c);
    const page = await listOwn(db, arrivingOf(c).reader.userId, c.req.valid("query"));
    return conditionalJson(c, await toVideoPage(config, page));
  });
  app.openapi(publicRoutes.adminVideos, async (c) => {
    const { db, config } = edgeOf(c);
    const { rows, nextCursor } = await listAll(db, c.req.valid("query"));
    return c.json(
      { items: await Promise.all(rows.map((row) => toAdminVideo(config, row))), nextCursor },
      200,
    );
  });
  app.openapi(publicRoutes.listTags, async (c) =>
    c.json({ items: await listTags(c.get("db"), userOf(c).userId) }, 200),
  );
  app.openapi(publicRoutes.getVideo, async (c) => {
    const { reader, byLink } = arrivingOf(c);
    const row = await seen(edgeOf(c), reader, c.req.valid("param").id);
    const video = await toVideoDetail(c.get("config"), row);
    return conditionalJson(c, byLink ? withoutOwner(video) : video, row.revision);
  });
  app.openapi(publicRoutes.updateVideo, async (c) => {
    const edge = edgeOf(c);
    const { reader } = userOf(c);
    const { id } = c.req.valid("param");
    const revisions = readIfMatch(c.req.valid("header")["if-match"]);
    await changeVideo(edge, visibleTo(reader), id, c.req.valid("json"), revisions);
    return c.json(await toVideoDetail(edge.config, await seen(edge, reader, id)), 200);
  });
  app.openapi(publicRoutes.deleteVideo, async (c) => {
    const edge = edgeOf(c);
    const { id } = c.req.valid("param");
    const own = sql`videos.id = ${id} AND ${visibleTo(userOf(c).reader)}`;
    const revisions = readIfMatch(c.req.valid("header")["if-match"]);
    const meant = sql`${own} AND ${isOf(revisions)}`;
    const { undo = 0 } = c.req.valid("query");
    const found =
      undo > 0 ? (await deleteForNow(edge, meant, undo)).length > 0 : await tombstone(edge, meant);
    if (!found) {
      await seen(edge, userOf(c).reader, id);
      throw problem("request.changed_meanwhile");
    }
    return c.body(null, 204);
  });
  app.openapi(publicRoutes.changeVideos, async (c) => {
    const results = await changeMany(edgeOf(c), visibleTo(userOf(c).reader), c.req.valid("json"));
    return c.json({ results }, 200);
  });
  app.openapi(publicRoutes.restoreVideo, async (c) => {
    const edge = edgeOf(c);
    const { reader } = userOf(c);
    const { id } = c.req.valid("param");
    await restoreVideo(edge, reader, id);
    return c.json(await toVideoDetail(edge.config, await seen(edge, reader, id)), 200);
  });
  app.openapi(publicRoutes.retryVideo, async (c) => {
    const edge = edgeOf(c);
    const { reader } = userOf(c);
    const { id } = c.req.valid("param");
    const isQueued = await retryVideo(edge, visibleTo(reader), id);
    const row = await seen(edge, reader, id);
    if (!isQueued) throw problem(row.status === "failed" ? "source.gone" : "video.wrong_status");
    return c.json(await toVideoDetail(edge.config, row), 202);
  });
  app.openapi(publicRoutes.playback, async (c) => {
    const { reader, byLink } = arrivingOf(c);
    const grant = byLink ? { kind: "link" as const } : { kind: "owner" as const, userId: reader.userId };
    return conditionalJson(c, await playbackOf(edgeOf(c), reader, c.req.valid("param").id, grant));
  });
  app.openapi(publicRoutes.source, async (c) =>
    c.json(await sourceOf(edgeOf(c), visibleTo(userOf(c).reader), c.req.valid("param").id), 200),
  );
  app.openapi(publicRoutes.statistics, async (c) => {
    const scope = visibleTo(userOf(c).reader);
    return conditionalJson(c, await readStatistics(edgeOf(c), scope, c.req.valid("param").id));
  });
  app.openapi(publicRoutes.audience, async (c) => {
    const [scope, { id }] = [visibleTo(userOf(c).reader), c.req.valid("param")];
    return c.json(await readAudience(edgeOf(c), scope, id, c.req.valid("query")), 200);
  });
}
