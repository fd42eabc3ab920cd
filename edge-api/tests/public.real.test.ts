/** Public videos, viewer tokens, oEmbed, and what players report. */

import {
  madePlaybackKeySchema,
  oembedSchema,
  playbackKeyListSchema,
  shareListSchema,
  shareSchema,
  shownVideoSchema,
} from "@storagex/contract/sharing";
import { playbackSchema } from "@storagex/contract/videos/playback";
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from "jose";
import { expect, test } from "vitest";
import { post, problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import type { Person } from "./support/person.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";

usePipeline();

const FELT_MS = 5_000;
const watch = (id: string, token?: string) =>
  fetch(`${edge.url}/v1/public/videos/${id}${token === undefined ? "" : `?token=${token}`}`);
const shown = async (answer: Response) => shownVideoSchema.parse(await answer.json());
const publish = (id: string, visibility = "public", download = false) =>
  edge.sql.query("UPDATE videos SET visibility = $2, public_download = $3 WHERE id = $1", [
    id,
    visibility,
    download,
  ]);
const status = async (url: string) => (await fetch(url)).status;
const listOf = (hls: string | null | undefined) => new URL("720p.m3u8", hls ?? "").href;

test("a public video is anybody's to watch, until it is private again", async () => {
  const id = await edge.completed(ann);
  expect(await problemOf(await watch(id))).toMatchObject({ status: 404, code: "video.not_found" });
  await publish(id);
  const answer = await watch(id);
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  const { video, playback } = await shown(answer);
  expect(video).toMatchObject({ id, title: "holiday", description: "", chapters: [] });
  expect(playback).toMatchObject({ state: "complete", mp4: null, download: null });
  expect(JSON.stringify([video, playback])).not.toContain(ann.user.email);
  const list = listOf(playback?.hls);
  expect(await status(list)).toBe(200);
  await publish(id, "public", true);
  expect((await shown(await watch(id))).playback?.mp4).not.toBeNull();
  await publish(id, "private");
  expect(await problemOf(await watch(id))).toMatchObject({ code: "video.not_found" });
  await eventually(async () => expect(await status(list)).toBe(403), FELT_MS);
});

type Key = { id: string; sign: (claims: JWTPayload, header?: Record<string, unknown>) => Promise<string> };
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

async function newKey(person: Person): Promise<Key> {
  const answer = await person.call("POST", "/v1/playback-keys", { name: "Our site" });
  const { id, privateJwk = {} } = madePlaybackKeySchema.parse(await answer.json());
  const key = await importJWK(privateJwk, "ES256");
  return {
    id,
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: id, ...header }).sign(key),
  };
}

const claimsFor = (id: string, more: JWTPayload = {}): JWTPayload => ({
  sub: id,
  aud: "storagex",
  exp: inSeconds(600),
  ...more,
});

test("a site's own members watch a private video by the site's signature", async () => {
  const id = await edge.completed(ann);
  const key = await newKey(ann);
  const { playback } = await shown(await watch(id, await key.sign(claimsFor(id, { viewer: "member 7" }))));
  expect(playback).toMatchObject({ state: "complete", mp4: null });
  const soon = inSeconds(300);
  const short = await shown(await watch(id, await key.sign(claimsFor(id, { exp: soon }))));
  expect(Date.parse(short.playback?.expiresAt ?? "")).toBe((Math.floor(soon) + 60) * 1000);
  const list = listOf(playback?.hls);
  expect(list).not.toContain("member");
  expect(await status(list)).toBe(200);
  const withFile = await key.sign(claimsFor(id, { download: true }));
  expect((await shown(await watch(id, withFile))).playback?.download).not.toBeNull();
  // The site's clock may be a minute late.
  expect((await watch(id, await key.sign(claimsFor(id, { exp: inSeconds(-30) })))).status).toBe(200);
  const keys = playbackKeyListSchema.parse(await (await ann.call("GET", "/v1/playback-keys")).json());
  expect(keys.items).toMatchObject([{ id: key.id, name: "Our site" }]);
  expect((await ann.call("DELETE", `/v1/playback-keys/${key.id}`)).status).toBe(204);
  expect(await problemOf(await watch(id, withFile))).toMatchObject({
    status: 403,
    code: "playback.token_invalid",
  });
  await eventually(async () => expect(await status(list)).toBe(403), FELT_MS);
});

