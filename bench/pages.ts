/**
 * Measures what a visitor waits for: from the link to the first frame that moves, on a slow phone, beside
 * the 720p MP4 in a bare `<video>`.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "@playwright/test";
import { Command } from "commander";
import { z } from "zod";
import { expectJson, register } from "../e2e/testing/account.ts";
import { launchWhole } from "../e2e/testing/browser.ts";
import { footage } from "../e2e/testing/clips.ts";
import { startStack } from "../e2e/testing/running-stack.ts";
import { completed } from "../e2e/testing/whole-path.ts";
import { describeMachine } from "./transcode/machine.ts";

/** 1.6 Mbit/s each way, 150 ms, a processor a quarter as fast: a phone at the edge of its network. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000 };
const SLOWER = 4;
const MAX_RATIO = 1.5;
const LIMIT_MS = 60_000;

/** Milliseconds from the navigation to the second frame that is shown: the picture moves. */
async function firstPicture(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
    await devtools.send("Network.emulateNetworkConditions", NETWORK);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.addInitScript(() => {
      const watch = (video: HTMLVideoElement) =>
        video.requestVideoFrameCallback(() =>
          video.requestVideoFrameCallback((now) => Reflect.set(window, "moved", now)),
        );
      new MutationObserver((_, observer) => {
        const video = document.querySelector("video");
        if (!video) return;
        observer.disconnect();
        watch(video);
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(url, { waitUntil: "commit" });
    const moved = await page.waitForFunction(() => Reflect.get(window, "moved"), undefined, {
      timeout: LIMIT_MS,
    });
    return z.number().parse(await moved.jsonValue());
  } finally {
    await context.close();
  }
}

/** The file in a bare element, from a server of its own. */
async function barePage(mp4: string) {
  const html = `<!doctype html><title>Bare</title><video src="${mp4.replaceAll("&", "&amp;")}" muted autoplay playsinline></video>`;
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(html));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Prints the medians; fails where a page takes more than one and a half times as long as the bare element. */
export default async function run(args: readonly string[] = []): Promise<void> {
  const command = new Command("npm run bench pages --")
    .option("--turns <count>", "times that each is opened", "7")
    .option("--seconds <count>", "length of the clip", "60")
    .parse(args, { from: "user" });
  const { turns, seconds } = z
    .object({ turns: z.coerce.number().int().min(1).max(99), seconds: z.coerce.number().int().min(5) })
    .parse(command.opts());
  const machine = await describeMachine();
  const stack = await startStack();
  const browser = await launchWhole();
  try {
    const owner = await register(() => stack.url);
    const { video, playback } = await completed(
      { person: () => owner, url: () => stack.url },
      await footage(seconds),
      {},
    );
    await expectJson(await owner.call("PATCH", `/v1/videos/${video.id}`, { visibility: "public" }), 200);
    const bare = await barePage(playback.mp4);
    const asked = "?autoplay&muted";
    const pages = {
      "bare <video>, 720p MP4": bare.url,
      "/watch": `${stack.url}/watch/${video.id}${asked}`,
      "/embed": `${stack.url}/embed/${video.id}${asked}`,
    };
    const times = Object.fromEntries(Object.keys(pages).map((name) => [name, [] as number[]]));
    for (let turn = 0; turn < turns; turn += 1)
      for (const [name, url] of Object.entries(pages))
        times[name]?.push(Math.round(await firstPicture(browser, url)));
    bare.close();
    const [first = Number.NaN] = Object.values(times).map(median);
    process.stdout.write(
      `${machine.processor}, ${machine.cores} cores, ${Math.round(machine.busy * 100)} % busy\n`,
    );
    process.stdout.write(
      "| page | link to first moving frame, ms (median) | × bare | all |\n|---|---|---|---|\n",
    );
    for (const [name, all] of Object.entries(times))
      process.stdout.write(
        `| ${name} | ${median(all)} | ${(median(all) / first).toFixed(2)} | ${all.join(" ")} |\n`,
      );
    if (Object.values(times).some((all) => median(all) > MAX_RATIO * first)) process.exitCode = 1;
  } finally {
    await browser.close();
    await stack.dispose();
  }
}
