/** Who watched a video: what counts, for whom, until when it is kept, and what no report can do. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Audience, audienceSchema } from "@storagex/contract/audience";
import { madePlaybackKeySchema, shareSchema, shownVideoSchema } from "@storagex/contract/sharing";
import { importJWK, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { freePort, type Running } from "../../testing/services/run-service.ts";
import { closeDays } from "../src/audience/close-days.ts";
import { readSalt } from "../src/audience/visitor.ts";
import type { Visit } from "../src/audience/visits.ts";
import { writeVisits } from "../src/audience/write.ts";
import { readConfig } from "../src/config.ts";
import { writeToken } from "../src/playback/access.ts";
import { post, problemOf } from "./support/client.ts";
import { newSigned } from "./support/direct-rows.ts";
import { eventually } from "./support/eventually.ts";
import { insideEdge } from "./support/in-process.ts";
import type { Person } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { plainWorkerd } from "./support/runtimes.ts";
import { sweepNow } from "./support/sweep-now.ts";
import { visitOf } from "./support/visits.ts";

const ADDRESS = "x-real-ip";
const DAY_MS = 86_400_000;

let edge: Pipeline;
let ann: Person;
/** A completed video of 100 seconds: a step of the curve is a second. */
let id: string;
let replica: Running | undefined;
let folder: string;
let other: string;
let port: number;

beforeAll(async () => {
  edge = await startPipeline({ STORAGEX_CLIENT_ADDRESS_HEADER: ADDRESS });
  folder = await mkdtemp(join(tmpdir(), "storagex-replica-"));
  port = await freePort();
  other = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await replica?.stop();
  await edge?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  ann = await edge.person();
  id = await newFilm();
});

/**
 * What was reported before is forgotten, and with it when it was written: the first report is written after two
 * seconds, where the next one waits half a minute.
 */
const forget = () => edge.restart();
/** The same of the other replica, which starts when it is first needed. */
async function forgetBoth(): Promise<void> {
  await replica?.stop();
  replica = undefined;
  [replica] = await Promise.all([plainWorkerd({ folder, port, bindings: edge.bindings }), forget()]);
}

async function newFilm(): Promise<string> {
  const film = await edge.completed(ann);
  await edge.sql.query("UPDATE videos SET duration = 100, visibility = 'public' WHERE id = $1", [film]);
  return film;
}

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const write = (visits: readonly Visit[], now = Date.now()) => writeVisits(insideEdge(edge).db, visits, now);
const ask = (query: Record<string, string> = {}, person = ann) =>
  person.call("GET", `/v1/videos/${id}/audience?${new URLSearchParams(query)}`);
async function audience(query: Record<string, string> = {}): Promise<Audience> {
  const answer = await ask(query);
  expect(answer.status).toBe(200);
  return audienceSchema.parse(await answer.json());
}

function publicToken(): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const grant = { kind: "public" as const };
  const right = { videoId: id, generation: 1, issued: now - 60, expires: now + 600, grant };
  return writeToken(readConfig(edge.bindings), right);
}
type From = {
  address?: string;
  agent?: string;
  headers?: Record<string, string>;
  url?: string;
  token?: string;
};
/** A report of somebody who watches by `token`. */
async function beat(session: string, played: [number, number][], more: object = {}, from: From = {}) {
  const { address = "192.0.2.1", agent = "Firefox/128.0", headers = {}, url = edge.url } = from;
  const token = from.token ?? (await publicToken());
  const body = { session, played, stalls: 0, stallMs: 0, height: 720, ended: false, ...more };
  return post(`${url}/play/${token}/beat`, body, { [ADDRESS]: address, "user-agent": agent, ...headers });
}
const rowsOf = async (table: "visits" | "plays" | "audience_days") =>
  (await edge.sql.query(`SELECT * FROM ${table} WHERE video_id = $1`, [id])).rows;

