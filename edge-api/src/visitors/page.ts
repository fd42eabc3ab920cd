/** The pages of visitors as HTML: complete with what they play, so that only the player and the picture are fetched. */

import type { Language } from "@storagex/contract/language";
import type { ShownVideo } from "@storagex/contract/sharing";
import { escaped } from "@storagex/contract/text/html";
import { chaptersOf, withoutChapters } from "@storagex/contract/videos/chapters";
import type { ScriptWords, Visit } from "@storagex/web/visitor";
import visitor from "@storagex/web/visitor";
import { scriptJson } from "../pages/html.ts";
import type { PageWords } from "./messages/words.ts";
import { VISITOR_STYLE } from "./style.ts";

export type Page = {
  nonce: string;
  title: string;
  isEmbed: boolean;
  /** Elements of the head. */
  meta?: string;
  /** Elements of `main`. */
  body: string;
  visit?: Visit;
  /** Plays at once: the player is loaded along, and the poster is not. */
  plays?: boolean;
};

export function htmlOf(
  { nonce, title, isEmbed, meta = "", body, visit, plays = false }: Page,
  language: Language,
): string {
  // A frame that may never be played costs only its first script.
  const isNeeded = visit?.shown?.playback && (plays || !isEmbed);
  const scripts = visit ? [visitor.main, ...(isNeeded ? [visitor.hls, ...visitor.shared] : [])] : [];
  // Where a video plays, its script adds the fonts after the first picture.
  const fonts = visit?.shown?.playback?.hls ? "" : " fonts";
  return `<!doctype html>
<html lang="${language}" class="${isEmbed ? "embed" : "page"}${fonts}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · StorageX</title>
${scripts.map((url) => `<link rel="modulepreload" href="${url}">`).join("\n")}
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
${meta}
<style nonce="${nonce}">${VISITOR_STYLE}</style>
</head>
<body>
${isEmbed ? "" : '<header><a class="mark" href="/" aria-label="StorageX">Storage<span>X</span></a></header>'}
<main id="content">
${body}
</main>
${visit ? `<script type="application/json" id="visit">${scriptJson(visit)}</script>\n<script type="module" src="${visitor.main}"></script>` : ""}
</body>
</html>
`;
}

/** The player's place, with the poster from the first paint on. */
export function frameOf(
  words: ScriptWords,
  { video, playback }: ShownVideo,
  plays: boolean,
  nonce: string,
): string {
  const shape = video.width && video.height ? `${video.width} / ${video.height}` : "16 / 9";
  const poster = video.poster && !plays ? ` poster="${escaped(video.poster)}"` : "";
  const isReady = Boolean(playback?.hls);
  const notice = isReady ? "" : `<p class="notice" role="status">${escaped(words.notReady)}</p>`;
  return `<style nonce="${nonce}">#frame { --shape: ${shape}; }</style>
<div id="frame" class="frame${isReady ? "" : " unready"}"><video playsinline crossorigin="anonymous" preload="none"${poster} aria-label="${escaped(video.title)}"></video>${notice}</div>`;
}

/** Title, description, chapters and download beneath the player. */
export function textsOf(words: ScriptWords, { video, playback }: ShownVideo): string {
  const all = chaptersOf(video.chapters, video.description, video.duration);
  // Those that were written into the description have a list of their own.
  const text = video.chapters.length > 0 ? video.description : withoutChapters(video.description);
  const chapters = all.map(
    ({ start, title }) =>
      `<li><button type="button" data-at="${start}"><time>${clock(start)}</time><span dir="auto">${escaped(title)}</span></button></li>`,
  );
  return `<h1 dir="auto">${escaped(video.title)}</h1>
${text ? `<p class="text" dir="auto">${escaped(text)}</p>` : ""}
${chapters.length > 0 ? `<ol aria-label="${escaped(words.chapters)}">${chapters.join("")}</ol>` : ""}
${playback?.download ? `<p><a class="button" href="${escaped(playback.download)}">${escaped(words.download)}</a></p>` : ""}`;
}

/** The form of a share that has a password: it says nothing of the video. */
export function passwordForm(words: PageWords, isEmbed: boolean): string {
  const title = escaped(words.hasPassword);
  return lostFrame(
    `<form method="post">${isEmbed ? "" : `<h1>${title}</h1>`}<label for="password">${isEmbed ? title : escaped(words.password)}</label>
<input id="password" type="password" name="password" autocomplete="off" required aria-describedby="complaint"${isEmbed ? "" : " autofocus"}>
<p id="complaint" role="alert"></p>
<button class="button signal">${escaped(words.watch)}</button></form>`,
    words.locked,
  );
}

/** `status` is the page's own. */
export function nothingHere(words: PageWords, why: string, status: number, isEmbed: boolean): string {
  const title = escaped(words.nothingHere);
  const text = `<p>${escaped(why)}</p>`;
  if (isEmbed) return lostFrame(`<div class="card"><h1>${title}</h1>${text}</div>`, words.lostFootage);
  const large = lostFrame(`<p class="status" aria-hidden="true">${status}</p>`, words.lostFootage);
  return `${large}\n<h1 class="headline">${title}</h1>\n${text}`;
}

/** What stands in the player's place. */
const lostFrame = (content: string, label: string): string =>
  `<div class="lost"><div class="hatch">${content}</div><div class="status-bar"><span>${escaped(label)}</span><span class="time">0:00 / 0:00</span></div></div>`;

function clock(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
