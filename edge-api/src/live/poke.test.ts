/** After which calls the feed is woken. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { type Declared, SECURITY, WAKES_NOBODY } from "@storagex/contract/routes/access";
import { expect, test } from "vitest";
import type { AppEnv } from "../app-env.ts";
import { guardRoutes } from "../http/guards/guard.ts";
import { configWith } from "../testing/config-with.ts";
import { pokeAfter } from "./poke.ts";

test("the feed is woken after what may have changed something, and not after what declares that it wakes nobody", async () => {
  const app = new OpenAPIHono<AppEnv>();
  const woken: string[] = [];
  const config = configWith();
  app.use(async (c, next) => {
    c.set("config", config);
    c.set("waitUntil", (work) => void work);
    await next();
  });
  app.use(pokeAfter);
  const route = (path: string): Declared => ({ method: "post", path, security: SECURITY.anybody });
  guardRoutes(
    app,
    [route("/v1/told"), { ...route("/v1/quiet"), ...WAKES_NOBODY }, route("/v1/refused")],
    new Map(),
  );
  app.post("/v1/*", (c) => c.body(null, c.req.path === "/v1/refused" ? 409 : 204));
  for (const path of ["/v1/told", "/v1/quiet", "/v1/refused"]) {
    const feed = { fetch: async () => void woken.push(path) };
    const env = { FEED: { idFromName: (name: string) => name, get: () => feed } };
    expect((await app.request(path, { method: "POST" }, env)).status).toBeLessThan(410);
  }
  expect(woken).toEqual(["/v1/told"]);
});
