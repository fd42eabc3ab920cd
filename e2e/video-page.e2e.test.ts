/** The page of a finished video at four widths: what it costs at rest, that nothing shifts, and its player. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ended, expectJson, PASSWORD, type Person, register, until, upload } from "./testing/account.ts";
import { inspect, launch, visit, watchShifts } from "./testing/browser.ts";
import { clip } from "./testing/clips.ts";
import type { Stack } from "./testing/running-stack.ts";
import { sharedStack } from "./testing/shared-stack.ts";

const TITLE = "clip-1280x720-4";
const SIZES = [
  { name: "desktop", width: 1280, height: 720 },
  { name: "phone", width: 390, height: 844 },
] as const;
/** Of everything the page loads until somebody presses play. */
const MAX_BYTES = 1_000_000;
const MAX_REQUESTS = 60;
const MAX_SHIFT = 0.02;
const MAX_PHONE_HEIGHT = 2_000;

let stack: Stack;
let browser: Awaited<ReturnType<typeof launch>>;
let owner: Person;
let id: string;

beforeAll(async () => {
  stack = await sharedStack();
  browser = await launch();
  owner = await register(() => stack.url);
  id = await upload(owner, await clip(4));
  expect((await until(owner, id, ended)).status).toBe("completed");
  await describeVideo();
});
afterAll(() => browser?.close());

/** Chapters by the description, and captions in two languages. */
async function describeVideo(): Promise<void> {
  const description = "Test bars.\n0:00 The beginning\n0:02 The end";
  await expectJson(await owner.call("PATCH", `/v1/videos/${id}`, { description, tags: ["test card"] }), 200);
  for (const [language, label, words] of [
    ["en", "English", "Hello, world"],
    ["de", "Deutsch", "Guten Tag, Welt"],
  ]) {
    const content = `1\n00:00:00,000 --> 00:00:19,000\n${words}\n`;
    const added = await owner.call("POST", `/v1/videos/${id}/captions`, { language, label, content });
    await expectJson(added, 201);
  }
}

const isPast = (seconds: number) => (document.querySelector("video")?.currentTime ?? 0) > seconds;

