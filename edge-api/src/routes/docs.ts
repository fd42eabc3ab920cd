/** Routes of the API's own description: the OpenAPI document, and a page to read it. */
import type { App } from "../app-env.ts";
import { openApiDocument } from "../docs/openapi.ts";
import { docsPage } from "../docs/page.ts";
import { PAGE_SCRIPT } from "../docs/page-script.ts";
import { PAGE_STYLE } from "../docs/page-style.ts";
import { etagOf, isNamed } from "../http/answers/etag.ts";
import { takesGzip } from "../http/answers/gzip.ts";
import { newNonce, pagePolicy } from "../http/answers/page-policy.ts";

const NO_CACHE = { "cache-control": "no-cache" };

/** Mounts `/openapi.json` and `/docs`. */
export function mountDocs(app: App): void {
  app.get("/openapi.json", async (c) => {
    const text = openApiDocument();
    const headers = { ...NO_CACHE, etag: await etagOf(text) };
    if (isNamed(c.req.header("if-none-match"), headers.etag)) return c.body(null, 304, headers);
    return c.body(text, 200, { ...headers, "content-type": "application/json" });
  });
  app.get("/docs", (c) => {
    c.set("answers", "page");
    const policy = pagePolicy({ nonce: newNonce(), mediaOrigin: undefined });
    const headers = new Headers({
      ...NO_CACHE,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      vary: "accept-encoding",
    });
    // Compressed by the runtime.
    if (takesGzip(c.req.header("accept-encoding"))) headers.set("content-encoding", "gzip");
    return new Response(docsPage(), { headers });
  });
  app.get("/docs/page.js", (c) => {
    c.set("answers", "asset");
    return c.body(PAGE_SCRIPT, 200, { ...NO_CACHE, "content-type": "text/javascript; charset=utf-8" });
  });
  app.get("/docs/page.css", (c) => {
    c.set("answers", "asset");
    return c.body(PAGE_STYLE, 200, { ...NO_CACHE, "content-type": "text/css; charset=utf-8" });
  });
}