test("what a visitor's player reports is in the owner's figures", async () => {
  expect(await audience()).toMatchObject({ views: 0, viewers: 0, watchSeconds: 0 });
  const place = "https://news.example/of/today?secret=1";
  expect((await beat("visitor-1", [[0, 10]], { startupMs: 420, place })).status).toBe(204);
  await beat("visitor-1", [[10, 20]], { startupMs: 420, stalls: 1, stallMs: 1_500, place });
  await beat("visitor-2", [[0, 2.5]]);
  await beat(
    "visitor-3",
    [
      [0, 4],
      [96, 100],
    ],
    { startupMs: 900, ended: true },
    { agent: PHONE },
  );
  await beat(
    "visitor-4",
    [[0, 8]],
    { startupMs: 9_000, place, ended: true },
    { headers: { "sec-gpc": "1" } },
  );
  await beat("visitor-5", [[0, 8]], { startupMs: 9_000, place }, { headers: { dnt: "1" } });
  await eventually(async () => expect((await audience()).watchSeconds).toBe(20 + 2.5 + 8 + 8 + 8));
  const figures = await audience();
  expect(figures).toMatchObject({
    ...{ views: 2, viewers: 2, averageWatchSeconds: 14, completion: 0.5, startupMs: { p50: 420, p95: 900 } },
    places: [{ origin: "https://news.example", views: 1 }],
    devices: [
      { kind: "phone", views: 1 },
      { kind: "other", views: 1 },
    ],
  });
  expect(figures.stallRatio).toBeCloseTo(1.5 / 29.5, 3);
  expect(figures.days).toHaveLength(30);
  expect(figures.days.at(-1)).toEqual({ day: dayOf(Date.now()), views: 2, viewers: 2, watchSeconds: 46.5 });
  const at = (step: number) => figures.retention[step];
  expect([0, 3, 4, 19, 20, 95, 96, 99].map(at)).toEqual([1, 1, 0.5, 0.5, 0, 0, 0.5, 0.5]);
  expect((await ann.video(id)).views).toBe(2);
  // Of whom nothing is kept, nothing is kept; of the others no address and no name of a browser.
  const rows = await rowsOf("visits");
  expect(rows.map(({ session }) => session).sort()).toEqual(["visitor-1", "visitor-2", "visitor-3"]);
  expect(JSON.stringify(rows)).not.toMatch(/192\.0\.2|Firefox|iPhone|secret/);
});
const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";

test("two replicas count one visit once and one viewer once, and a replica that forgets counts nothing twice", async () => {
  await forgetBoth();
  const at = (url: string, address: string) => ({ url, address });
  await beat("visitor-1", [[0, 2]], {}, at(edge.url, "192.0.2.7"));
  await beat("visitor-1", [[2, 4]], {}, at(other, "192.0.2.7"));
  await beat("visitor-2", [[0, 5]], {}, at(other, "192.0.2.7"));
  await beat("visitor-3", [[0, 5]], {}, at(other, "192.0.2.8"));
  const seconds = async (value: number) =>
    eventually(async () => expect((await audience()).watchSeconds).toBe(value));
  await seconds(14);
  expect(await audience()).toMatchObject({ views: 3, viewers: 2 });
  await edge.restart();
  await beat("visitor-1", [[4, 9]], {}, at(edge.url, "192.0.2.7"));
  await seconds(19);
  expect(await audience()).toMatchObject({ views: 3, viewers: 2 });
});

test("what is reported last counts, although nobody reports anything after it", async () => {
  await forget();
  await beat("visitor-1", [[0, 10]]);
  await eventually(async () => expect((await audience()).watchSeconds).toBe(10));
  // The next write is half a minute away; without events a runtime evicts the object long before.
  await beat("visitor-1", [[10, 15]], { ended: true });
  await eventually(async () => expect((await audience()).watchSeconds).toBe(15));
});

test("a view counts once, in whichever write its third second falls", async () => {
  const part = (from: number, to: number) =>
    write([visitOf({ video: id, claimedMs: (to - from) * 1000, played: [[from, to]] })]);
  const views: number[] = [];
  for (const from of [0, 2, 4, 6]) {
    await part(from, from + 2);
    views.push((await audience()).views);
  }
  expect(views).toEqual([0, 1, 1, 1]);
  // Two writes of one visit at the same time.
  await Promise.all(
    [1, 2].map(() => write([visitOf({ video: id, session: "at-once-1", claimedMs: 2_000 })])),
  );
  expect(await audience()).toMatchObject({ views: 2, watchSeconds: 12 });
});

