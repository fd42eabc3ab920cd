/** Every declared route and page × the headers of its kind: who may read, frame, cache and index it. */
import { readdirSync } from "node:fs";
import { type AnswerKind, answerKindOf } from "@storagex/contract/routes/access";
import { internalRoutes } from "@storagex/contract/routes/internal";
import { playRoutes } from "@storagex/contract/routes/play";
import { publicRoutes } from "@storagex/contract/routes/public";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inClone } from "../../stack/paths.ts";
import { newSigned, newVideo, playbackToken } from "./support/direct-rows.ts";
import { type Edge, startEdge } from "./support/harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());

const ROUTES = Object.entries({ ...publicRoutes, ...internalRoutes, ...playRoutes });

/** What the kinds mean, specified a second time, independently of the product's table. */
function expectKind(headers: Headers, kind: AnswerKind | "page" | "asset"): void {
  const isOpen = kind === "media" || kind === "open" || kind === "shared";
  expect(headers.get("access-control-allow-origin")).toBe(isOpen ? "*" : null);
  expect(headers.get("access-control-allow-credentials")).toBeNull();
  expect(headers.get("cross-origin-resource-policy")).toBe(isOpen ? "cross-origin" : "same-origin");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-robots-tag")).toBe(kind === "asset" ? null : "noindex");
  expect(headers.get("cache-control")).toMatch(
    isOpen ? /^(private|no-store)/ : kind === "asset" ? /./ : /^no-store/,
  );
  expect(headers.get("content-security-policy")?.includes("nonce-")).toBe(kind === "page");
}

describe.each(ROUTES)("%s", (_, route) => {
  const kind = answerKindOf(route);

  test("refused, it has the headers of its kind", async () => {
    const path = route.path.replaceAll(/\{\w+\}/g, "none");
    const { status, headers } = await fetch(edge.url + path, { method: route.method.toUpperCase() });
    expect(status).toBeGreaterThanOrEqual(200);
    expectKind(headers, kind);
  });

  test.runIf(route.method === "get")("answered, it has them too", async () => {
    const admin = await newSigned(edge, "admin");
    const video = await newVideo(edge, admin.userId);
    const track = { id: "master", key: "k", size: 1, etag: "e", language: "en", label: "English" };
    const board = { sheets: [], columns: 1, rows: 1, tileWidth: 160, tileHeight: 90, interval: 5, tiles: 0 };
    await edge.sql.query(
      "UPDATE videos SET status = 'completed', duration = 4, storyboard = $2, captions = $3 WHERE id = $1",
      [video, JSON.stringify(board), JSON.stringify([track])],
    );
    const grant = { kind: "owner" as const, userId: admin.userId };
    const token = await playbackToken(edge, video, Math.floor(Date.now() / 1000) + 600, grant);
    const path = route.path.replace("{id}", video).replace("{token}", token).replace("{file}", "master.m3u8");
    const stop = new AbortController();
    const { headers } = await fetch(edge.url + path, {
      headers: { authorization: `Bearer ${admin.accessToken}`, origin: "https://elsewhere.example" },
      signal: stop.signal,
    });
    stop.abort();
    expectKind(headers, kind);
  });
});

const PAGES = readdirSync(inClone("web", "src", "routes"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".tsx"))
  .map(
    (file) =>
      `/${file
        .replace(/\.tsx$/, "")
        .replace(/^index$/, "")
        .replaceAll(/\[[^\]]*\]/g, "some")}`,
  );

test.each([...PAGES, "/docs"])("the page %s is nobody else's", async (path) => {
  const headers = new Headers((await fetch(edge.url + path)).headers);
  expect(headers.get("content-type")?.toLowerCase()).toBe("text/html; charset=utf-8");
  if (path === "/docs") headers.set("cache-control", "no-store");
  expectKind(headers, "page");
});

test.each(["/favicon.svg", "/theme.js", "/docs/page.js", "/docs/page.css"])("the file %s", async (path) => {
  const { status, headers } = await fetch(edge.url + path);
  expect(status).toBe(200);
  expectKind(headers, "asset");
});

test.each(["/v1/none", "/internal/none", "/play/none", "/healthz", "/openapi.json", "/.well-known/none"])(
  "%s, which no route declares, has the narrowest",
  async (path) => {
    const headers = new Headers((await fetch(edge.url + path)).headers);
    if (path === "/openapi.json") headers.set("cache-control", "no-store");
    expectKind(headers, "api");
  },
);
