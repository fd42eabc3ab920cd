/** What a person sees of a video that is encoded while it is uploaded: watched, left and resumed; or refused early. */
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BrowserContext } from "@playwright/test";
import { describe, expect, test } from "vitest";
import {
  card,
  chooseFiles,
  type Here,
  inspect,
  partNumberOf,
  registerHere,
  throttleOf,
  withholdPart,
} from "../testing/browser.ts";
import { countedClip } from "../testing/counted-clip.ts";

const MIB = 1024 * 1024;

/**
 * Somebody who has watched the first `stored` seconds of the video at `url`, and waits two minutes for more: in the
 * page's time, with everything that it does meanwhile.
 */
async function stalledViewer(context: BrowserContext, url: string, stored: number) {
  const viewer = await context.newPage();
  await viewer.clock.install();
  await viewer.goto(url);
  const placeOf = () => viewer.evaluate(() => document.querySelector("video")?.currentTime ?? 0);
  await viewer
    .getByRole("button", { name: /^(Play|Watch)/ })
    .first()
    .click();
  await viewer.waitForFunction((seconds) => {
    const video = document.querySelector("video");
    // Before it plays, the player goes to where its owner stopped.
    if (!video || video.paused || video.seekable.length === 0) return false;
    if (video.seekable.end(0) < seconds - 0.1) return false;
    video.currentTime = seconds - 1;
    return true;
  }, stored);
  await viewer.waitForFunction((seconds) => {
    const { readyState = 4, currentTime = 0 } = document.querySelector("video") ?? {};
    return readyState < 3 && currentTime > seconds - 0.5;
  }, stored);
  // A player's clock runs a little past the last frame, and is set back to it.
  let stalledAt = await placeOf();
  await expect
    .poll(async () => {
      const before = stalledAt;
      await sleep(1_000);
      stalledAt = await placeOf();
      return stalledAt === before;
    })
    .toBe(true);
  for (let seconds = 0; seconds < STALL_SECONDS; seconds += 5) {
    await viewer.clock.runFor(5_000);
    await viewer.evaluate(() => fetch("/healthz"));
  }
  expect(await placeOf()).toBeCloseTo(stalledAt, 1);
  await viewer.clock.resume();
  return {
    /** Resolves when it plays beyond where it waited. */
    async playsOn(): Promise<void> {
      await viewer.waitForFunction(
        (seconds) => (document.querySelector("video")?.currentTime ?? 0) > seconds,
        stalledAt + 3,
      );
      await viewer.close();
    },
  };
}

const STALL_SECONDS = 120;

/** Tests about early starts, with the stack and the visit of `here`. */
export function earlyTests(here: Here): void {
  describe("an upload that is encoded meanwhile", () => {
    test("is watched before its last part is sent, survives a reload and a stall of two minutes, and is whole", async () => {
      const { page, context } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "summer-film.mp4");
      await copyFile(await countedClip(36, 25, "640x360", "filled"), path);
      const throttle = await throttleOf(page);
      await throttle(4_000_000);
      // One part, of the film's 20th second on, is not sent until the film has been watched, however fast the machine is.
      const withheld = 4;
      const put: number[] = [];
      page.on("response", (answer) => {
        if (answer.request().method() === "PUT" && answer.ok()) put.push(partNumberOf(answer.url()));
      });
      const release = await withholdPart(context, withheld);
      await chooseFiles(page, [path]);
      const film = card(page, "summer-film");
      const watch = film.getByRole("link", { name: /Uploading \d+%\s*Watch now/ });
      await watch.waitFor();
      await inspect(page, "a card of what is uploaded and watched", [390]);
      await watch.click();
      await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.5);
      const stage = page.locator(".stage");
      await stage.getByRole("button", { name: /Uploading \d+%/ }).waitFor();
      await page.getByText("not uploaded yet").first().waitFor();
      // The tray covers no end of the timeline: it is one line until it is opened.
      const tray = page.getByRole("complementary", { name: "Uploads" });
      await tray.getByRole("button", { name: /^1 upload/ }).waitFor();
      expect((await tray.boundingBox())?.height).toBeLessThan(60);
      await inspect(page, "the page of what is uploaded and watched");
      const viewer = await stalledViewer(context, page.url(), 20);

      // Leaving interrupts the upload, and says so; what is encoded stays.
      const asked = page.waitForEvent("dialog");
      const reloaded = page.reload();
      const dialog = await asked;
      expect(dialog.type()).toBe("beforeunload");
      await dialog.accept();
      await reloaded;
      await stage.getByRole("button", { name: /Unfinished [1-9]\d*%/ }).waitFor();
      const before = new Set(put);
      await page.goto("/");
      await film.getByRole("link", { name: /Unfinished [1-9]\d*%\s*Watch now/ }).waitFor();
      release();
      await throttle(-1);
      put.length = 0;
      await chooseFiles(page, [path]);
      await film.getByRole("link", { name: /Ready/ }).waitFor();
      expect(put).toContain(withheld);
      expect(put.filter((number) => before.has(number))).toEqual([]);
      await viewer.playsOn();
    });

    test("and is no video stops by itself and says why", async () => {
      const { page, context } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "shopping-list.mp4");
      await writeFile(path, Buffer.alloc(60 * MIB, "milk, eggs, flour\n"));
      // It can never be complete: only its refusal ends it.
      await context.route(/\/parts\/0000[45]/, () => undefined);
      await chooseFiles(page, [path]);
      const list = card(page, "shopping-list");
      await list.getByRole("button", { name: /Failed\s*Upload another/ }).waitFor();
      const tray = page.getByRole("complementary", { name: "Uploads" });
      await tray.getByRole("button", { name: "1 stopped" }).click();
      await tray.getByText("Failed · see why").waitFor();
      await page.getByText(/on the way/).waitFor({ state: "detached" });
      await tray.getByRole("link", { name: /shopping-list/ }).click();
      await page.getByRole("heading", { level: 1, name: "shopping-list" }).waitFor();
      await page.getByText("This is not a video file we can read.").waitFor();
      await inspect(page, "an upload that was refused", [390]);
    });
  });
}
