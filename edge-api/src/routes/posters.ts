/** The route by which owners choose another poster. */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { visibleTo } from "../db/scope.ts";
import { userOf } from "../http/principal.ts";
import { requestPoster } from "../posters/request.ts";
import { problem } from "../problem/problem.ts";
import { readWork } from "../videos/read.ts";
import { toVideoDetail } from "../videos/view.ts";

export function mountPosters(app: App): void {
  app.openapi(publicRoutes.makePoster, async (c) => {
    const edge = edgeOf(c);
    const scope = visibleTo(userOf(c).reader);
    const { id } = c.req.valid("param");
    const upload = await requestPoster(edge, scope, id, c.req.valid("json"));
    if (upload) return c.json(upload, 200);
    const row = await readWork(edge.db, scope, id);
    if (!row) throw problem("video.not_found");
    return c.json(await toVideoDetail(edge.config, row), 202);
  });
}
