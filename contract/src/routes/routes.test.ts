/**
 * What every route object must declare: who may call it, the max length of its body, and the refusals that
 * follow from both.
 */
import { describe, expect, test } from "vitest";
import { IDEMPOTENT, takesIdempotencyKey } from "../idempotency.ts";
import { PROBLEMS, type ProblemCode } from "../problem.ts";
import {
  type Access,
  accessOf,
  linkTokenOf,
  orByKey,
  orByUploadLink,
  orByVideoToken,
  SECURITY,
  scopeOf,
  wakesOthers,
} from "./access.ts";
import { internalRoutes } from "./internal.ts";
import { playRoutes } from "./play.ts";
import { publicRoutes } from "./public.ts";
import { ADMIN, BODY, BY_KEY, maxBodyOf, OWN, SIGNED_IN } from "./shared.ts";

const routes = Object.entries({ ...publicRoutes, ...internalRoutes, ...playRoutes });

const REFUSALS: Record<Access, readonly ProblemCode[]> = {
  anybody: [],
  user: ["auth.required", "auth.token_invalid"],
  owner: OWN,
  restorer: OWN,
  admin: ADMIN,
  cookie: ["auth.refresh_invalid", "auth.origin_refused"],
  cookieIfAny: ["auth.origin_refused"],
  worker: ["internal.token_invalid"],
  sender: ["internal.token_invalid"],
  importer: ["internal.token_invalid"],
  playback: ["playback.token_invalid"],
  beat: ["playback.token_invalid"],
};

/** The access that a path suggests to a reader; undefined where several are possible. */
function suggested(path: string): Access | undefined {
  if (path === "/v1/videos/{id}/restore") return "restorer";
  if (path.startsWith("/v1/videos/{id}")) return "owner";
  if (path.startsWith("/v1/admin/")) return "admin";
  if (path.startsWith("/internal/deliveries/")) return "sender";
  if (path.startsWith("/internal/imports/")) return "importer";
  if (path.startsWith("/internal/")) return "worker";
  if (path.startsWith("/play/")) return path.endsWith("/beat") ? "beat" : "playback";
  if (/^\/(v1\/shared\/|v1\/public\/|v1\/linked\/|oembed$)/.test(path)) return "anybody";
  return path.startsWith("/v1/auth/") ? undefined : "user";
}

describe.each(routes)("%s", (_, route) => {
  const declared = JSON.stringify(route.responses);

  test("declares the access that its address suggests", () => {
    expect(accessOf(route)).toBe(suggested(route.path) ?? accessOf(route));
  });

  test("names every refusal of its guard, and what any call may answer", () => {
    const body = maxBodyOf(route) === undefined ? [] : BODY;
    const scope = scopeOf(route);
    const byKey = accessOf(route) !== "user" || scope === "any" ? [] : scope ? BY_KEY : SIGNED_IN;
    for (const code of [
      ...REFUSALS[accessOf(route)],
      ...byKey,
      ...body,
      "database.unavailable",
      "internal.error",
    ])
      expect(declared, code).toContain(`\`${code}\``);
  });

  test("takes an idempotency key where it makes something for a signed-in caller", () => {
    const makes = "201" in route.responses && !["anybody", "worker", "sender"].includes(accessOf(route));
    expect(takesIdempotencyKey(route)).toBe(makes || route.path === "/v1/videos/bulk");
    if (takesIdempotencyKey(route)) for (const code of IDEMPOTENT) expect(declared).toContain(`\`${code}\``);
  });

  test("names problems of the table only, under their own status", () => {
    for (const [status, answer] of Object.entries(route.responses))
      for (const [, code] of answer.description.matchAll(/`([a-z_]+\.[a-z_]+)`/g))
        if (code && code in PROBLEMS) expect(String(PROBLEMS[code as ProblemCode].status)).toBe(status);
  });
});

test("a route without security, or with one that no guard knows, has no access", () => {
  const route = { method: "get", path: "/v1/webhooks" };
  expect(() => accessOf(route)).toThrow("declares no security");
  expect(() => accessOf({ ...route, security: [{ bearer: ["root"] }] })).toThrow("declares no security");
  expect(() => accessOf({ ...route, security: [{}] })).toThrow("declares no security");
  expect(accessOf({ ...route, security: SECURITY.admin })).toBe("admin");
  expect(() => accessOf({ ...route, security: [{ apiKey: ["videos:read"] }] })).toThrow(
    "declares no security",
  );
});

test("a key needs the scope that a route declares, and calls nothing that declares none", () => {
  const route = { method: "get", path: "/v1/webhooks" };
  expect(scopeOf({ ...route, security: SECURITY.owner })).toBeUndefined();
  const keyed = { ...route, security: orByKey(SECURITY.owner, "videos:read") };
  expect([scopeOf(keyed), accessOf(keyed)]).toEqual(["videos:read", "owner"]);
  expect(scopeOf({ ...route, security: orByKey(SECURITY.user) })).toBe("any");
  for (const declared of [["everything"], ["videos:read", "admin"]])
    expect(() => scopeOf({ ...route, security: [...SECURITY.user, { apiKey: declared }] })).toThrow(
      "not known",
    );
});

test("a token of an upload link calls what declares it, and nothing that could be meant otherwise", () => {
  const route = { method: "get", path: "/v1/webhooks" };
  const of = (security: Record<string, string[]>[]) => linkTokenOf({ ...route, security });
  expect(of(SECURITY.user)).toBeUndefined();
  const keyed = orByKey(SECURITY.owner, "videos:read");
  expect([of(orByVideoToken(keyed)), of(orByUploadLink(SECURITY.user))]).toEqual([
    "videoToken",
    "uploadLink",
  ]);
  expect(accessOf({ ...route, security: orByVideoToken(keyed) })).toBe("owner");
  for (const wrong of [
    orByVideoToken(SECURITY.user),
    orByUploadLink(SECURITY.owner),
    orByVideoToken(SECURITY.admin),
    orByVideoToken(SECURITY.anybody),
    orByUploadLink(orByVideoToken(SECURITY.owner)),
    [...SECURITY.owner, { videoToken: ["everything"] }],
  ])
    expect(() => of(wrong), JSON.stringify(wrong)).toThrow("declares");
});

test("a body without a limit is refused", () => {
  expect(() => maxBodyOf({ path: "/v1/webhooks", request: { body: {} } })).toThrow("without a limit");
  expect(maxBodyOf({ path: "/v1/webhooks" })).toBeUndefined();
});

test("what services call again and again wakes nobody, everything else does", () => {
  const quiet = Object.values(internalRoutes).filter((route) => !wakesOthers(route));
  expect(quiet.map(({ path }) => path).sort()).toEqual([
    "/internal/deliveries/{deliveryId}/claim",
    "/internal/deliveries/{deliveryId}/report",
    "/internal/imports/claim",
    "/internal/imports/{id}/advance",
    "/internal/tasks/{taskId}/progress",
    "/internal/workers/hello",
    "/internal/workers/neighbours",
  ]);
  const silent = Object.values(publicRoutes).filter((route) => route.method !== "get" && !wakesOthers(route));
  expect(silent).toEqual([]);
  expect(() => wakesOthers({ ...internalRoutes.hello, "x-wakes": "everybody" })).toThrow(/hello/);
});
