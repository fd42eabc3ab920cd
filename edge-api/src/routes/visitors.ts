/** Routes of visitors' pages: a public video, a share, both as embedded players, and their posters. */
import type { Context } from "hono";
import type { App, AppEnv } from "../app-env.ts";
import { type Asked, answerPoster, answerVisitor } from "../visitors/answer.ts";

/** The paths that need the configuration. */
export const VISITOR_PATHS = ["/watch/*", "/s/*", "/embed/*"];

export function mountVisitors(app: App): void {
  const asked = (c: Context<AppEnv>, kind: Asked["kind"], isEmbed: boolean): Asked => ({
    kind,
    isEmbed,
    key: c.req.param("key") ?? "",
  });
  app.get("/watch/:key", (c) => answerVisitor(c, asked(c, "watch", false)));
  app.get("/s/:key", (c) => answerVisitor(c, asked(c, "share", false)));
  app.get("/embed/:key", (c) => answerVisitor(c, asked(c, "watch", true)));
  app.get("/embed/s/:key", (c) => answerVisitor(c, asked(c, "share", true)));
  app.get("/watch/:key/poster.jpg", (c) => answerPoster(c, asked(c, "watch", false)));
  app.get("/s/:key/poster.jpg", (c) => answerPoster(c, asked(c, "share", false)));
}
