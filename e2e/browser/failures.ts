/** What the dashboard says and offers where a video could not be made. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import {
  card,
  chooseFiles,
  type Here,
  inspect,
  registerHere,
  signOut,
  withholdPart,
} from "../testing/browser.ts";
import { countedClip } from "../testing/counted-clip.ts";
import { rowsOf } from "../testing/rows.ts";

/** Tests about failed videos, with the stack and the visit of `here`. */
export function failureTests(here: Here): void {
  describe("a file", () => {
    test("that is no video says why, and offers what helps: another file", async () => {
      const { page } = here.seen();
      await registerHere(page);
      const path = join(here.stack().folder, "diary.mp4");
      await writeFile(path, "Dear diary, today I was renamed.\n".repeat(100));
      await chooseFiles(page, [path]);
      const diary = card(page, "diary");
      await diary.getByText("This is not a video file we can read.").waitFor();
      await inspect(page, "a failure in the library");
      const asked = page.waitForEvent("filechooser");
      await diary.getByRole("button", { name: /Upload another/ }).click();
      await asked;
      expect(await diary.getByRole("button", { name: /Retry/ }).count()).toBe(0);
      // Where the file is not to blame, another try is offered, and says why it could not begin.
      const blame = "UPDATE videos SET error_code = $2 WHERE title = 'diary' AND error_code = $1";
      await rowsOf(here.stack(), blame, ["source.not_video", "transcoder.interrupted"]);
      await page.reload();
      await page.route("**/retry", (route) => route.abort(), { times: 1 });
      await diary.getByRole("button", { name: /Retry/ }).click();
      await page.getByText("The server does not answer.").waitFor();
      await rowsOf(here.stack(), blame, ["transcoder.interrupted", "source.not_video"]);
      await page.reload();
      await diary.getByRole("button", { name: /Upload another/ }).waitFor();
      await diary.getByRole("heading").getByRole("link").click();
      await page.getByRole("alert").getByText("source.not_video").waitFor();
      expect(await page.getByRole("button", { name: "Share" }).count()).toBe(0);
      await inspect(page, "a failure");
    });
  });

  describe("a page from before an update of the server", () => {
    test("says so when a script of it is gone, keeps uploads, and asks before it leaves them", async () => {
      const { page, context } = here.seen();
      await registerHere(page);
      const release = await withholdPart(context, 2);
      const path = join(here.stack().folder, "before-the-update.mp4");
      await writeFile(path, await readFile(await countedClip(36, 25, "640x360", "filled")));
      await chooseFiles(page, [path]);
      // Without a byte of it at the store, it would be cancelled without a question.
      const sent = card(page, "before-the-update")
        .getByText(/Uploading [1-9]\d*%/)
        .first();
      await sent.waitFor();
      const restore = await withoutScripts(page);
      // The question's script.
      await page.getByRole("button", { name: /^Cancel the upload of before-the-update/ }).click();
      const notice = page.getByRole("alert").filter({ hasText: "StorageX was updated" });
      await notice.waitFor();
      await inspect(page, "a page from before an update", [390]);
      await sent.waitFor();
      // A page that does not come leaves the rest of this one.
      await page.getByRole("button", { name: /^Account: / }).click();
      await page.getByRole("link", { name: "Account", exact: true }).click();
      await page.waitForURL("**/account");
      await page
        .getByRole("complementary", { name: "Uploads" })
        .getByText(/1 upload/)
        .waitFor();
      // One that is loaded is shown again, and nothing of it is missing.
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Library" }).click();
      await sent.waitFor();
      await notice.waitFor({ state: "detached" });
      await page.getByRole("button", { name: /^Account: / }).click();
      await page.getByRole("link", { name: "Account", exact: true }).click();
      await page.waitForURL("**/account");
      const asked = page.waitForEvent("dialog");
      const reloaded = notice.getByRole("button", { name: "Reload" }).click();
      const question = await asked;
      expect(question.type()).toBe("beforeunload");
      await restore();
      await question.accept();
      await reloaded;
      await page.getByRole("heading", { level: 1, name: "Account" }).waitFor();
      expect(await notice.count()).toBe(0);
      release();
      // Signing out needs no script that is gone.
      await page.route(/\/signed-in-[\w-]+\.js$/, (route) => route.fulfill({ status: 404 }));
      await page.goto("/nowhere");
      await signOut(page);
      await page.getByRole("link", { name: "Sign in" }).waitFor();
    });
  });
}

/** Every script that is not loaded yet is gone, until the returned function is called. */
async function withoutScripts(page: Page): Promise<() => Promise<void>> {
  const scripts = "**/_build/assets/*.js";
  await page.route(scripts, (route) => route.fulfill({ status: 404 }));
  return () => page.unroute(scripts);
}