test("no visit has played more than time allows, nor seen more than it has played", async () => {
  const hostile = (began: number, more: Partial<Visit> = {}) =>
    visitOf({ video: id, began, claimedMs: 86_400_000, played: [[0, 100]], stallMs: 3_600_000, ...more });
  await write([hostile(Date.now())]);
  let figures = await audience();
  expect(figures.watchSeconds).toBeLessThan(31);
  expect(figures.stallRatio).toBeLessThan(0.6);
  expect(figures.retention).not.toContain(1);
  // Again at once: the time since it began is what counts.
  for (let n = 0; n < 5; n += 1) await write([hostile(Date.now())]);
  figures = await audience();
  expect(figures.watchSeconds).toBeLessThan(60);
  expect(figures.retention).not.toContain(1);
  // What cannot be: before the start, after the end, a length that nobody knows.
  await write([
    visitOf({
      video: id,
      session: "outside-1",
      played: [
        [90, 100_000],
        [0, 0.2],
      ],
    }),
  ]);
  expect((await rowsOf("visits")).find(({ session }) => session === "outside-1")).toMatchObject({
    steps: "{[90,100)}",
  });
  await edge.sql.query("UPDATE videos SET duration = NULL WHERE id = $1", [id]);
  await write([visitOf({ video: id, session: "unknown-1" })]);
  expect((await rowsOf("visits")).find(({ session }) => session === "unknown-1")).toMatchObject({
    steps: "{}",
  });
});

test("a network begins so many visits, and of more only the time is added", async () => {
  await forget();
  const from = { address: "203.0.113.9" };
  const token = await publicToken();
  for (let n = 0; n < 320; n += 40)
    await Promise.all(
      Array.from({ length: 40 }, (_, m) => beat(`visitor-${n + m}`, [[0, 4]], {}, { ...from, token })),
    );
  await eventually(async () => expect((await audience()).watchSeconds).toBe(4 * 320));
  const { views } = await audience();
  expect(views).toBeGreaterThanOrEqual(300);
  expect(views).toBeLessThanOrEqual(305);
});

test("junk is refused whole, and nothing of it is written", async () => {
  await forget();
  const token = await publicToken();
  const range = [[0, 5]];
  const bodies: unknown[] = [
    { session: "x", played: range },
    { session: "a\u0000bcdefgh", played: range },
    { played: [[0, Number.MAX_VALUE]] },
    { played: [[-1, 5]] },
    { played: [[0, 5, 6]] },
    { played: Array.from({ length: 201 }, () => [0, 1]) },
    { startupMs: -1 },
    { startupMs: 1e9 },
    { stallMs: 1e12 },
    { stalls: 0.5 },
    { place: "x".repeat(301) },
    { viewer: "me" },
    { ended: "yes" },
  ];
  for (const body of bodies) {
    const answer = await beat("visitor-1", [[0, 5]], body as object, { token });
    expect(await problemOf(answer), JSON.stringify(body)).toMatchObject({ status: 422 });
  }
  const long = await post(`${edge.url}/play/${token}/beat`, { played: "x".repeat(20_000) });
  expect(long.status).toBe(413);
  // A place that is none is no place, and the visit counts.
  for (const place of ["javascript:alert(1)", "a\u0000b", "<script>", "https://"])
    expect((await beat("visitor-9", [[0, 5]], { place }, { token })).status).toBe(204);
  await eventually(async () => expect(await audience()).toMatchObject({ views: 1, places: [] }));
});

test("nothing is written for what a token does not grant (any more), and the next report is refused", async () => {
  await forgetBoth();
  const [stranger, film] = [await newSigned(edge), visitOf({ video: id })];
  const shared = await ann.call("POST", `/v1/videos/${id}/shares`, {});
  const share = shareSchema.parse(await shared.json());
  await edge.sql.query("UPDATE videos SET visibility = 'private' WHERE id = $1", [id]);
  const bad: Partial<Visit>[] = [
    { kind: "public" },
    { kind: "owner", ref: stranger.userId },
    { kind: "share", ref: "none", scope: "s:none", share: "none" },
    { kind: "share", ref: share.id, lock: 7 },
    { kind: "viewer", ref: "none" },
    { kind: "something" },
    { generation: 2 },
    { video: "none" },
  ];
  const refused = await write(bad.map((more, n) => ({ ...film, session: `hostile-${n}`, ...more })));
  expect(refused).toHaveLength(bad.length);
  expect([await rowsOf("visits"), await rowsOf("plays")]).toEqual([[], []]);
  const good: Partial<Visit>[] = [
    { kind: "owner", ref: ann.user.id },
    { kind: "share", ref: share.id, scope: `s:${share.id}`, share: share.id },
  ];
  expect(await write(good.map((more, n) => ({ ...film, session: `welcome-${n}`, ...more })))).toEqual([]);
  expect(await audience()).toMatchObject({ views: 2 });

  // By the other replica, which has not heard that the video is private.
  await beat("visitor-1", [[0, 5]], {}, { url: other });
  await eventually(async () => {
    const answer = await beat("visitor-1", [[5, 10]], {}, { url: other });
    expect(await problemOf(answer)).toMatchObject({ status: 403, code: "playback.token_invalid" });
  });
  expect(await audience()).toMatchObject({ views: 2 });
  // It stands again: what is played counts from then on.
  await edge.sql.query("UPDATE videos SET visibility = 'public' WHERE id = $1", [id]);
  await eventually(async () =>
    expect((await beat("visitor-1", [[5, 10]], {}, { url: other })).status).toBe(204),
  );
  await edge.sql.query("UPDATE videos SET visibility = 'private' WHERE id = $1", [id]);
  // Where the change was made it is refused at once.
  await ann.call("PATCH", `/v1/videos/${id}`, { visibility: "public" });
  await ann.call("PATCH", `/v1/videos/${id}`, { visibility: "private" });
  expect((await beat("visitor-2", [[0, 5]])).status).toBe(403);
  await edge.sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [ann.user.id]);
  expect(await write([{ ...film, kind: "owner", ref: ann.user.id }])).toHaveLength(1);
});

