/** Routes by which owners add and remove captions. */
import { publicRoutes } from "@storagex/contract/routes/public";
import { sql } from "drizzle-orm";
import type { App } from "../app-env.ts";
import { addCaptions } from "../captions/add.ts";
import { removeTrack } from "../captions/remove.ts";
import { edgeOf } from "../context.ts";
import { visibleTo } from "../db/scope.ts";
import { userOf } from "../http/principal.ts";
import { problem } from "../problem/problem.ts";

export function mountCaptions(app: App): void {
  app.openapi(publicRoutes.addCaptions, async (c) => {
    const scope = visibleTo(userOf(c).reader);
    const { id } = c.req.valid("param");
    return c.json(await addCaptions(edgeOf(c), scope, id, c.req.valid("json")), 201);
  });
  app.openapi(publicRoutes.deleteCaptions, async (c) => {
    const edge = edgeOf(c);
    const { id, captionId } = c.req.valid("param");
    const condition = sql`videos.id = ${id} AND ${visibleTo(userOf(c).reader)}`;
    // Our ids are plain. PostgreSQL even rejects a NUL.
    const isPlain = /^[a-z0-9-]{1,40}$/.test(captionId);
    if (!isPlain || !(await removeTrack(edge, condition, captionId, edge.audit)))
      throw problem("captions.not_found");
    return c.body(null, 204);
  });
}