test("a site may bring its own key, of either kind, and never a private one", async () => {
  const id = await edge.completed(ann);
  for (const alg of ["ES256", "EdDSA"]) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const publicJwk = await exportJWK(publicKey);
    const answer = await ann.call("POST", "/v1/playback-keys", { name: alg, publicJwk });
    const made = madePlaybackKeySchema.parse(await answer.json());
    expect(made.privateJwk).toBeUndefined();
    const token = await new SignJWT(claimsFor(id)).setProtectedHeader({ alg, kid: made.id }).sign(privateKey);
    expect((await watch(id, token)).status, alg).toBe(200);
    const privateJwk = await exportJWK(privateKey);
    const refused = await ann.call("POST", "/v1/playback-keys", { name: alg, publicJwk: privateJwk });
    expect(await problemOf(refused)).toMatchObject({ status: 422, errors: ["publicJwk"] });
  }
  for (const publicJwk of [
    { kty: "oct", crv: "P-256", k: "c2VjcmV0" },
    { kty: "EC", crv: "P-384", x: "AA", y: "AA" },
    { kty: "EC", crv: "P-256", x: "AA", y: "AA" },
    { kty: "RSA", crv: "P-256", n: "AA", e: "AQAB" },
  ]) {
    const refused = await problemOf(await ann.call("POST", "/v1/playback-keys", { name: "x", publicJwk }));
    expect([refused.status, new Set(refused.errors)]).toEqual([422, new Set(["publicJwk"])]);
  }
});

test("no other token is accepted, on a public video neither", async () => {
  const [bob, id] = [await edge.person(), await edge.completed(ann)];
  const [key, bobs, other] = [await newKey(ann), await newKey(bob), await ann.uploaded()];
  await publish(id);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const good = await key.sign(claimsFor(id));
  const { rows } = await edge.sql.query("SELECT public_jwk FROM playback_keys WHERE id = $1", [key.id]);
  const publicAsSecret = new TextEncoder().encode(JSON.stringify(rows[0].public_jwk));
  const bad: Record<string, string> = {
    "another account's key": await bobs.sign(claimsFor(id)),
    "an unknown key": await key.sign(claimsFor(id), { kid: "none" }),
    "no key": await key.sign(claimsFor(id), { kid: undefined }),
    "another video": await key.sign(claimsFor(other)),
    "another audience": await key.sign(claimsFor(id, { aud: "elsewhere" })),
    "no audience": await key.sign({ sub: id, exp: inSeconds(60) }),
    "no end": await key.sign({ sub: id, aud: "storagex" }),
    over: await key.sign(claimsFor(id, { exp: inSeconds(-90) })),
    "too long": await key.sign(claimsFor(id, { exp: inSeconds(8 * 86_400) })),
    "not yet": await key.sign(claimsFor(id, { nbf: inSeconds(600) })),
    "a long viewer": await key.sign(claimsFor(id, { viewer: "x".repeat(201) })),
    "an origin that is none": await key.sign(claimsFor(id, { origins: ["https://a.example; script-src *"] })),
    unsigned: `${part({ alg: "none", kid: key.id })}.${part(claimsFor(id))}.`,
    "the public key as a secret": await new SignJWT(claimsFor(id))
      .setProtectedHeader({ alg: "HS256", kid: key.id })
      .sign(publicAsSecret),
    altered: `${good.slice(0, -6)}AAAAAA`,
    "an access token": ann.accessToken,
    nothing: "",
    noise: "%00%ff..",
  };
  for (const [how, token] of Object.entries(bad))
    expect(await problemOf(await watch(id, token)), how).toMatchObject({
      status: 403,
      code: "playback.token_invalid",
    });
  expect((await watch(id, good)).status).toBe(200);
  expect(await problemOf(await bob.call("DELETE", `/v1/playback-keys/${key.id}`))).toMatchObject({
    status: 404,
    code: "playback_key.not_found",
  });
});

const oembed = (url: string, more = "") => fetch(`${edge.url}/oembed?url=${encodeURIComponent(url)}${more}`);

