/** Whether hls.js in Chromium plays a presentation: its beginning, and after a seek its end. */
import { createRequire } from "node:module";
import { type Browser, visit } from "./browser.ts";
import { playerState, startPlayer } from "./hls-page.ts";

const HLS_JS = createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js");
const PATIENCE = 180_000;

/**
 * `began`: playback moved on from zero; `ended`: it reached the end; `duration` as the player states it
 * (seconds).
 */
export type Played = { began: boolean; ended: boolean; duration: number; errors: string[] };

/** Plays `hls` on a page of the origin `base`; skips what lies between the first second and the last two. */
export async function played(browser: Browser, base: string, hls: string): Promise<Played> {
  const { context, page, complaints } = await visit(browser, base, { bypassCSP: true });
  try {
    await page.goto("/healthz");
    await page.setContent("<!doctype html><video muted playsinline></video>");
    await page.addScriptTag({ path: HLS_JS });
    await page.evaluate(startPlayer, { url: hls, level: 0 });
    const reached = (test: () => boolean) =>
      page.waitForFunction(test, null, { timeout: PATIENCE }).then(
        () => true,
        () => false,
      );
    const began = await reached(() => {
      const video = document.querySelector("video");
      return (video?.currentTime ?? 0) > Math.min(1, (video?.duration ?? 0) / 2);
    });
    await page.evaluate(() => {
      const video = document.querySelector("video");
      if (video && video.duration > 4) video.currentTime = video.duration - 2;
    });
    const ended = await reached(() => document.querySelector("video")?.ended ?? false);
    const duration = await page.evaluate(() => document.querySelector("video")?.duration ?? 0);
    const { errors } = await page.evaluate(playerState);
    return { began, ended, duration, errors: [...errors, ...complaints] };
  } finally {
    await context.close();
  }
}
