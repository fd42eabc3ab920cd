/**
 * What every route object must declare: who may call it, the max length of its body, and the refusals that
 * follow from both.
 */
import { describe, expect, test } from "vitest";
import { PROBLEMS, type ProblemCode } from "../problem.ts";
import { type Access, accessOf, SECURITY } from "./access.ts";
import { internalRoutes } from "./internal.ts";
import { playRoutes } from "./play.ts";
import { publicRoutes } from "./public.ts";
import { ADMIN, BODY, maxBodyOf, OWN, SIGNED_IN } from "./shared.ts";

const routes = Object.entries({ ...publicRoutes, ...internalRoutes, ...playRoutes });

const REFUSALS: Record<Access, readonly ProblemCode[]> = {
  anybody: [],
  user: SIGNED_IN,
  owner: OWN,
  restorer: OWN,
  admin: ADMIN,
  cookie: ["auth.refresh_invalid", "auth.origin_refused"],
  cookieIfAny: ["auth.origin_refused"],
  worker: ["internal.token_invalid"],
  playback: ["playback.token_invalid"],
};

/** The access that a path suggests to a reader; undefined where several are possible. */
function suggested(path: string): Access | undefined {
  if (path === "/v1/videos/{id}/restore") return "restorer";
  if (path.startsWith("/v1/videos/{id}")) return "owner";
  if (path.startsWith("/v1/admin/")) return "admin";
  if (path.startsWith("/internal/")) return "worker";
  if (path.startsWith("/play/")) return "playback";
  if (/^\/(v1\/shared\/|v1\/public\/|oembed$)/.test(path)) return "anybody";
  return path.startsWith("/v1/auth/") ? undefined : "user";
}

describe.each(routes)("%s", (_, route) => {
  const declared = JSON.stringify(route.responses);

  test("declares the access that its address suggests", () => {
    expect(accessOf(route)).toBe(suggested(route.path) ?? accessOf(route));
  });

  test("names every refusal of its guard, and what any call may answer", () => {
    const body = maxBodyOf(route) === undefined ? [] : BODY;
    for (const code of [...REFUSALS[accessOf(route)], ...body, "database.unavailable", "internal.error"])
      expect(declared, code).toContain(`\`${code}\``);
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
});

test("a body without a limit is refused", () => {
  expect(() => maxBodyOf({ path: "/v1/webhooks", request: { body: {} } })).toThrow("without a limit");
  expect(maxBodyOf({ path: "/v1/webhooks" })).toBeUndefined();
});
