/** Uploads in the dashboard: paused, resumed after a reload, cancelled, restarted, refused. */
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PARTS_PER_ANSWER } from "@storagex/contract/upload";
import { describe, expect, test } from "vitest";
import { card, chooseFiles, type Here, inspect, registerHere, throttleOf } from "../testing/browser.ts";
import { MAX_UPLOAD_BYTES } from "../testing/shared-stack.ts";

/** Tests about uploads, with the stack and the visit of `here`. */
export function uploadTests(here: Here): void {
  describe("an upload", () => {
    test("is paused, survives a reload, and sends only what is missing", async () => {
      const { page } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "long-walk.mp4");
      // Three parts; their content does not matter here.
      await writeFile(path, Buffer.alloc(40 * 1024 * 1024, 7));
      const throttle = await throttleOf(page);
      await throttle(12_000_000);
      const put: number[] = [];
      page.on("response", (answer) => {
        const number = new URL(answer.url()).searchParams.get("partNumber");
        if (answer.request().method() === "PUT" && answer.ok()) put.push(Number(number));
      });
      await chooseFiles(page, [path]);
      const walk = card(page, "long-walk");
      await expect.poll(() => put.length).toBeGreaterThan(0);
      await walk.getByRole("button", { name: /Uploading/ }).click();
      await walk.getByRole("button", { name: /Paused/ }).waitFor();
      await inspect(page, "a paused upload", [390]);
      const before = put.length;
      expect(before).toBeLessThan(PARTS_PER_ANSWER);

      await page.reload();
      await throttle(-1);
      await walk.getByRole("button", { name: /Unfinished [1-9]\d*%/ }).waitFor();
      await inspect(page, "an unfinished upload", [390]);
      // Another file is said to be another one, and nothing is sent.
      const other = join(here.stack().folder, "cup.mp4");
      await writeFile(other, Buffer.alloc(1_000, 7));
      const asked = page.waitForEvent("filechooser");
      await walk.getByRole("button", { name: /Unfinished/ }).click();
      await (await asked).setFiles([other]);
      const dialog = page.getByRole("dialog", { name: "Another file" });
      await dialog.getByText("cup.mp4").waitFor();
      await dialog.getByText("long-walk.mp4").waitFor();
      await inspect(page, "the question about another file", [390]);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      await chooseFiles(page, [path]);
      await walk
        .getByText(/Queued|Encoding|not a video/)
        .first()
        .waitFor({ timeout: 60_000 });
      expect(put.toSorted()).toEqual([1, 2, 3]);
    });

    test("is cancelled and leaves nothing behind", async () => {
      const { page } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "regret.mp4");
      await writeFile(path, Buffer.alloc(20 * 1024 * 1024, 7));
      const throttle = await throttleOf(page);
      await throttle(500_000);
      await chooseFiles(page, [path]);
      await card(page, "regret")
        .getByText(/Uploading/)
        .first()
        .waitFor();
      // The response with the video is delayed, so that the upload progresses in the middle of the
      // navigation.
      let held = 0;
      await page.route(/\/v1\/videos\/[\w-]{22}$/, async (route) => {
        held += 1;
        await sleep(1_500);
        await route.continue();
      });
      await card(page, "regret").getByRole("heading").getByRole("link").click();
      await page.getByText("On its way to storage.").waitFor();
      expect(held).toBeGreaterThan(0);
      const tray = page.getByRole("complementary", { name: "Uploads" });
      await tray.getByRole("button", { name: /^1 upload · \d+%/ }).waitFor();
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Library" }).click();
      // The bytes that are there are not thrown away by one press.
      const cancel = card(page, "regret").getByRole("button", { name: "Cancel the upload of regret.mp4" });
      await cancel.click();
      await page.getByRole("dialog").getByText("regret.mp4").waitFor();
      await inspect(page, "the question before an upload is cancelled", [390]);
      await page.getByRole("button", { name: "Keep uploading" }).click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await cancel.click();
      await page.getByRole("button", { name: "Cancel the upload", exact: true }).click();
      await page.getByText("Nothing here yet.").waitFor();
      await page.reload();
      await page.getByText("Nothing here yet.").waitFor();
    });

    test("whose ticket is gone begins anew when it is tried again", async () => {
      const { page, context } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "late.mp4");
      await writeFile(path, Buffer.alloc(20 * 1024 * 1024, 7));
      const throttle = await throttleOf(page);
      await throttle(1_000_000);
      await chooseFiles(page, [path]);
      const late = card(page, "late");
      await late.getByRole("button", { name: /Uploading/ }).click();
      await late.getByRole("button", { name: /Paused/ }).waitFor();
      await context.route(
        "**/upload/parts",
        (route) =>
          route.fulfill({
            status: 404,
            contentType: "application/problem+json",
            body: JSON.stringify({
              type: "/docs#problem-video.not_found",
              title: "No such video",
              status: 404,
              detail: "It does not exist or is not yours.",
              code: "video.not_found",
            }),
          }),
        { times: 1 },
      );
      await throttle(-1);
      await late.getByRole("button", { name: /Paused/ }).click();
      const tray = page.getByRole("complementary", { name: "Uploads" });
      await tray.getByText("No such video.").waitFor();
      await tray.getByRole("button", { name: /Try again/ }).click();
      await late
        .getByText(/Queued|Encoding|not a video/)
        .first()
        .waitFor({ timeout: 60_000 });
    });

    test("of more than is allowed is refused at once", async () => {
      const { page } = here.seen();
      await registerHere(page);
      const mb = MAX_UPLOAD_BYTES / 1_000_000;
      await page.getByText(`up to ${mb} MB, straight to storage`).waitFor();
      const path = join(here.stack().folder, "film.mp4");
      await writeFile(path, "");
      await truncate(path, MAX_UPLOAD_BYTES + 10_000_000);
      const asked: string[] = [];
      page.on("request", (request) => request.method() === "POST" && asked.push(request.url()));
      await chooseFiles(page, [path]);
      await page.getByText(`film.mp4 is too large (${mb + 10} MB). The limit is ${mb} MB.`).waitFor();
      expect(asked).toEqual([]);
    });

    test("of something that is no video is refused with a sentence", async () => {
      const { page } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "notes.txt");
      await writeFile(path, "milk, eggs");
      await chooseFiles(page, [path]);
      await page.getByText("notes.txt is not a video.").waitFor();
      await inspect(page, "a refusal");
    });
  });
}