describe.each(SIZES)("a video page, $name", ({ name, width, height }) => {
  test("loads little at rest, shifts nothing, and its player does what its menu says", async () => {
    const { page, context, complaints } = await visit(browser, stack.url, { viewport: { width, height } });
    try {
      await signIn(page);
      // What the library still loads is not the video page's.
      await page.goto("about:blank");
      const loaded = await countLoads(page);
      const shift = await watchShifts(page);
      await page.goto(`/videos/${id}`);
      const play = page.getByRole("button", { name: `Play ${TITLE}` });
      await play.waitFor();
      await page.getByRole("link", { name: "Download MP4" }).waitFor();
      await page.getByRole("img", { name: `Poster of ${TITLE}` }).waitFor();
      await loaded.end();

      expect(loaded.media, "asked for before anybody pressed play").toEqual([]);
      expect(loaded.bytes()).toBeGreaterThan(50_000);
      expect(loaded.bytes()).toBeLessThan(MAX_BYTES);
      expect(loaded.requests()).toBeLessThan(MAX_REQUESTS);
      if (name === "phone")
        expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(
          MAX_PHONE_HEIGHT,
        );

      const before = await frameHeight(page);
      await play.focus();
      await page.keyboard.press("Enter");
      await page.waitForFunction(isPast, 0.5);
      expect(await frameHeight(page), "the player is as high as its poster was").toBe(before);
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("MEDIA-PLAYER");
      if (name === "phone")
        expect(await page.evaluate(() => document.querySelector("video")?.videoWidth)).toBe(640);
      await expect.poll(() => rowsOfButtons(page), { message: "the buttons stand in one row" }).toBe(1);
      expect(await shift()).toBeLessThan(MAX_SHIFT);

      await useMenu(page);
      await useKeysAndChapters(page, name);
      await resumes(page);
      await page.setViewportSize({ width, height });
      await page.evaluate(() => {
        for (const time of document.querySelectorAll("media-time")) time.textContent = "10:23:45";
      });
      await inspect(page, `the page of a video of hours, ${name}`, [width]);
      if (name === "desktop") {
        await beginsAtChapter(page);
        await showsNumbersWithoutPlot(page);
      }
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  });
});

test("a phone loads what it can show from the first segment on, however late it hears of its size", async () => {
  const { page, context } = await visit(browser, stack.url, { viewport: { width: 390, height: 844 } });
  try {
    await page.addInitScript(() => {
      const Own = window.ResizeObserver;
      window.ResizeObserver = class extends Own {
        constructor(hear: ResizeObserverCallback) {
          super((...sizes) => void setTimeout(hear, 3_000, ...sizes));
        }
      };
    });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await signIn(page);
    await page.goto(`/videos/${id}`);
    await page.getByRole("button", { name: `Play ${TITLE}` }).press("Enter");
    await page.waitForFunction(isPast, 0.5);
    const playlists = asked.filter((path) => /p\.m3u8$/.test(path)).map((path) => path.split("/").at(-1));
    expect(playlists).toEqual(["360p.m3u8"]);
  } finally {
    await context.close();
  }
});

test("nothing shifts between the phone and the large screen either, while it begins to play", async () => {
  const { page, context } = await visit(browser, stack.url, { viewport: { width: 820, height: 1180 } });
  try {
    await signIn(page);
    const shift = await watchShifts(page);
    for (const [width, height] of [
      [820, 1180],
      [1440, 900],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto(`/videos/${id}`);
      await page.getByRole("link", { name: "Download MP4" }).waitFor();
      await page.getByRole("img", { name: `Poster of ${TITLE}` }).waitFor();
      await page.getByRole("button", { name: `Play ${TITLE}` }).press("Enter");
      await page.waitForFunction(isPast, 0.5);
      expect(await shift(), `${width} px`).toBeLessThan(MAX_SHIFT);
    }
  } finally {
    await context.close();
  }
});

/** Where the script that draws is gone, that is said, and the numbers are there. */
async function showsNumbersWithoutPlot(page: Page): Promise<void> {
  await page.route("**/plot-canvas-*.js", (route) => route.fulfill({ status: 404 }));
  await page.getByText("Statistics", { exact: true }).click();
  await page.getByRole("alert").getByText("Reload this page.").waitFor();
  await page.getByText("Show as table").first().click();
  await page.getByRole("columnheader", { name: "From" }).first().waitFor();
}

async function useMenu(page: Page): Promise<void> {
  await page.getByText("Hello, world").waitFor();
  const settings = page.getByRole("button", { name: "Settings" });
  await settings.click();
  const menu = page.getByRole("group", { name: "Player settings" });
  // It is a menu, not a line, within the picture, and has its rows one below the other.
  await expect.poll(async () => (await menu.boundingBox())?.height).toBeGreaterThan(150);
  const player = page.locator(".player");
  expect((await menu.boundingBox())?.y).toBeGreaterThanOrEqual((await player.boundingBox())?.y ?? 0);
  expect(await menu.evaluate((rows) => rows.scrollWidth - rows.clientWidth)).toBe(0);
  await menu.getByLabel("Captions", { exact: true }).selectOption({ label: "Deutsch" });
  await page.getByText("Guten Tag, Welt").waitFor();
  await menu.getByLabel("Caption style").selectOption({ label: "Black on white" });
  const cue = page.locator('.vds-captions [data-part="cue"]');
  await expect.poll(() => cue.evaluate((each) => getComputedStyle(each).color)).toBe("rgb(0, 0, 0)");
  await menu.getByLabel("Captions", { exact: true }).selectOption({ label: "Off" });
  await page.getByText("Guten Tag, Welt").waitFor({ state: "hidden" });
  await menu.getByLabel("Speed").selectOption({ label: "0.5×" });
  const rate = () => page.evaluate(() => document.querySelector("video")?.playbackRate);
  await expect.poll(rate).toBe(0.5);
  await menu.getByLabel("Quality").selectOption({ label: "360p" });
  await expect.poll(() => menu.getByLabel("Quality").locator("option:checked").textContent()).toBe("360p");
  // Escape closes it also where nothing in it has the focus: after a press between its lines, for one.
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "hidden" });
  await expect.poll(() => settings.evaluate((button) => button === document.activeElement)).toBe(true);
}

