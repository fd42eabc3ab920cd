/** The player of a visitor's page: loads what plays only when it is asked for, and fresh addresses when they are over. */

import type { Visit } from "../../visitor.d.ts";
import { type ShownVideo, shownVideoPath } from "./api.ts";
import { addControls } from "./controls.ts";
import { make } from "./dom.ts";
import type { Engine } from "./hls.ts";
import { speakPlayerJs } from "./player-js.ts";
import { reportPlaying } from "./report.ts";
import type { Wishes } from "./wishes.ts";

const HLS_TYPE = "application/vnd.apple.mpegurl";
/** Two refusals closer than this mean that fresh addresses do not help. Milliseconds. */
const TOO_SOON = 5_000;

export type Stage = { seek: (seconds: number) => void };

/** Makes the page's frame a player of `shown`. */
export function setStage(
  frame: HTMLElement,
  visit: Visit,
  shown: ShownVideo,
  wishes: Wishes,
  unlock: string | null,
): Stage {
  const video = frame.querySelector("video") ?? make("video");
  let hls = shown.playback?.hls ?? null;
  let engine: Engine | undefined;
  let isLoading = false;
  let refreshedAt = Number.NEGATIVE_INFINITY;

  const hideNotice = () => frame.querySelector(".notice")?.remove();
  const showNotice = (text: string) => {
    hideNotice();
    frame.append(make("p", { class: "notice", role: "status" }, text));
  };

  async function load(start: number): Promise<void> {
    if (isLoading || hls === null) return;
    isLoading = true;
    const hasMse = "ManagedMediaSource" in window || "MediaSource" in window;
    if (!hasMse && video.canPlayType(HLS_TYPE)) {
      video.src = hls;
      if (start > 0)
        video.addEventListener("loadedmetadata", () => (video.currentTime = start), { once: true });
      return;
    }
    const loaded = await import("./hls.ts").catch(() => undefined);
    if (!loaded) {
      isLoading = false;
      // It only waits: pressed again, it tries again.
      video.pause();
      showNotice(visit.words.notLoading);
      return;
    }
    hideNotice();
    engine?.destroy();
    const lists = refreshedAt > 0 ? [] : visit.lists;
    engine = loaded.attachHls(video, { url: hls, lists, start, onRefused: (isOver) => void renew(isOver) });
  }

  /** Asks for fresh addresses and goes on at the same place; says so where the right to watch has ended. */
  async function renew(isOver: boolean): Promise<void> {
    if (performance.now() - refreshedAt < TOO_SOON) {
      if (!isOver) showNotice(visit.words.notLoading);
      return;
    }
    refreshedAt = performance.now();
    const answer = await shownVideoPath(visit.api, unlock).catch(() => undefined);
    if (answer?.kind === "gone" || answer?.kind === "locked") {
      video.pause();
      engine?.destroy();
      video.removeAttribute("src");
      hls = null;
      showNotice(visit.words.notShared);
      return;
    }
    if (answer?.kind !== "shown" || !answer.shown.playback?.hls) return;
    const [at, wasPaused] = [video.currentTime, video.paused];
    hls = answer.shown.playback.hls;
    isLoading = false;
    await load(at);
    if (!wasPaused) await video.play().catch(() => undefined);
  }

  const play = () => {
    void load(wishes.start);
    // Refused where a browser wants a click first: the big button stays.
    video.play().catch(() => undefined);
  };
  const toggle = () => (video.paused ? play() : video.pause());

  video.loop = wishes.loop;
  video.muted = wishes.muted;
  const captions = shown.playback?.captions ?? [];
  for (const { id, url, label, language } of captions)
    video.append(make("track", { id, kind: "subtitles", src: url, label, srclang: language ?? "und" }));
  addControls(
    {
      video,
      frame,
      duration: () => shown.video.duration ?? (Number.isFinite(video.duration) ? video.duration : 0),
      toggle,
      heights: () => engine?.heights() ?? [],
      choose: (height) => engine?.choose(height),
      captions,
      showsCaptions: wishes.captions,
      words: visit.words,
    },
    wishes.controls,
  );
  speakPlayerJs(video, play);
  reportPlaying(video, {
    hls: () => hls,
    height: () => engine?.height() ?? 0,
    onRefused: () => void renew(true),
  });
  if (wishes.autoplay) play();
  return {
    seek: (seconds) => {
      if (isLoading) video.currentTime = seconds;
      else void load(seconds);
      video.play().catch(() => undefined);
    },
  };
}
