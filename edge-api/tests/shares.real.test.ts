/** Shares: what a link opens, what it does not, and how soon it ends. */

import {
  type Share,
  shareListSchema,
  shareSchema,
  shownVideoSchema,
  unlockSchema,
} from "@storagex/contract/sharing";
import { playablePlaybackSchema } from "@storagex/contract/videos/playback";
import { expect, test } from "vitest";
import { earlyInWindow, post, problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import type { Person } from "./support/person.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";

usePipeline();

/** Milliseconds within which the end of a share must take effect. */
const FELT_MS = 5_000;

async function share(person: Person, id: string, body: Record<string, unknown> = {}): Promise<Share> {
  const answer = await person.call("POST", `/v1/videos/${id}/shares`, body);
  if (answer.status !== 201) throw new Error(`share: ${answer.status} ${await answer.text()}`);
  return shareSchema.parse(await answer.json());
}

const tokenOf = ({ url }: Share) => url.slice(url.lastIndexOf("/") + 1);
const see = (made: Share | string, headers: Record<string, string> = {}) =>
  fetch(`${edge.url}/v1/shared/${typeof made === "string" ? made : tokenOf(made)}`, { headers });
const seen = async (made: Share, headers: Record<string, string> = {}) =>
  shownVideoSchema.parse(await (await see(made, headers)).json());
const unlock = (made: Share, password: string, headers: Record<string, string> = {}) =>
  post(`${edge.url}/v1/shared/${tokenOf(made)}/unlock`, { password }, headers);
const status = async (url: string) => (await fetch(url)).status;

test("whoever has the link sees the video and nothing of its owner, and plays it without an account", async () => {
  const id = await edge.completed(ann);
  const made = await share(ann, id, { label: "For the press", expiresIn: 3_600 });
  expect(made).toMatchObject({ label: "For the press", hasPassword: false, allowDownload: false, views: 0 });
  expect(made.url).toMatch(/\/s\/sxs_[0-9A-Za-z]{32}$/);
  expect(made.embedUrl).toBe(made.url.replace("/s/", "/embed/s/"));
  expect(Date.parse(made.expiresAt ?? "") - Date.now()).toBeGreaterThan(3_500_000);
  const answer = await see(made, { origin: "https://elsewhere.example" });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  const { video, playback } = shownVideoSchema.parse(await answer.json());
  expect(Object.keys(video).sort()).toEqual(
    ["chapters", "createdAt", "description", "duration", "height", "id", "poster", "title", "width"].sort(),
  );
  expect(video).toMatchObject({ id, title: "holiday", duration: 8 });
  // Nothing to save where the owner does not allow it.
  expect(playback).toMatchObject({ state: "complete", mp4: null, download: null });
  const { hls, storyboard } = playablePlaybackSchema.parse(playback);
  for (const url of [hls, new URL("720p.m3u8", hls).href, storyboard ?? ""])
    expect(await status(url)).toBe(200);
  const own = playablePlaybackSchema.parse(await (await ann.call("GET", `/v1/videos/${id}/playback`)).json());
  const text = async (url: string) => (await fetch(new URL("720p.m3u8", url))).text();
  // The same object URLs for everybody, so that caches hit.
  expect(await text(hls)).toBe(await text(own.hls));
});

test("the token is kept encrypted, and shown again to its owner", async () => {
  const id = await ann.uploaded();
  const made = await share(ann, id, { password: "open sesame" });
  const listed = shareListSchema.parse(await (await ann.call("GET", `/v1/videos/${id}/shares`)).json());
  expect(listed.items).toEqual([made]);
  const { rows } = await edge.sql.query("SELECT * FROM shares WHERE id = $1", [made.id]);
  const stored = JSON.stringify(rows[0]);
  expect(stored).not.toContain(tokenOf(made).slice(4));
  expect(stored).not.toContain("open sesame");
});

test("a download is offered where it is allowed, from the next answer on", async () => {
  const id = await edge.completed(ann);
  const made = await share(ann, id);
  const answer = await ann.call("PATCH", `/v1/videos/${id}/shares/${made.id}`, {
    allowDownload: true,
    label: null,
  });
  expect(shareSchema.parse(await answer.json())).toMatchObject({ allowDownload: true, label: null });
  const { playback } = await seen(made);
  expect(await status(playback?.mp4 ?? "")).toBe(200);
  expect(playback?.download).not.toBeNull();
});

test("a password keeps everything until it is proven, ten times a quarter of an hour", async () => {
  await earlyInWindow();
  const id = await edge.completed(ann);
  const made = await share(ann, id, { password: "open sesame" });
  expect(made.hasPassword).toBe(true);
  const refused = await see(made);
  expect(refused.headers.get("www-authenticate")).toBe("Share");
  const text = await refused.text();
  expect(JSON.parse(text)).toMatchObject({ status: 401, code: "share.locked" });
  expect(text).not.toContain("holiday");
  expect(await problemOf(await unlock(made, "wrong"))).toMatchObject({ code: "share.wrong_password" });
  const proof = unlockSchema.parse(await (await unlock(made, "open sesame")).json());
  const header = { "x-share-unlock": proof.unlock };
  const { playback } = await seen(made, header);
  expect(playback?.state).toBe("complete");
  // It opens no other share, and no letter of it may change.
  const other = await share(ann, id, { password: "another one" });
  expect(await problemOf(await see(other, header))).toMatchObject({ code: "share.locked" });
  const altered = `${proof.unlock.slice(0, -5)}AAAAA`;
  expect(await problemOf(await see(made, { "x-share-unlock": altered }))).toMatchObject({
    code: "share.locked",
  });
  // A right password counts for nothing, and gives no guesser back what was tried before: one, above.
  const codes: string[] = [];
  for (let at = 0; at < 10; at += 1) {
    codes.push((await problemOf(await unlock(made, "no"))).code);
    if (at === 5) expect((await unlock(made, "open sesame")).status).toBe(200);
  }
  expect(codes).toEqual([...Array(9).fill("share.wrong_password"), "auth.too_many_attempts"]);
  const late = await unlock(made, "open sesame");
  expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await problemOf(late)).toMatchObject({ status: 429 });
  // Others are not locked out with it.
  expect((await unlock(other, "another one")).status).toBe(200);
});

