/** Every declared route × every kind of caller: who may pass, and the problem code for all others. */
import { type Access, accessOf } from "@storagex/contract/routes/access";
import { internalRoutes } from "@storagex/contract/routes/internal";
import { playRoutes } from "@storagex/contract/routes/play";
import { publicRoutes } from "@storagex/contract/routes/public";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newSigned, newVideo, playbackToken, type Signed } from "./support/direct-rows.ts";
import {
  type Edge,
  IMPORTER_CREDENTIAL,
  SENDER_CREDENTIAL,
  startEdge,
  WORKER_CREDENTIAL,
} from "./support/harness.ts";
import { expectedOfKey, isKeyCaller, keyCallers } from "./support/key-callers.ts";
import { expectedOfLink, isLinkCaller, linkCallers } from "./support/link-callers.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());
beforeAll(() => edge.sql.query("INSERT INTO workers (name, slots) VALUES ('access-worker', 1)"));

const ROUTES = Object.entries({ ...publicRoutes, ...internalRoutes, ...playRoutes });
type Route = (typeof ROUTES)[number][1];

/** The signed-in users of one case: the video's owner, another user, and an administrator. */
type World = { owner: Signed; other: Signed; admin: Signed; videoId: string; playback: string };
/** The credentials that a caller sends. */
type Papers = { authorization?: string; cookie?: string };

const bearer = (token: string): Papers => ({ authorization: `Bearer ${token}` });
const papers = ({ accessToken, refreshToken }: Signed): Papers => ({
  ...bearer(accessToken),
  cookie: `storagex_refresh=${refreshToken}`,
});
const inFuture = () => Math.floor(Date.now() / 1000) + 600;

/** Changes the last character of the signature's first half: the final character has padding bits. */
const altered = (token: string) => {
  const at = token.length - 20;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
};

const KEY_CALLERS = keyCallers(() => edge);
const LINK_CALLERS = linkCallers(() => edge);
const CALLERS = {
  nobody: () => ({}),
  owner: (world) => papers(world.owner),
  "other user": (world) => papers(world.other),
  admin: (world) => papers(world.admin),
  "demoted admin": async ({ admin }) => {
    await edge.sql.query("UPDATE users SET role = 'user' WHERE id = $1", [admin.userId]);
    return papers(admin);
  },
  "expired token": async () => bearer((await newSigned(edge, "admin", 301)).accessToken),
  "altered token": ({ admin }) => bearer(altered(admin.accessToken)),
  "deleted account": async ({ owner }) => {
    await edge.sql.query("UPDATE users SET deleted_at = now() WHERE id = $1", [owner.userId]);
    return papers(owner);
  },
  "disabled account": async ({ owner }) => {
    await edge.sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [owner.userId]);
    return papers(owner);
  },
  "ended session": async ({ owner }) => {
    await edge.sql.query("UPDATE sessions SET ended_at = now() WHERE id = $1", [owner.sessionId]);
    return papers(owner);
  },
  "refresh token as access token": ({ owner }) => bearer(owner.refreshToken),
  "playback token as access token": ({ playback }) => bearer(playback),
  "worker credential": () => ({ authorization: `Worker ${WORKER_CREDENTIAL}` }),
  "sender credential": () => ({ authorization: `Worker ${SENDER_CREDENTIAL}` }),
  "importer credential": () => ({ authorization: `Worker ${IMPORTER_CREDENTIAL}` }),
  ...KEY_CALLERS,
  ...LINK_CALLERS,
} satisfies Record<string, (world: World, route: Route) => Papers | Promise<Papers>>;
type CallerName = keyof typeof CALLERS;

const SIGNED_IN: CallerName[] = ["owner", "other user", "admin", "demoted admin"];

/** The code of the refusal, or `passes`. Specifies access again, independently of the product's code. */
function expected(access: Access, caller: CallerName): string {
  const isSignedIn = SIGNED_IN.includes(caller);
  const unproven = caller === "nobody" ? "auth.required" : "auth.token_invalid";
  switch (access) {
    case "anybody":
    case "cookieIfAny":
    // Whether its grant stands is asked where it is counted (audience.real.test.ts).
    case "beat":
      return "passes";
    // The token in the path decides, whoever the caller is; but the account that it names must exist.
    case "playback":
      return ["deleted account", "disabled account"].includes(caller) ? "playback.token_invalid" : "passes";
    case "user":
      return isSignedIn ? "passes" : unproven;
    case "owner":
    case "restorer":
      if (!isSignedIn) return unproven;
      return caller === "owner" || caller === "admin" ? "passes" : "video.not_found";
    case "admin":
      if (!isSignedIn) return unproven;
      return caller === "admin" ? "passes" : "auth.forbidden";
    case "cookie":
      return isSignedIn ? "passes" : "auth.refresh_invalid";
    case "worker":
      return caller === "worker credential" ? "passes" : "internal.token_invalid";
    case "sender":
      return caller === "sender credential" ? "passes" : "internal.token_invalid";
    case "importer":
      return caller === "importer credential" ? "passes" : "internal.token_invalid";
  }
}

/** Codes that mean that a guard refused, or that no handler was behind it. */
const REFUSALS = [
  "auth.required",
  "auth.token_invalid",
  "auth.forbidden",
  "auth.session_only",
  "auth.scope_missing",
  "upload_link.not_allowed",
  "auth.refresh_invalid",
  "internal.token_invalid",
  "playback.token_invalid",
  "request.not_found",
  "request.method_not_allowed",
];