test("oEmbed tells of what everybody with the address may see, and of nothing else", async () => {
  const id = await edge.completed(ann);
  const watchPage = `${edge.url}/watch/${id}`;
  expect(await problemOf(await oembed(watchPage))).toMatchObject({ status: 404 });
  await publish(id);
  await edge.sql.query("UPDATE videos SET title = $2 WHERE id = $1", [id, '"><script>alert(1)</script>']);
  const answer = oembedSchema.parse(await (await oembed(watchPage, "&maxwidth=640&format=json")).json());
  expect(answer).toMatchObject({
    type: "video",
    width: 640,
    height: 360,
    thumbnail_url: `${watchPage}/poster.jpg`,
  });
  expect(answer.html).toContain(`src="${edge.url}/embed/${id}"`);
  expect(answer.html).not.toContain("<script");
  const share = shareSchema.parse(await (await ann.call("POST", `/v1/videos/${id}/shares`, {})).json());
  expect(oembedSchema.parse(await (await oembed(share.url)).json()).html).toContain(share.embedUrl);
  await ann.call("PATCH", `/v1/videos/${id}/shares/${share.id}`, { password: "open sesame" });
  for (const url of [share.url, "https://elsewhere.example/watch/x", `${edge.url}/videos/${id}`, "none"])
    expect(await problemOf(await oembed(url)), url).toMatchObject({ status: 404, code: "video.not_found" });
  expect(await problemOf(await oembed(watchPage, "&format=xml"))).toMatchObject({ status: 501 });
});

const beat = (hls: string | null | undefined, body: unknown, headers: Record<string, string> = {}) =>
  post(new URL("beat", hls ?? "").href, body, headers);
const played = (session: string, to: number) => ({
  session,
  played: [[0, to]],
  startupMs: 400,
  stalls: 0,
  stallMs: 0,
  height: 720,
  ended: false,
  place: "https://news.example",
});

test("three seconds of playing are a view of the video and of its share, in one statement for all", async () => {
  const id = await edge.completed(ann);
  const share = shareSchema.parse(await (await ann.call("POST", `/v1/videos/${id}/shares`, {})).json());
  const token = share.url.slice(share.url.lastIndexOf("/") + 1);
  const { playback } = await shown(await fetch(`${edge.url}/v1/shared/${token}`));
  const own = playbackSchema.parse(await (await ann.call("GET", `/v1/videos/${id}/playback`)).json());
  expect((await beat(playback?.hls, played("visitor-1", 5))).status).toBe(204);
  await beat(playback?.hls, played("visitor-1", 9));
  await beat(playback?.hls, played("visitor-2", 2));
  await beat(playback?.hls, played("visitor-3", 8), { "sec-gpc": "1" });
  await beat(own.hls, played("the-owner", 8), { dnt: "0" });
  const views = async () => {
    const answer = await ann.call("GET", `/v1/videos/${id}/shares`);
    const { items } = shareListSchema.parse(await answer.json());
    return [items[0]?.views, (await ann.video(id)).views];
  };
  await eventually(async () => expect(await views()).toEqual([1, 2]));
  const { rows } = await edge.sql.query("SELECT * FROM plays WHERE video_id = $1 ORDER BY share_id", [id]);
  expect(rows).toMatchObject([
    { share_id: "", views: 1, watch_seconds: 8 },
    { share_id: share.id, views: 1, watch_seconds: 24 },
  ]);
  for (const body of [
    { ...played("x", 1) },
    { ...played("visitor-9", 1), name: "me" },
    { ...played("visitor-9", -1) },
  ])
    expect(await problemOf(await beat(playback?.hls, body))).toMatchObject({ status: 422 });
});

test("the operator decides what is shown", async () => {
  const id = await edge.completed(ann);
  const made = await ann.call("POST", `/v1/videos/${id}/shares`, {});
  const { url } = shareSchema.parse(await made.json());
  const shared = `${edge.url}/v1/shared/${url.slice(url.lastIndexOf("/") + 1)}`;
  await publish(id);
  const [publicList, sharedList] = await Promise.all(
    [watch(id), fetch(shared)].map(async (answer) => listOf((await shown(await answer)).playback?.hls)),
  );
  if (!publicList || !sharedList) throw new Error("no lists");
  try {
    await edge.restart({ STORAGEX_SHARING: "shares" });
    expect(await problemOf(await watch(id))).toMatchObject({ status: 403, code: "sharing.not_allowed" });
    expect((await fetch(shared)).status).toBe(200);
    expect([await status(publicList), await status(sharedList)]).toEqual([403, 200]);
    await edge.restart({ STORAGEX_SHARING: "off" });
    for (const answer of [
      await watch(id),
      await fetch(shared),
      await ann.call("POST", `/v1/videos/${id}/shares`, {}),
    ])
      expect(await problemOf(answer)).toMatchObject({ status: 403, code: "sharing.not_allowed" });
    expect(await status(sharedList)).toBe(403);
  } finally {
    await edge.restart();
  }
});