test("an account sets a hundred passwords a quarter of an hour, and for a share that is none it is not hashed", async () => {
  await earlyInWindow();
  const ben = await edge.person();
  const id = await edge.completed(ben);
  const made = await share(ben, id, {});
  const patch = (shareId: string) =>
    ben.call("PATCH", `/v1/videos/${id}/shares/${shareId}`, { password: "open sesame" });
  expect((await patch(made.id)).status).toBe(200);
  expect(await problemOf(await patch("none"))).toMatchObject({ code: "share.not_found" });
  const counted = "WHERE subject = 'share passwords:' || $1";
  const { rows } = await edge.sql.query(`SELECT sum(count)::int AS count FROM attempts ${counted}`, [
    ben.user.id,
  ]);
  expect(rows).toEqual([{ count: 1 }]);
  await edge.sql.query(`UPDATE attempts SET count = 100 ${counted}`, [ben.user.id]);
  expect(await problemOf(await patch(made.id))).toMatchObject({
    status: 429,
    code: "auth.too_many_attempts",
  });
  const another = await ben.call("POST", `/v1/videos/${id}/shares`, { password: "open sesame" });
  expect(await problemOf(another)).toMatchObject({ status: 429 });
});

test("a share that ends says until when it can be played", async () => {
  const id = await edge.completed(ann);
  const made = await share(ann, id, { expiresIn: 600 });
  expect((await seen(made)).playback?.expiresAt).toBe(made.expiresAt);
  const open = await seen(await share(ann, id, {}));
  expect(Date.parse(open.playback?.expiresAt ?? "")).toBeGreaterThan(Date.now() + 600_000);
});

test("a new password ends what the old one opened", async () => {
  const id = await edge.completed(ann);
  const made = await share(ann, id, { password: "open sesame" });
  const { unlock: proof } = unlockSchema.parse(await (await unlock(made, "open sesame")).json());
  const { playback } = await seen(made, { "x-share-unlock": proof });
  const list = new URL("720p.m3u8", playback?.hls ?? "").href;
  expect(await status(list)).toBe(200);
  await ann.call("PATCH", `/v1/videos/${id}/shares/${made.id}`, { password: "shut again" });
  expect(await problemOf(await see(made, { "x-share-unlock": proof }))).toMatchObject({
    code: "share.locked",
  });
  await eventually(async () => expect(await status(list)).toBe(403), FELT_MS);
});

const ENDS: Record<string, (id: string, made: Share) => Promise<unknown>> = {
  "is revoked": (id, made) => ann.call("DELETE", `/v1/videos/${id}/shares/${made.id}`),
  "is over": (_, made) => edge.sql.query("UPDATE shares SET expires_at = now() WHERE id = $1", [made.id]),
  "loses its video": (id) => ann.call("DELETE", `/v1/videos/${id}`),
  "is of an account that was disabled": () =>
    edge.sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [ann.user.id]),
};

test.each(Object.keys(ENDS))(
  "a share that %s ends within five seconds, every list of it too",
  async (how) => {
    const id = await edge.completed(ann);
    const made = await share(ann, id);
    const { playback } = await seen(made);
    const { hls, storyboard } = playablePlaybackSchema.parse(playback);
    const urls = [hls, new URL("720p.m3u8", hls).href, storyboard ?? ""];
    for (const url of urls) expect(await status(url)).toBe(200);
    await ENDS[how]?.(id, made);
    expect(await problemOf(await see(made))).toMatchObject({ status: 404, code: "share.not_found" });
    expect(await problemOf(await unlock(made, "any"))).toMatchObject({ code: "share.not_found" });
    await eventually(async () => {
      for (const url of urls) expect(await status(url)).toBe(403);
    }, FELT_MS);
  },
);