test("a share and a viewer whom a site names have figures of their own", async () => {
  await forget();
  const share = shareSchema.parse(await (await ann.call("POST", `/v1/videos/${id}/shares`, {})).json());
  const shared = await fetch(`${edge.url}/v1/shared/${share.url.slice(share.url.lastIndexOf("/") + 1)}`);
  const key = madePlaybackKeySchema.parse(
    await (await ann.call("POST", "/v1/playback-keys", { name: "Our site" })).json(),
  );
  const signed = await new SignJWT({ viewer: "member 7" })
    .setProtectedHeader({ alg: "ES256", kid: key.id })
    .setSubject(id)
    .setAudience("storagex")
    .setExpirationTime("10m")
    .sign(await importJWK(key.privateJwk ?? {}, "ES256"));
  const named = await fetch(`${edge.url}/v1/public/videos/${id}?token=${signed}`);
  const tokenOf = async (answer: Response) =>
    /\/play\/([^/]+)\//.exec(shownVideoSchema.parse(await answer.json()).playback?.hls ?? "")?.[1] ?? "";
  const [byShare, byName] = [await tokenOf(shared), await tokenOf(named)];
  await beat("visitor-1", [[0, 10]], {}, { token: byShare });
  await beat("visitor-2", [[0, 5]], {}, { token: byName });
  // The same person on a phone elsewhere.
  await beat("visitor-3", [[5, 9]], {}, { token: byName, agent: PHONE, address: "192.0.2.44" });
  await beat("visitor-4", [[0, 20]]);
  // Whoever asks not to be followed is not named, either.
  await beat("visitor-5", [[0, 3]], {}, { token: byName, headers: { dnt: "1" } });
  await beat("visitor-6", [[0, 6]], {}, { token: byShare, headers: { dnt: "1" } });
  await eventually(async () => expect((await audience()).watchSeconds).toBe(48));
  const check = async () => {
    expect(await audience()).toMatchObject({ views: 4, viewers: 2 });
    expect(await audience({ share: share.id })).toMatchObject({
      views: 1,
      viewers: 1,
      watchSeconds: 16,
      averageWatchSeconds: 10,
    });
    expect(await audience({ viewer: "member 7" })).toMatchObject({
      ...{ views: 2, viewers: 1, watchSeconds: 9 },
      devices: [
        { kind: "phone", views: 1 },
        { kind: "other", views: 1 },
      ],
    });
    for (const query of [{ viewer: "member 8" }, { share: "none" }, { share: share.id, viewer: "member 7" }])
      expect(await audience(query)).toMatchObject({
        views: 0,
        viewers: 0,
        retention: expect.not.arrayContaining([1]),
      });
  };
  await check();
  await closeDays(insideEdge(edge), Date.now() + 2 * DAY_MS);
  expect(await rowsOf("visits")).toEqual([]);
  await check();
});

