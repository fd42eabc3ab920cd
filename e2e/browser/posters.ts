/** Posters in the dashboard: a frame of the video, or an image of one's own. */
import type { Page } from "@playwright/test";
import { expect } from "vitest";
import { inspect } from "../testing/browser.ts";

const currentTimePast = (seconds: number) => (document.querySelector("video")?.currentTime ?? 0) > seconds;

/** Without the signature, which differs at each reading. */
export const pathOf = (url: string | null) => new URL(url ?? "").pathname;

/** From the open panel of posters: a frame of the video by the player's menu, then images from the disk. */
export async function makePosters(page: Page, image: Buffer): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Poster" });
  const last = dialog.getByRole("radio").last();
  const before = await dialog.getByRole("radio").count();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Play clip/ }).click();
  await page.waitForFunction(currentTimePast, 0.2);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Use this frame as the poster" }).press("Enter");
  await page.getByText("Poster changed.").waitFor();
  await page.getByRole("button", { name: "Poster", exact: true }).click();
  await expect.poll(() => dialog.getByRole("radio").count()).toBe(before + 1);
  expect(await last.isChecked()).toBe(true);
  await dialog.getByRole("button", { name: /^Use the frame at 0:\d\d$/ }).waitFor();

  const shown = () =>
    dialog.getByRole("radio").last().locator("xpath=following-sibling::img").getAttribute("src");
  const own = await shown();
  const choose = async (name: string, buffer: Buffer) => {
    const chooser = page.waitForEvent("filechooser");
    await dialog.getByRole("button", { name: "Upload image" }).press("Enter");
    await (await chooser).setFiles({ name, mimeType: "image/png", buffer });
  };
  await choose("diary.png", Buffer.from("Dear diary, today I was renamed."));
  await dialog.getByRole("alert").getByText("This is not a JPEG or PNG image.").waitFor();
  expect(await shown(), "a failure leaves the poster").toBe(own);
  await inspect(page, "the panel of posters");
  await choose("still.png", image);
  await expect.poll(shown).not.toBe(own);
  expect(await last.isChecked()).toBe(true);
  expect(await dialog.getByRole("radio").count()).toBe(before + 1);
  expect(await dialog.getByRole("alert").count()).toBe(0);
  await page.keyboard.press("Escape");
}