async function useKeysAndChapters(page: Page, name: string): Promise<void> {
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await sheet.getByText("play or pause").waitFor();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  if (name === "desktop") {
    const stage = page.locator(".stage");
    const wide = async () => (await stage.boundingBox())?.width ?? 0;
    const usual = await wide();
    await page.getByRole("button", { name: "Theatre" }).click();
    await expect.poll(wide).toBeGreaterThan(usual + 200);
    await page.keyboard.press("t");
    await expect.poll(wide).toBe(usual);
  }
  await page.getByRole("button", { name: "The end" }).click();
  await page.waitForFunction(isPast, 2);
  await page.locator('.chapter[aria-current="true"]').getByText("The end").waitFor();
}

/** After a reload the page offers to continue, and does. */
async function resumes(page: Page): Promise<void> {
  await page.locator("video").evaluate((video: HTMLVideoElement) => {
    video.pause();
    video.currentTime = 2.5;
  });
  await page.waitForFunction(() => document.querySelector("video")?.seeking === false);
  await page.reload();
  await page.getByText("continues at 0:02").waitFor();
  await page.getByRole("button", { name: `Play ${TITLE}` }).click();
  await page.waitForFunction(isPast, 2);
  // What was chosen in the menu is still chosen.
  await expect.poll(() => page.evaluate(() => document.querySelector("video")?.playbackRate)).toBe(0.5);
  await page.locator("video").evaluate((video: HTMLVideoElement) => video.pause());
}

/** Who chooses a chapter while the player still loads is not taken back to where they stopped. */
async function beginsAtChapter(page: Page): Promise<void> {
  await page.reload();
  await page.getByText("continues at 0:02").waitFor();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await page.route("**/*.m3u8", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("button", { name: `Play ${TITLE}` }).click();
  await page.locator("media-player").waitFor();
  await page.getByRole("button", { name: "The beginning" }).click();
  release();
  // At half its speed, it needs three seconds to get there.
  await page.waitForFunction(() => {
    const { readyState = 0, paused = true, currentTime = 9 } = document.querySelector("video") ?? {};
    return readyState > 2 && !paused && currentTime > 0 && currentTime < 1.5;
  });
  await page.unroute("**/*.m3u8");
}

async function signIn(page: Page): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  // By keyboard: a pointer that stays over a card of the library would load its preview.
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: TITLE }).waitFor();
}

/** Counts what the page loads from now on, without the browser's cache. */
async function countLoads(page: Page) {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  let requests = 0;
  const media: string[] = [];
  network.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  network.on("Network.requestWillBeSent", ({ request }) => {
    requests += 1;
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/play/") || /\.(m3u8|m4s|mp4)$/.test(pathname)) media.push(pathname);
  });
  /** Waits until two seconds bring nothing more. The stream of events never ends: no idle network to wait for. */
  const end = async () => {
    for (let before = -1; before !== bytes; await sleep(2_000)) before = bytes;
  };
  return { bytes: () => bytes, requests: () => requests, media, end };
}

const frameHeight = (page: Page) =>
  page.locator(".player-frame").evaluate((frame) => Math.round(frame.getBoundingClientRect().height));

const rowsOfButtons = (page: Page) =>
  page.locator(".player-buttons .player-button:visible").evaluateAll((buttons) => {
    const tops = buttons.map((button) => Math.round(button.getBoundingClientRect().top));
    return new Set(tops).size;
  });