test("the sites that may embed it are the only ones whose scripts may read it", async () => {
  const id = await edge.completed(ann);
  const made = await share(ann, id, { embedOrigins: ["https://News.example/", "http://localhost:8080"] });
  expect(made.embedOrigins).toEqual(["https://news.example", "http://localhost:8080"]);
  const allowed = async (origin: string) =>
    (await see(made, { origin })).headers.get("access-control-allow-origin");
  expect(await allowed("https://news.example")).toBe("https://news.example");
  expect(await allowed("https://elsewhere.example")).toBeNull();
  const preflight = await fetch(`${edge.url}/v1/shared/${tokenOf(made)}`, {
    method: "OPTIONS",
    headers: { origin: "https://news.example", "access-control-request-headers": "x-share-unlock" },
  });
  expect(preflight.headers.get("access-control-allow-headers")).toContain("x-share-unlock");
});

test("nobody manages shares of a video that is not theirs, nor through one that is", async () => {
  const [id, bob] = [await ann.uploaded(), await edge.person()];
  const [made, others] = [await share(ann, id), await bob.uploaded()];
  const calls: [string, string, unknown?][] = [
    ["POST", `/v1/videos/${id}/shares`, {}],
    ["GET", `/v1/videos/${id}/shares`],
    ["PATCH", `/v1/videos/${id}/shares/${made.id}`, { allowDownload: true }],
    ["DELETE", `/v1/videos/${id}/shares/${made.id}`],
  ];
  for (const [method, path, body] of calls)
    expect(await problemOf(await bob.call(method, path, body))).toMatchObject({ code: "video.not_found" });
  for (const [method, body] of [
    ["PATCH", { allowDownload: true }],
    ["DELETE", undefined],
  ] as const) {
    const answer = await bob.call(method, `/v1/videos/${others}/shares/${made.id}`, body);
    expect(await problemOf(answer)).toMatchObject({ status: 404, code: "share.not_found" });
  }
  expect((await seen(made)).video.id).toBe(id);
});

test("of one video no more than a hundred are made", async () => {
  const id = await ann.uploaded();
  await edge.sql.query(
    "INSERT INTO shares (id, video_id, token_hash, token_sealed) SELECT 's' || n || $1, $1, 'h' || n || $1, '' FROM generate_series(1, 100) n",
    [id],
  );
  expect(await problemOf(await ann.call("POST", `/v1/videos/${id}/shares`, {}))).toMatchObject({
    status: 409,
    code: "share.too_many",
  });
});

const REFUSED: [Record<string, unknown>, string][] = [
  [{ expiresIn: 59 }, "expiresIn"],
  [{ expiresIn: 400_000_000 }, "expiresIn"],
  [{ password: "abc" }, "password"],
  [{ password: "é".repeat(37) }, "password"],
  [{ embedOrigins: ["https://a.example/path"] }, "embedOrigins.0"],
  [{ embedOrigins: ["https://a.example; script-src *"] }, "embedOrigins.0"],
  [{ embedOrigins: ["https://*.example"] }, "embedOrigins.0"],
  [{ embedOrigins: ["javascript:alert(1)"] }, "embedOrigins.0"],
  [{ embedOrigins: Array(21).fill("https://a.example") }, "embedOrigins"],
  [{ label: "x".repeat(101) }, "label"],
  [{ token: "sxs_mine" }, "token"],
];

test("what a share cannot be is refused by name", async () => {
  const id = await ann.uploaded();
  for (const [body, field] of REFUSED) {
    const { status: code, errors } = await problemOf(await ann.call("POST", `/v1/videos/${id}/shares`, body));
    expect([code, errors], JSON.stringify(body)).toEqual([422, [field]]);
  }
});

test("a token that is none is a 404", async () => {
  const none = [
    "sxs_",
    "x",
    "sxs_%00",
    `sxs_${"a".repeat(31)}é`,
    `sxs_${"a".repeat(32)}`,
    "a".repeat(5_000),
    "..%2fv1",
  ];
  for (const token of none) expect(await problemOf(await see(token)), token).toMatchObject({ status: 404 });
});

test("while it cannot be played a visitor is told so, and not why", async () => {
  const id = await edge.planned(ann);
  const made = await share(ann, id);
  expect((await seen(made)).playback).toMatchObject({ state: "partial", hls: null });
  await edge.sql.query(
    "UPDATE videos SET status = 'failed', error_code = 'media.unreadable', error_message = 'secret' WHERE id = $1",
    [id],
  );
  const answer = await (await see(made)).text();
  expect(JSON.parse(answer).playback).toBeNull();
  expect(answer).not.toContain("secret");
});
