/** Answers the pages of visitors: which video, by which right, under which policy. */
import type { ShownVideo } from "@storagex/contract/sharing";
import type { Context } from "hono";
import type { AppEnv } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { takesGzip } from "../http/answers/gzip.ts";
import { newNonce } from "../http/answers/page-policy.ts";
import { LANGUAGE_VARY, languageOfPage } from "../http/language.ts";
import { Problem } from "../problem/problem.ts";
import { enterPublic } from "../sharing/public.ts";
import { enterShare, findShare } from "../sharing/shared.ts";
import { type Entry, shownVideo } from "../sharing/shown.ts";
import { firstLists } from "./first.ts";
import { type Explained, type PageWords, WORDS } from "./messages/words.ts";
import { metaOf } from "./meta.ts";
import { frameOf, htmlOf, nothingHere, type Page, passwordForm, textsOf } from "./page.ts";

/** The page that was asked for: `key` is a video's id or a share's token. */
export type Asked = { kind: "watch" | "share"; key: string; isEmbed: boolean };

const isWished = (c: Context<AppEnv>, name: string) => {
  const value = c.req.query(name);
  return value !== undefined && !/^(0|false|no|off)$/i.test(value);
};

/** The right to see it, and its frames; `locked` of a share whose password is not proven here. */
async function enter(
  c: Context<AppEnv>,
  { kind, key, isEmbed }: Asked,
): Promise<Entry | { locked: readonly string[] }> {
  const edge = edgeOf(c);
  // Viewer tokens are for embedded players: a watch page would put them into the address that people pass on.
  if (kind === "watch") return enterPublic(edge, key, isEmbed ? c.req.query("token") : undefined);
  const share = await findShare(edge, key);
  if (share.passwordHash !== null) return { locked: share.origins };
  return enterShare(edge, share, undefined);
}

export async function answerVisitor(c: Context<AppEnv>, asked: Asked): Promise<Response> {
  const nonce = newNonce();
  try {
    const entry = await enter(c, asked);
    if ("locked" in entry) return lockedPage(c, asked, nonce, entry.locked);
    const shown = await shownVideo(edgeOf(c), entry);
    return await videoPage(c, asked, nonce, entry, shown);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (!isExplained(error.code)) throw error;
    const words = wordsFor(c);
    const why = words.why[error.code];
    const status = error.code === "video.not_found" || error.code === "share.not_found" ? 404 : 403;
    const { isEmbed } = asked;
    const page = { nonce, isEmbed, title: words.notFound, body: nothingHere(words, why, status, isEmbed) };
    return answer(c, page, { frames: [], isListed: false, status });
  }
}

const wordsFor = (c: Context<AppEnv>): PageWords => WORDS[languageOfPage(c)];

const isExplained = (code: Problem["code"]): code is Explained => Object.hasOwn(WORDS.en.why, code);

async function videoPage(
  c: Context<AppEnv>,
  asked: Asked,
  nonce: string,
  entry: Entry,
  shown: ShownVideo,
): Promise<Response> {
  const { isEmbed, kind } = asked;
  const plays = isWished(c, "autoplay");
  const lists = await firstLists(edgeOf(c), shown.playback);
  const words = wordsFor(c);
  const frame = frameOf(words.script, shown, plays, nonce);
  const addresses = addressesOf(c, asked);
  const page: Page = {
    ...{ nonce, isEmbed, plays, title: shown.video.title },
    meta: isEmbed ? "" : metaOf(shown, addresses),
    body: isEmbed ? frame : `${frame}\n${textsOf(words.script, shown)}`,
    visit: { isEmbed, api: apiOf(c, asked), unlock: null, shown, lists, words: words.script },
  };
  return answer(c, page, { frames: entry.origins, isListed: kind === "watch", status: 200 });
}

function lockedPage(
  c: Context<AppEnv>,
  asked: Asked,
  nonce: string,
  frames: readonly string[],
): Promise<Response> {
  const { isEmbed } = asked;
  const api = apiOf(c, asked);
  const words = wordsFor(c);
  const page = {
    ...{ nonce, isEmbed, title: words.password, body: passwordForm(words, isEmbed) },
    visit: { isEmbed, api, unlock: `${api}/unlock`, shown: null, lists: [], words: words.script },
  };
  return answer(c, page, { frames, isListed: false, status: 200 });
}

function apiOf(c: Context<AppEnv>, { kind, key }: Asked): string {
  if (kind === "share") return `/v1/shared/${key}`;
  const token = c.req.query("token");
  return `/v1/public/videos/${key}${token === undefined ? "" : `?token=${encodeURIComponent(token)}`}`;
}

function addressesOf(c: Context<AppEnv>, { kind, key }: Asked) {
  const base = c.get("config").STORAGEX_PUBLIC_URL;
  const page = `${base}/${kind === "share" ? "s" : "watch"}/${key}`;
  return {
    page,
    embed: `${base}/embed/${kind === "share" ? "s/" : ""}${key}`,
    poster: `${page}/poster.jpg`,
    oembed: `${base}/oembed?url=${encodeURIComponent(page)}&format=json`,
  };
}

type How = { frames: readonly string[]; isListed: boolean; status: 200 | 403 | 404 };

/** Compressed by the runtime where the browser takes it: playlists repeat themselves. */
async function answer(c: Context<AppEnv>, page: Page, { frames, isListed, status }: How): Promise<Response> {
  const isFound = status === 200 && isListed;
  c.set("answers", page.isEmbed ? "embed" : isFound ? "watch" : "page");
  const ancestors = page.isEmbed ? (frames.length > 0 ? frames.join(" ") : "*") : "'none'";
  const media = new URL(c.get("config").S3_PUBLIC_ENDPOINT).origin;
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'nonce-${page.nonce}'`,
      "style-src-attr 'unsafe-inline'",
      "font-src 'self'",
      `img-src 'self' data: ${media}`,
      `media-src 'self' blob: ${media}`,
      `connect-src 'self' ${media}`,
      "form-action 'none'",
      "base-uri 'none'",
      `frame-ancestors ${ancestors}`,
    ].join("; "),
    vary: `accept-encoding, ${LANGUAGE_VARY}`,
  });
  if (takesGzip(c.req.header("accept-encoding"))) headers.set("content-encoding", "gzip");
  return new Response(htmlOf(page, languageOfPage(c)), { status, headers });
}

/** A fresh address of the poster; a 404 for whatever does not show one. */
export async function answerPoster(c: Context<AppEnv>, asked: Asked): Promise<Response> {
  try {
    const entry = await enter(c, asked);
    const poster = "locked" in entry ? null : (await shownVideo(edgeOf(c), entry)).video.poster;
    if (poster !== null) {
      c.set("answers", "media");
      return new Response(null, {
        status: 302,
        headers: { location: poster, "cache-control": "private, max-age=60" },
      });
    }
  } catch (error) {
    if (!(error instanceof Problem) || !isExplained(error.code)) throw error;
  }
  return new Response("Not found\n", {
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}
