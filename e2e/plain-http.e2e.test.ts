/**
 * The dashboard and visitors' pages over plain http on a name of the local network, as STORAGEX_INSECURE_HTTP=1 allows:
 * browsers keep a part of what they can do from such pages.
 */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../testing/services/run-service.ts";
import { type Browser, card, launch, registerByForm, visit } from "./testing/browser.ts";
import { clip } from "./testing/clips.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

const HOST = "nas.test";
let stack: RunningStack;
let browser: Browser;

beforeAll(async () => {
  const port = await freePort();
  const started = await Promise.all([
    startStack({
      STORAGEX_WORKERS: "1",
      STORAGEX_PORT: String(port),
      STORAGEX_PUBLIC_URL: `http://${HOST}:${port}`,
      STORAGEX_INSECURE_HTTP: "1",
      STORAGEX_SHARING: "all",
    }),
    launch([`--host-resolver-rules=MAP ${HOST} 127.0.0.1`]),
  ]);
  [stack, browser] = started;
});
afterAll(async () => {
  await browser?.close();
  await stack?.dispose();
});

const currentTimePast = (seconds: number) => (document.querySelector("video")?.currentTime ?? 0) > seconds;

async function drop(page: Page, path: string, name: string): Promise<void> {
  const bytes = (await readFile(path)).toString("base64");
  const dropped = await page.evaluateHandle(
    ([base64, filename]) => {
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], filename, { type: "video/mp4" }));
      return transfer;
    },
    [bytes, name] as const,
  );
  await page.dispatchEvent("body", "dragenter", { dataTransfer: dropped });
  await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
}

test("a file is dropped, played, its link copied, and a visitor plays it from a chapter", async () => {
  const { page, context, complaints } = await visit(browser, stack.url);
  await registerByForm(page);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await drop(page, await clip(4), "harbour.mp4");
  const harbour = card(page, "harbour");
  await harbour.getByRole("link", { name: /Ready/ }).waitFor();
  await harbour.getByRole("button", { name: "Menu of harbour" }).click();
  await page.getByRole("menuitem", { name: "Copy link" }).click();
  await page.getByText("Link copied. Only you can open it.").waitFor();

  const own = page.waitForRequest(/\/v1\/videos\/[\w-]+$/);
  const beat = page.waitForRequest(/\/beat$/);
  await harbour.getByRole("link", { name: /Ready/ }).click();
  await page.waitForFunction(currentTimePast, 1);
  expect((await beat).postDataJSON()).toMatchObject({ session: expect.stringMatching(/^[\w-]{8,64}$/) });
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const described = page.evaluate(
    async ([path, authorization]) => {
      const body = JSON.stringify({ description: "0:00 The quay\n0:02 The boats", visibility: "public" });
      const headers = { authorization, "content-type": "application/json" };
      return (await fetch(path, { method: "PATCH", headers, body })).status;
    },
    [`/v1/videos/${id}`, (await own).headers().authorization ?? ""] as const,
  );
  expect(await described).toBe(200);

  const { page: guest, complaints: guests } = await visit(browser, stack.url);
  await guest.goto(`/watch/${id}?autoplay=1&muted=1`);
  await guest.waitForFunction(currentTimePast, 0.2);
  await guest.getByRole("button", { name: /The boats/ }).click();
  await guest.waitForFunction(currentTimePast, 2);
  // Of such pages the browser says that it ignores this header.
  const others = [...complaints, ...guests].filter((each) => !each.includes("Cross-Origin-Opener-Policy"));
  expect(others).toEqual([]);
  await guest.context().close();
  await context.close();
});
