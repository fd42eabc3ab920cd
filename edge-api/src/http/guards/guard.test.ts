/** Guards fail closed, both when the app is built and at each call. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { BY_IDEMPOTENCY_KEY } from "@storagex/contract/idempotency";
import { orByKey, orByVideoToken, SECURITY } from "@storagex/contract/routes/access";
import { MAX_BYTES } from "@storagex/contract/routes/shared";
import { expect, test } from "vitest";
import type { App, AppEnv } from "../../app-env.ts";
import { answerError } from "../../problem/problem.ts";
import { configWith } from "../../testing/config-with.ts";
import { userOf } from "../principal.ts";
import { guardRoutes } from "./guard.ts";

const config = configWith();

function appOf(...routes: Parameters<typeof guardRoutes>[1]): App {
  const app = new OpenAPIHono<AppEnv>();
  app.onError(answerError);
  app.use((c, next) => {
    c.set("config", config);
    return next();
  });
  guardRoutes(app, routes, new Map());
  return app;
}
const open = { method: "post", path: "/v1/open/{id}", security: SECURITY.anybody };

test("an app with a route that declares no security is not made", () => {
  expect(() => appOf(open, { method: "get", path: "/v1/webhooks" })).toThrow("get /v1/webhooks declares no");
  expect(() => appOf({ ...open, request: { body: {} } })).toThrow("takes a body without a limit");
});

test("nor is one with a privileged act that is not written down, or with answers of a kind that nobody knows", () => {
  const act = { method: "post", path: "/v1/videos/{id}/act", security: SECURITY.owner };
  expect(() => appOf(open, act)).toThrow("declares no act");
  expect(() => appOf({ ...act, security: SECURITY.admin })).toThrow("declares no act");
  expect(() => appOf({ ...act, "x-audit": "video.unheard" })).toThrow("declares no act");
  expect(() => appOf({ ...open, "x-audit": "video.unheard" })).toThrow("declares no act");
  expect(() => appOf({ ...open, "x-answers": "everything" })).toThrow("of a kind that is not known");
  expect(() => appOf({ ...open, ...BY_IDEMPOTENCY_KEY })).toThrow("nothing answers again");
  appOf({ ...act, "x-audit": "video.updated" }, { ...act, method: "get", path: "/v1/videos/{id}/read" });
});

test("nor is one whose handler would write, or show more than a caller's own, beside its guard", () => {
  const read = { method: "get", path: "/v1/videos/{id}", security: SECURITY.owner, "x-guard": "beside" };
  appOf(read);
  for (const route of [
    { ...read, method: "post", "x-audit": "none" },
    { ...read, security: SECURITY.admin },
    { ...read, security: SECURITY.anybody },
    { ...read, "x-guard": "before" },
  ])
    expect(() => appOf(route)).toThrow("may not run beside its guard");
});

test.each(["/v1/unknown", "/internal/unknown", "/play/unknown", "/v1/open/x/y", "/v1"])(
  "a handler at %s that no route declares answers nobody",
  async (path) => {
    const app = appOf(open);
    app.all(path, (c) => c.text("secret"));
    const answer = await app.request(path, { method: "POST" });
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain("secret");
  },
);

test("nor does another method of a declared address", async () => {
  const app = appOf(open);
  app.all("/v1/open/:id", (c) => c.text("hello"));
  expect((await app.request("/v1/open/x", { method: "POST" })).status).toBe(200);
  for (const method of ["GET", "HEAD", "PUT", "DELETE"])
    expect((await app.request("/v1/open/x", { method })).status, method).toBe(404);
});

test("a handler that wants a signed-in caller where none is declared fails", async () => {
  const app = appOf(open);
  app.post("/v1/open/:id", (c) => c.text(userOf(c).userId));
  expect((await app.request("/v1/open/x", { method: "POST" })).status).toBe(500);
});

test("a token of an upload link reaches no handler of a route that does not declare it", async () => {
  const routes = [
    SECURITY.user,
    SECURITY.owner,
    orByKey(SECURITY.owner, "videos:read"),
    orByKey(SECURITY.user),
  ].map((security, at) => ({ method: "get", path: `/v1/read${at}/{id}`, security }));
  const app = appOf(...routes);
  for (const [at] of routes.entries())
    for (const token of ["sxu_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "sxv_a.b.c"]) {
      const answer = await app.request(`/v1/read${at}/x`, { headers: { authorization: `Bearer ${token}` } });
      expect([answer.status, await answer.json()]).toMatchObject([403, { code: "upload_link.not_allowed" }]);
    }
  const wrong = { method: "get", path: "/v1/read", security: orByVideoToken(SECURITY.user) };
  expect(() => appOf(wrong)).toThrow("declares a token of upload links that no guard knows");
});

test("a body is limited by its route, with and without a length", async () => {
  const app = appOf({ ...open, request: { body: { [MAX_BYTES]: 10 } } });
  app.post("/v1/open/:id", async (c) => c.text(await c.req.text()));
  const post = (body: string | ReadableStream, headers: Record<string, string> = {}) =>
    app.request("/v1/open/x", { method: "POST", body, headers, duplex: "half" } as RequestInit);
  const streamed = (text: string) => new Blob([text]).stream();
  expect(await (await post(streamed("0123456789"))).text()).toBe("0123456789");
  expect((await post(streamed("0123456789x"))).status).toBe(413);
  expect((await post("0123456789x", { "content-length": "11" })).status).toBe(413);
});
