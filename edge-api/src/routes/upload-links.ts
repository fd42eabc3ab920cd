/** Routes of upload links: their owner's, and what their page shows. */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { userOf } from "../http/principal.ts";
import { createUploadLink, deleteUploadLink, listUploadLinks } from "../upload-links/links.ts";
import { showLink } from "../upload-links/open.ts";

export function mountUploadLinks(app: App): void {
  app.openapi(publicRoutes.createUploadLink, async (c) =>
    c.json(await createUploadLink(edgeOf(c), userOf(c).userId, c.req.valid("json")), 201),
  );
  app.openapi(publicRoutes.listUploadLinks, async (c) =>
    c.json(await listUploadLinks(edgeOf(c), userOf(c).userId, c.req.valid("query")), 200),
  );
  app.openapi(publicRoutes.deleteUploadLink, async (c) => {
    await deleteUploadLink(edgeOf(c), userOf(c).userId, c.req.valid("param").id);
    return c.body(null, 204);
  });
  app.openapi(publicRoutes.readUploadLink, async (c) =>
    c.json(await showLink(edgeOf(c), c.req.valid("param").token), 200),
  );
}
