/** Routes of static files (by file extension) and of pages, for every address outside the API. */
import type { App } from "../app-env.ts";
import { configOf, type Env } from "../config.ts";
import { isApiPath, refuseMethod, refuseUnknown } from "../http/answers/not-found.ts";
import { languageOfPage } from "../http/language.ts";
import { answerAsset, isAssetPath } from "../pages/assets.ts";
import { answerPage } from "../pages/render.ts";

/**
 * Players must never get a page instead of a playlist, nor programs one instead of a key. SolidStart's server
 * functions are blocked too: we have none, so nothing checks their callers.
 */
const NO_PAGES = /^\/+(play\/|\.well-known\/|_server)/;

/** Mounts everything that no other route matched; must be the last. */
export function mountPages(app: App): void {
  app.all("*", async (c) => {
    const { path, method } = c.req;
    if (isApiPath(path) || NO_PAGES.test(path)) return refuseUnknown(c);
    if (method !== "GET" && method !== "HEAD") return refuseMethod(c, ["GET"]);
    // The dashboard's router would read the name after two slashes as a host, and show the home page.
    const { pathname, search } = new URL(c.req.url);
    if (pathname.startsWith("//")) return c.redirect(pathname.replace(/^\/+/, "/") + search, 308);
    c.set("answers", isAssetPath(path) ? "asset" : "page");
    return isAssetPath(path)
      ? answerAsset(c.req.raw, c.env)
      : answerPage(c.req.raw, languageOfPage(c), mediaOrigin(c.env));
  });
}

/** Pages are served even without a configuration: they show what is wrong. */
function mediaOrigin(env: Env): string | undefined {
  try {
    return new URL(configOf(env).S3_PUBLIC_ENDPOINT).origin;
  } catch {
    return undefined;
  }
}