async function newWorld(): Promise<World> {
  const [owner, other, admin] = await Promise.all([
    newSigned(edge),
    newSigned(edge),
    newSigned(edge, "admin"),
  ]);
  const videoId = await newVideo(edge, owner.userId);
  const grant = { kind: "owner" as const, userId: owner.userId };
  return { owner, other, admin, videoId, playback: await playbackToken(edge, videoId, inFuture(), grant) };
}

/** Content for every play route except the playlists, which answer that nothing is playable yet. */
async function makePlayable({ videoId }: World): Promise<void> {
  const board = { sheets: [], columns: 1, rows: 1, tileWidth: 160, tileHeight: 90, interval: 5, tiles: 0 };
  const track = { id: "master", key: "k", size: 1, etag: "e", language: "en", label: "English" };
  await edge.sql.query(
    "UPDATE videos SET status = 'completed', duration = 4, storyboard = $2, captions = $3 WHERE id = $1",
    [videoId, JSON.stringify(board), JSON.stringify([track])],
  );
}

/** A body that no schema accepts, so that passing callers change nothing: the 422 comes after the guard. */
const NO_BODY = JSON.stringify(["nothing"]);

async function ask(route: Route, world: World, sent: Papers, token = world.playback) {
  const params: Record<string, string> = {
    id: route.path.includes("/users/") ? world.other.userId : world.videoId,
    token,
    file: "master.m3u8",
    captionId: "none",
    name: "access-worker",
    shareId: "none",
    deliveryId: "none",
    taskId: "00000000-0000-4000-8000-000000000000",
  };
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`no value for {${name}}`);
    return value;
  });
  const hasBody = "request" in route && "body" in route.request;
  const stop = new AbortController();
  const answer = await fetch(edge.url + path, {
    method: route.method.toUpperCase(),
    headers: { ...sent, ...(hasBody && { "content-type": "application/json" }) },
    ...(hasBody && { body: NO_BODY }),
    signal: stop.signal,
  });
  const isProblem = answer.headers.get("content-type") === "application/problem+json";
  const code: string | undefined = isProblem ? JSON.parse(await answer.text()).code : undefined;
  stop.abort();
  return { status: answer.status, code };
}

let cells = 0;
/** What no caller has changed: the next one finds it as it was made. */
let untouched: World | undefined;
const CHANGES: CallerName[] = ["demoted admin", "deleted account", "disabled account", "ended session"];
const leaves = (caller: CallerName) =>
  !CHANGES.includes(caller) && !isKeyCaller(caller) && !isLinkCaller(caller);
describe.each(ROUTES)("%s", (_, route) => {
  const access = accessOf(route);
  test.each(Object.keys(CALLERS) as CallerName[])("%s", async (caller) => {
    const world = untouched ?? (await newWorld());
    untouched = undefined;
    if (access === "playback") await makePlayable(world);
    if (route.path.startsWith("/v1/public/"))
      await edge.sql.query("UPDATE videos SET visibility = 'public' WHERE id = $1", [world.videoId]);
    const { status, code } = await ask(route, world, await CALLERS[caller](world, route));
    cells += 1;
    const byToken = isKeyCaller(caller)
      ? expectedOfKey(access, caller, route)
      : isLinkCaller(caller)
        ? expectedOfLink(access, caller, route)
        : expected(access, caller);
    const should = byToken ?? expected(access, "nobody");
    if (should !== "passes" && access !== "playback" && leaves(caller)) untouched = world;
    if (should !== "passes") return expect(code).toBe(should);
    // Nothing is shown of an account that has ended, to whoever asks.
    if (route.path.startsWith("/v1/public/") && /^(deleted|disabled) account/.test(caller))
      return expect(code).toBe("video.not_found");
    expect(REFUSALS, `${status} ${code}`).not.toContain(code);
    expect(code).not.toBe("video.not_found");
    // A caller who passes gets a status that the route declares.
    expect(Object.keys(route.responses)).toContain(String(status));
    expect(status).toBeLessThan(500);
  });
});

describe.each(Object.entries(playRoutes))("the token in the path of %s", (_, route) => {
  test("altered, expired, of another kind, or of a deleted video is refused", async () => {
    const world = await newWorld();
    await makePlayable(world);
    const refused = { status: 403, code: "playback.token_invalid" };
    expect(await ask(route, world, papers(world.admin), altered(world.playback))).toEqual(refused);
    const ended = Math.floor(Date.now() / 1000) - 1;
    const owner = { kind: "owner" as const, userId: world.owner.userId };
    const expired = await playbackToken(edge, world.videoId, ended, owner);
    expect(await ask(route, world, papers(world.admin), expired)).toEqual(refused);
    expect(await ask(route, world, papers(world.admin), world.owner.accessToken)).toEqual(refused);
    // Whether a report's grant stands is asked where it is counted (audience.real.test.ts).
    if (accessOf(route) === "beat") return;
    const others = { kind: "owner" as const, userId: world.other.userId };
    const strangers = await playbackToken(edge, world.videoId, inFuture(), others);
    expect(await ask(route, world, papers(world.admin), strangers)).toEqual(refused);
    await edge.sql.query("UPDATE videos SET status = 'deleting' WHERE id = $1", [world.videoId]);
    expect(await ask(route, world, papers(world.admin))).toEqual(refused);
  });
});

test("no cell is missing", () => {
  expect(cells).toBe(ROUTES.length * Object.keys(CALLERS).length);
  expect(ROUTES.length).toBeGreaterThan(30);
});