test("at midnight the salt is thrown away; in the morning visits become sums that say the same", async () => {
  const inside = insideEdge(edge);
  const { day, salt, left } = await readSalt(inside.db);
  expect([day, left > 0, left <= DAY_MS]).toEqual([dayOf(Date.now()), true, true]);
  expect(await readSalt(inside.db)).toMatchObject({ day, salt });
  const midnight = (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
  const places = ["https://a.example", "https://b.example", null];
  const visits = Array.from({ length: 60 }, (_, n) =>
    visitOf({
      ...{ video: id, session: `visitor-${n}`, viewer: `viewer-${n % 20}`, place: places[n % 3] ?? null },
      ...{
        device: n % 2 ? "phone" : "desktop",
        startupMs: 100 * (n + 1),
        stallMs: 10 * n,
        ended: n % 4 === 0,
      },
      played: [
        [0, 10 + n / 2],
        [80, 80 + (n % 7)],
      ],
      claimedMs: n === 59 ? 1_000 : 20_000,
    }),
  );
  await write(visits);
  const before = await audience();
  expect(before).toMatchObject({ views: 59, viewers: 20, completion: 0.2542 });
  const salts = async () => (await edge.sql.query("SELECT day::text FROM audience_salts")).rows;

  await closeDays(inside, midnight - 1);
  expect(await salts()).toEqual([{ day }]);
  await closeDays(inside, midnight);
  expect(await salts()).toEqual([]);
  // A visit that goes on after midnight is still the one of yesterday.
  expect(await rowsOf("visits")).toHaveLength(60);
  await write([visitOf({ video: id, session: "visitor-3", day: dayOf(midnight), viewer: "another-hash" })]);
  expect((await rowsOf("visits")).find(({ session }) => session === "visitor-3").viewer).toBe("viewer-3");
  expect((await audience()).days.at(-1)).toMatchObject({ day, views: 59 });

  const open = await audience();
  expect(await closeDays(inside, midnight + 5.9 * 3_600_000)).toBe(0);
  expect(await closeDays(inside, midnight + 6 * 3_600_000)).toBeGreaterThanOrEqual(60);
  expect(await audience()).toEqual(open);
  expect(await rowsOf("visits")).toEqual([]);
  // Nothing that tells a viewer apart is left.
  expect(JSON.stringify(await rowsOf("audience_days"))).not.toMatch(/viewer-|visitor-/);
  expect((await readSalt(inside.db)).salt).not.toBe(salt);
  // What comes after its day was closed is added to it.
  await write([visitOf({ video: id, session: "late-1" })]);
  expect((await audience()).views).toBe(60);
  await closeDays(inside, midnight + DAY_MS);
  expect((await audience()).views).toBe(60);
});

test("start-up times of many views, and of one", async () => {
  await write(
    Array.from({ length: 100 }, (_, n) =>
      visitOf({ video: id, session: `visitor-${n}`, startupMs: n === 99 ? 300_000 : 10 * (n + 1) }),
    ),
  );
  expect((await audience()).startupMs).toEqual({ p50: 500, p95: 950 });
  await edge.sql.query("DELETE FROM visits WHERE video_id = $1 AND session <> 'visitor-99'", [id]);
  expect((await audience()).startupMs).toEqual({ p50: 60_000, p95: 60_000 });
});

test("which days, and what is too old", async () => {
  const ago = (days: number) => dayOf(Date.now() - days * DAY_MS);
  const on = (days: number) => visitOf({ video: id, session: `visitor-${days}`, day: ago(days) });
  await write([on(0), on(1), on(40), on(401)]);
  await sweepNow(edge);
  expect((await rowsOf("visits")).map(({ session }) => session)).toContain("visitor-0");
  expect((await audience()).views).toBe(2);
  expect((await audience({ from: ago(40) })).views).toBe(3);
  expect((await audience({ from: ago(1), to: ago(1) })).days).toMatchObject([{ day: ago(1), views: 1 }]);
  // Views and seconds stay with their video; what tells more of them goes.
  expect(await rowsOf("plays")).toHaveLength(4);
  const kept = (await rowsOf("audience_days")).map(({ day }) =>
    dayOf(Number(day) - day.getTimezoneOffset() * 60_000),
  );
  expect(kept).not.toContain(ago(401));
  for (const query of [
    { from: ago(366) },
    { from: "2026-03-02", to: "2026-03-01" },
    { to: "soon" },
    { share: "" },
  ])
    expect(await problemOf(await ask(query))).toMatchObject({ status: 422, code: "request.invalid" });
});

test("its owner sees it and administrators, nobody else", async () => {
  const [root, stranger] = [await edge.person(), await edge.person()];
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [root.user.id]);
  expect((await ask({}, root)).status).toBe(200);
  expect(await problemOf(await ask({}, stranger))).toMatchObject({ status: 404, code: "video.not_found" });
  expect((await fetch(`${edge.url}/v1/videos/${id}/audience`)).status).toBe(401);
});
