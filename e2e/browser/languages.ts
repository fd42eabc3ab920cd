/** The pages in German: chosen by the browser, by the setting, and kept. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import { PASSWORD } from "../testing/account.ts";
import { card, type Here, inspect, visit, watchShifts } from "../testing/browser.ts";
import { clip } from "../testing/clips.ts";

/** A ready video in German: its page, player and dialogs, and what a visitor sees of it. Ends on the account page. */
async function openVideo(page: Page): Promise<void> {
  await page.goto("/");
  await card(page, "wald")
    .getByRole("link", { name: /Fertig/ })
    .waitFor();
  await card(page, "wald").getByRole("heading").getByRole("link").click();
  await page.getByRole("link", { name: "MP4 herunterladen" }).waitFor();
  await page.getByText("Statistik", { exact: true }).click();
  await page.getByRole("row", { name: /^360p .*bit\/s (0,9\d{3}|1,0000)$/ }).waitFor();
  await inspect(page, "a ready video's German page", [390]);

  await page.getByRole("button", { name: "wald abspielen" }).click();
  await page.getByRole("button", { name: "Einstellungen", exact: true }).click();
  const menu = page.getByRole("group", { name: "Einstellungen des Players" });
  await menu.getByLabel("Tempo").waitFor();
  await menu.getByRole("button", { name: "Tastenkürzel" }).press("Enter");
  await page.getByText("abspielen oder anhalten").waitFor();
  await page.getByRole("button", { name: "Liste schließen" }).press("Enter");
  const dialogs = { Untertitel: "Noch keine.", Poster: "JPEG oder PNG, höchstens 5 MB." };
  for (const [name, text] of Object.entries(dialogs)) {
    await page.getByRole("button", { name, exact: true }).click();
    const dialog = page.getByRole("dialog", { name });
    await dialog.getByText(text).waitFor();
    await inspect(page, `the German dialog ${name}`, [390]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }

  await page.getByRole("button", { name: "Teilen", exact: true }).click();
  const sharing = page.getByRole("dialog", { name: "Teilen" });
  await sharing.getByRole("button", { name: "Link erstellen" }).click();
  await sharing.getByText("0 Aufrufe").waitFor();
  await inspect(page, "the German dialog of sharing", [390]);
  const link = await sharing.getByLabel("Link", { exact: true }).inputValue();
  for (const address of [link, link.replace("/s/", "/embed/s/")]) {
    await page.goto(address);
    await page.getByRole("button", { name: "Abspielen" }).first().waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    // An embedded player is no page: it has no heading.
    if (address === link) await inspect(page, "a visitor's German page", [390]);
  }
}

/** Tests of the languages, with the stack and the visit of `here`. */
export function languageTests(here: Here): void {
  describe("a German browser", () => {
    test("shows everything in German, until another language is chosen", async () => {
      const browser = here.seen().context.browser();
      const german = await visit(browser, here.stack().url, { locale: "de-DE" });
      const { page } = german;
      const shift = await watchShifts(page);

      await page.goto("/login?next=%2Faccount");
      await page.getByRole("heading", { name: "Anmelden" }).waitFor();
      expect(await page.locator("html").getAttribute("lang")).toBe("de");
      await page.getByLabel("E-Mail").fill("niemand@example.test");
      await page.getByLabel("Passwort", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Anmelden" }).click();
      await page.getByText("E-Mail oder Passwort ist falsch.").waitFor();
      await inspect(page, "the German sign-in page");
      expect(await shift()).toBeLessThanOrEqual(0.02);

      await page.getByRole("link", { name: "Konto anlegen" }).click();
      await page.getByRole("heading", { name: "Konto anlegen" }).waitFor();
      const email = `${crypto.randomUUID()}@example.test`;
      await page.getByLabel("E-Mail").fill(email);
      await page.getByLabel("Passwort", { exact: true }).fill("kurz");
      await page.getByRole("button", { name: "Konto anlegen" }).click();
      await page.getByText("Verwende mindestens 10 Zeichen").waitFor();
      await page.getByLabel("Passwort", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Konto anlegen" }).click();
      await page.getByRole("heading", { name: "Konto", exact: true }).waitFor();
      await page.getByText("gespeichert in 0 Videos · ohne Limit").waitFor();
      await inspect(page, "the German account");

      await page.getByRole("link", { name: "Mediathek", exact: true }).click();
      await page.getByText("Noch nichts da.").waitFor();
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Dateien wählen" }).click();
      const type = { mimeType: "video/mp4" };
      await (await chooser).setFiles([
        { ...type, name: "kein-video.mp4", buffer: Buffer.from("kein Video") },
        { ...type, name: "wald.mp4", buffer: await readFile(await clip(3, "640x360")) },
      ]);
      const failed = page.getByRole("article").getByText("Das ist keine Videodatei");
      await failed.waitFor();
      await inspect(page, "the German library");
      await page.getByRole("link", { name: "kein-video" }).first().click();
      await page.getByRole("button", { name: "Details bearbeiten" }).waitFor();
      await page.getByRole("alert").getByText("Das ist keine Videodatei").waitFor();
      await page.getByRole("button", { name: "Löschen …" }).waitFor();
      await inspect(page, "a failed video's German page");
      await openVideo(page);

      const answer = await page.goto("/watch/unknown");
      expect(answer?.status()).toBe(404);
      await page.getByRole("heading", { name: "Hier ist nichts" }).waitFor();
      await inspect(page, "a German page of a lost link", [390]);

      await page.goto("/account");
      const saved = page.waitForResponse((answer) => answer.request().postData() === '{"language":"en"}');
      await page.getByLabel("Sprache").selectOption("en");
      expect((await saved).status()).toBe(200);
      await page.getByRole("heading", { name: "Account", exact: true }).waitFor();
      expect(await page.locator("html").getAttribute("lang")).toBe("en");
      await page.reload();
      await page.getByLabel("Language").waitFor();
      expect(await page.title()).toBe("Account · StorageX");
      const asked = Promise.withResolvers<void>();
      await page.route("**/v1/me", async (route) => {
        if (route.request().postData() === '{"language":"system"}') await asked.promise;
        await route.continue();
      });
      await page.getByLabel("Language").selectOption("system");
      await page.getByRole("heading", { name: "Konto", exact: true }).waitFor();

      // The account's choice comes along to another browser, and stays there; of two quick ones the last.
      const kept = page.waitForResponse((answer) => answer.request().postData() === '{"language":"de"}');
      await page.getByLabel("Sprache").selectOption("de");
      asked.resolve();
      expect((await kept).status()).toBe(200);
      const english = here.seen().page;
      await english.goto("/login?next=%2Faccount");
      await english.getByLabel("E-mail").fill(email);
      await english.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await english.getByRole("button", { name: "Sign in" }).click();
      await english.getByRole("heading", { name: "Konto", exact: true }).waitFor();
      await english.reload();
      await english.getByLabel("Sprache").waitFor();

      expect(german.complaints).toEqual([]);
      await german.context.close();
    });
  });

  describe("an English browser", () => {
    test("loads no German, until it is chosen on the sign-in page", async () => {
      const { page } = here.seen();
      const pieces: string[] = [];
      page.on("response", async (response) => {
        if (response.request().resourceType() !== "script") return;
        const text = await response.text().catch(() => "");
        if (text.includes("Passwort")) pieces.push(new URL(response.url()).pathname);
      });
      await page.goto("/login");
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      await page.waitForLoadState("networkidle");
      expect(pieces).toEqual([]);
      await page.getByRole("button", { name: "Deutsch" }).click();
      await page.getByRole("button", { name: "Anmelden" }).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "Anmelden" }).waitFor();
      expect(pieces).not.toEqual([]);
    });
  });
}
