/** A video from a URL, through the whole product: begun in the library, and watched while it comes. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { startFileServer } from "../../testing/services/file-server.ts";
import { card, type Here, inspect, registerHere } from "../testing/browser.ts";
import { countedClip } from "../testing/counted-clip.ts";

const MIB = 1024 * 1024;

/** Tests about imports, with the stack and the visit of `here`. */
export function importTests(here: Here): void {
  describe("a video from a URL", () => {
    test("is fetched by the server, watched before its end has come, and goes on when it is whole", async () => {
      const files = startFileServer();
      try {
        const { page } = here.seen();
        await registerHere(page);
        await page.getByRole("button", { name: "Import from a URL" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("button", { name: "Import", exact: true }).click();
        await dialog.getByText("Enter a URL.").waitFor();
        await dialog.getByLabel("URL of the video").fill("media.example.org/lake.mp4");
        await page.keyboard.press("Enter");
        await dialog.getByText("This is not a URL.").waitFor();
        await dialog.getByLabel("URL of the video").fill("http://10.0.0.1/lake.mp4");
        await page.keyboard.press("Enter");
        await dialog.getByText("Only http and https addresses on the public internet").waitFor();
        await inspect(page, "the dialog of an import");

        const bytes = await readFile(await countedClip(36, 25, "640x360", "filled"));
        // All but the part before the last one comes; that one only when the beginning has been watched.
        const lastPart = Math.floor((bytes.length - 1) / (8 * MIB)) * 8 * MIB;
        const url = await files.serve("/films/the-lake.mp4?token=s3cr3t", { bytes, holdAt: lastPart - MIB });
        await dialog.getByLabel("URL of the video").fill(url);
        await page.keyboard.press("Enter");
        const film = card(page, "the-lake");
        const watch = film.getByRole("link", { name: /Importing \d+%\s*Watch now/ });
        await watch.waitFor();
        await inspect(page, "a card of what is imported and watched", [390]);
        await watch.click();
        await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.5);
        await page
          .locator(".stage")
          .getByText(/Importing \d+%/)
          .first()
          .waitFor();
        await inspect(page, "the page of what is imported");
        files.release();
        await page
          .locator(".stage")
          .getByText(/Encoding|Finishing|Ready/)
          .first()
          .waitFor();
        expect(await page.content()).not.toContain("s3cr3t");
      } finally {
        files.stop();
      }
    });

    test("that cannot be fetched says why, and is fetched again", async () => {
      const files = startFileServer();
      try {
        const { page } = here.seen();
        await registerHere(page);
        const take = async (url: string) => {
          await page.getByRole("button", { name: "Import from a URL" }).click();
          await page.getByLabel("URL of the video").fill(url);
          await page.keyboard.press("Enter");
        };
        const path = "/missing.mp4";
        await take(await files.url(path));
        const again = card(page, "missing").getByRole("button", { name: /Failed\s*Retry/ });
        await again.waitFor();
        await card(page, "missing").getByText("import.not_found").waitFor();
        const bytes = await readFile(await countedClip(36, 25, "640x360", "filled"));
        await files.serve(path, { bytes, holdAt: MIB });
        await again.click();
        await card(page, "missing")
          .getByText(/Importing [1-9]\d*%/)
          .first()
          .waitFor();
        await card(page, "missing").getByRole("button", { name: "Menu of missing" }).click();
        await page.getByRole("menuitem", { name: "Delete" }).click();
        await expect.poll(() => files.open(path)).toBe(0);
      } finally {
        files.stop();
      }
    });
  });
}
