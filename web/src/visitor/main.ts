/** The entry of a visitor's page: watch pages, shares and embedded players. */

import type { Visit } from "../../visitor.d.ts";
import { type ShownVideo, sendPassword, shownVideoPath } from "./api.ts";
import { clock, filled, make } from "./dom.ts";
import { setStage } from "./stage.ts";
import { readWishes } from "./wishes.ts";

const wishes = readWishes(location.search);

function start(visit: Visit, shown: NonNullable<Visit["shown"]>, unlock: string | null): void {
  const frame = document.getElementById("frame");
  if (!frame) return;
  if (!shown.playback?.hls) {
    waitUntilReady(visit, unlock);
    return;
  }
  const stage = setStage(frame, visit, shown, wishes, unlock);
  for (const chapter of document.querySelectorAll<HTMLElement>("[data-at]"))
    chapter.addEventListener("click", () => stage.seek(Number(chapter.dataset.at)));
  // Fonts would take the line from the first picture.
  const video = frame.querySelector("video");
  const dress = () => document.documentElement.classList.add("fonts");
  if (wishes.autoplay) video?.addEventListener("playing", dress, { once: true });
  else addEventListener("load", dress);
}

/** It becomes playable by itself: then the page begins anew. */
function waitUntilReady(visit: Visit, unlock: string | null): void {
  const timer = setInterval(async () => {
    const answer = await shownVideoPath(visit.api, unlock).catch(() => undefined);
    const isReady = answer?.kind === "shown" && answer.shown.playback?.hls;
    if (!isReady && answer?.kind !== "gone") return;
    clearInterval(timer);
    location.reload();
  }, 5_000);
}

const STORED = `storagex.unlock.${location.pathname.split("/").at(-1)}`;

/** For this tab only; blocked storage asks again. */
const stored = {
  read: () => {
    try {
      return sessionStorage.getItem(STORED);
    } catch {
      return null;
    }
  },
  write: (unlock: string) => {
    try {
      sessionStorage.setItem(STORED, unlock);
    } catch {
      // Storage is blocked.
    }
  },
};

/** Shows what an unlocked share holds, in the place of the form. */
async function open(visit: Visit, unlock: string): Promise<boolean> {
  const answer = await shownVideoPath(visit.api, unlock);
  if (answer.kind !== "shown") return false;
  const { video, playback } = answer.shown;
  const frame = make(
    "div",
    { id: "frame", class: playback?.hls ? "frame" : "frame unready" },
    make("video", {
      playsinline: true,
      crossorigin: "anonymous",
      preload: "none",
      poster: video.poster ?? undefined,
    }),
  );
  if (video.width && video.height) frame.style.setProperty("--shape", `${video.width} / ${video.height}`);
  if (!playback?.hls) frame.append(make("p", { class: "notice", role: "status" }, visit.words.notReady));
  const texts = visit.isEmbed
    ? []
    : [
        make("h1", { dir: "auto" }, video.title),
        ...(video.description ? [make("p", { class: "text", dir: "auto" }, video.description)] : []),
        ...chapterList(visit.words.chapters, video.chapters),
        ...(playback?.download
          ? [make("p", {}, make("a", { class: "button", href: playback.download }, visit.words.download))]
          : []),
      ];
  document.getElementById("content")?.replaceChildren(frame, ...texts);
  if (!visit.isEmbed) document.title = `${video.title} · StorageX`;
  start(visit, answer.shown, unlock);
  frame.querySelector<HTMLElement>("button")?.focus();
  return true;
}

/** As the Worker writes it into the page of a video without a password. */
function chapterList(label: string, chapters: ShownVideo["video"]["chapters"]): HTMLElement[] {
  if (chapters.length === 0) return [];
  const items = chapters.map(({ start, title }) =>
    make(
      "li",
      {},
      make(
        "button",
        { type: "button", "data-at": String(start) },
        make("time", {}, clock(start)),
        make("span", { dir: "auto" }, title),
      ),
    ),
  );
  return [make("ol", { "aria-label": label }, ...items)];
}

function askPassword(visit: Visit, path: string): void {
  const form = document.querySelector("form");
  const field = form?.querySelector("input");
  const complaint = document.getElementById("complaint");
  if (!form || !field || !complaint) return;
  const { words } = visit;
  const complain = (text: string) => {
    complaint.textContent = text;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await sendPassword(path, field.value).catch(() => ({ kind: "failed" as const }));
    if (answer.kind === "unlocked") {
      stored.write(answer.unlock);
      const isOpen = await open(visit, answer.unlock).catch(() => undefined);
      if (isOpen === undefined) complain(words.noAnswer);
      else if (!isOpen) location.reload();
    } else if (answer.kind === "wrong") complain(words.wrongPassword);
    else if (answer.kind === "later")
      complain(filled(words.tooManyTries, { minutes: String(Math.ceil(answer.seconds / 60)) }));
    else complain(words.noAnswer);
  });
}

const data = document.getElementById("visit")?.textContent;
if (data) {
  const visit: Visit = JSON.parse(data);
  if (visit.shown) start(visit, visit.shown, null);
  else if (visit.unlock) {
    const before = stored.read();
    const { unlock } = visit;
    const isOpen = before === null ? false : await open(visit, before).catch(() => false);
    if (!isOpen) askPassword(visit, unlock);
  }
}
