/** The library: found, sorted, previewed, selected, changed and deleted, by pointer and by keyboard. */
import { readFile } from "node:fs/promises";
import type { Locator } from "@playwright/test";
import { ticketSchema } from "@storagex/contract/uploads/upload";
import { describe, expect, test } from "vitest";
import { expectJson, type Person, putParts, register } from "../testing/account.ts";
import { card, type Here, inspect, signIn } from "../testing/browser.ts";
import { clip } from "../testing/clips.ts";

async function ticketFor(person: Person, title: string, size: number, tags: string[] = []) {
  const body = { filename: `${title}.mp4`, size, contentType: "video/mp4", title, tags };
  return ticketSchema.parse(await expectJson(await person.call("POST", "/v1/videos", body), 201));
}

/** Tests about the library, with the stack and the visit of `here`. */
export function libraryTests(here: Here): void {
  describe("the library", () => {
    test("finds, sorts, previews, renames, selects, deletes and brings back", async () => {
      const { page, context } = here.seen();
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      const url = here.stack().url;
      const person = await register(() => url);
      for (let at = 10; at < 35; at += 1) await ticketFor(person, `bay ${at}`, at * 1_000_000, ["sea"]);
      const path = await clip(10, "640x360");
      const harbour = await ticketFor(person, "harbour", (await readFile(path)).length, ["sea", "port"]);
      const quay = await ticketFor(person, "quay", (await readFile(path)).length, ["sea"]);
      for (const ticket of [harbour, quay]) {
        await putParts(person, ticket, path);
        await expectJson(await person.call("POST", `/v1/videos/${ticket.video.id}/complete`, {}), 200);
      }
      await signIn(page, person.email);
      await card(page, "harbour").getByRole("link", { name: /Ready/ }).waitFor();
      await page.getByText("27 videos").waitFor();
      await inspect(page, "the full library", [1280, 390]);

      // Tags and order stand in the address.
      await page.getByLabel("Tag", { exact: true }).selectOption("port");
      await page.waitForURL("**/?tag=port");
      await page.getByText("1 video", { exact: false }).first().waitFor();
      await page.getByLabel("Tag", { exact: true }).selectOption("");
      await page.getByLabel("Order").selectOption("largest");
      await page.waitForURL("**/?sort=largest");
      const firstTitle = page.getByRole("article").first().getByRole("heading");
      await expect.poll(() => firstTitle.textContent()).toBe("bay 34");
      // After "more", the focus is on the first new card.
      await page.getByRole("button", { name: "Show more" }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(() => page.getByRole("article").count()).toBe(27);
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.closest("article")?.textContent ?? ""))
        .toMatch(/bay 10|harbour|quay/);
      await page.getByLabel("Order").selectOption("newest");

      // The poster shows the video at the pointer's place.
      const poster = card(page, "harbour").locator("img");
      const losesAndShows = async (image: Locator) => {
        const shown = await image.getAttribute("src");
        await image.evaluate((element) => element.dispatchEvent(new Event("error")));
        await image.waitFor({ state: "detached" });
        for (const event of ["offline", "online"])
          await page.evaluate((name) => window.dispatchEvent(new Event(name)), event);
        await image.waitFor();
        expect(new URL((await image.getAttribute("src")) ?? "").pathname).toBe(new URL(shown ?? "").pathname);
      };
      await poster.hover();
      await card(page, "harbour").locator("svg image").waitFor({ state: "attached" });

      // A poster that cannot be loaded is no torn image, and is tried again when the network is back.
      await page.mouse.move(0, 0);
      await losesAndShows(poster);

      // Coming back, the search keeps every letter.
      await card(page, "harbour").getByRole("heading").getByRole("link").click();
      await page.waitForURL("**/videos/*");
      await losesAndShows(page.getByRole("img", { name: "Poster of harbour" }));
      await page.goBack();
      const search = page.getByRole("searchbox");
      await search.click();
      await page.keyboard.type("h");
      // The list of the first letter arrives between two others.
      await page.waitForURL("**/?q=h");
      await page.getByText("1 video", { exact: false }).first().waitFor();
      await page.keyboard.type("arbour");
      await page.waitForURL("**/?q=harbour");
      await page.getByText("1 video", { exact: false }).first().waitFor();
      expect(await search.inputValue()).toBe("harbour");
      expect(await search.evaluate((field) => document.activeElement === field)).toBe(true);

      // One tab stop leads to the video, the next one is its menu.
      await card(page, "harbour").getByRole("heading").getByRole("link").focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem", { name: "Rename" }).waitFor();
      await inspect(page, "a card's menu", [1280]);
      // What changes meanwhile takes the focus from no entry.
      const changed = { tags: ["sea", "port", "night"] };
      await expectJson(await person.call("PATCH", `/v1/videos/${harbour.video.id}`, changed), 200);
      await card(page, "harbour").getByText("night").waitFor();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Rename" });
      await dialog.getByLabel("Title").fill("");
      await page.keyboard.press("Enter");
      await dialog.getByText("Enter a title.").waitFor();
      await dialog.getByLabel("Title").fill("harbour at night");
      await page.keyboard.press("Enter");
      await card(page, "harbour at night").waitFor();
      await dialog.waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "Menu of harbour at night" }).click();
      await page.getByRole("menuitem", { name: "Copy link" }).click();
      await page.getByText("Link copied.").waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
        `${new URL(url).origin}/videos/${harbour.video.id}`,
      );

      // Both MP4s, one after the other.
      await search.fill("");
      await card(page, "quay").getByRole("link", { name: /Ready/ }).waitFor();
      for (const name of ["harbour at night", "quay"]) {
        await card(page, name).getByRole("heading").getByRole("link").focus();
        await page.keyboard.press("x");
      }
      const saved: string[] = [];
      page.on("download", (download) => saved.push(download.suggestedFilename()));
      const bar = page.getByRole("region", { name: "Selected videos" });
      await bar.getByRole("button", { name: "Download" }).click();
      await expect.poll(() => saved.toSorted()).toEqual(["harbour at night.mp4", "quay.mp4"]);
      await page.keyboard.press("Escape");

      // Many at once, by keyboard, and back within ten seconds.
      await search.fill("bay 1");
      await page.getByText("10 videos", { exact: false }).first().waitFor();
      const title = (at: number) => page.getByRole("article").nth(at).getByRole("heading").getByRole("link");
      await title(0).focus();
      await page.keyboard.press("x");
      await title(2).focus();
      await page.keyboard.press("Shift+X");
      await bar.getByText("3 selected").waitFor();
      await inspect(page, "a selection", [1280, 390]);
      await bar.getByRole("button", { name: "Delete" }).click();
      // A notice stays while the pointer is on it.
      await page.getByRole("button", { name: "Undo" }).hover();
      await expect.poll(() => page.getByRole("article").count()).toBe(7);
      await page.getByText("Deleted 3 videos").waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await expect.poll(() => page.getByRole("article").count()).toBe(10);
      // An unfinished upload ends from its card, after a question.
      await card(page, "bay 19").getByRole("button", { name: "Cancel the upload of bay 19" }).click();
      await page.getByRole("button", { name: "Cancel the upload", exact: true }).click();
      await expect.poll(() => page.getByRole("article").count()).toBe(9);
      await page.getByRole("button", { name: "List", exact: true }).click();
      await inspect(page, "the library as a list", [1280, 390]);
    });
  });
}
