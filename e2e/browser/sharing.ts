/** Showing a video to others: the owner's dialog, what a visitor sees of it, and how it ends. */
import type { Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import { register } from "../testing/account.ts";
import { card, type Here, inspect, signIn, staysInside, visit } from "../testing/browser.ts";
import { clip } from "../testing/clips.ts";
import { completed } from "../testing/whole-path.ts";

const movesPast = (page: Page, seconds: number) =>
  page.waitForFunction((past) => (document.querySelector("video")?.currentTime ?? 0) > past, seconds);

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");

/** Tests about sharing, with the stack and the visit of `here`. */
export function sharingTests(here: Here): void {
  describe("a video that is shown to others", () => {
    test("is sent by a link with a password and an end, watched elsewhere, and revoked", async () => {
      const { page, context } = here.seen();
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      const { url } = here.stack();
      const owner = await register(() => url);
      await completed({ person: () => owner, url: () => url }, await clip(10, "640x360"), {
        filename: "lighthouse.mp4",
      });
      await signIn(page, owner.email);

      // From the card's menu, by keyboard.
      await card(page, "lighthouse").getByRole("button", { name: "Menu of lighthouse" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem", { name: "Share" }).click();
      const dialog = page.getByRole("dialog", { name: "Share" });
      await dialog.getByLabel("Name").fill("For the jury");
      await dialog.getByLabel("Expires").selectOption("In a week");
      await dialog.getByLabel("Password").fill("abc");
      await dialog.getByLabel("Sites").fill("news.example not/a/site");
      await page.keyboard.press("Enter");
      await dialog.getByText("Use at least 4 characters.").waitFor();
      await dialog.getByText("“not/a/site” is not a site").waitFor();
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
      await inspect(page, "the form of a link, refused", [1280]);
      await dialog.getByLabel("Password").fill("open sesame");
      await dialog.getByLabel("Sites").fill("news.example");
      await dialog.getByLabel("Allow downloading the MP4").check();
      await page.keyboard.press("Enter");
      await dialog.getByText("For the jury").waitFor();
      await dialog.getByText(/0.views · password · download · until./).waitFor();
      // The link that was just made has the focus: it is copied at once.
      const link = await page.evaluate(() =>
        document.activeElement instanceof HTMLInputElement ? document.activeElement.value : "",
      );
      expect(link).toContain(`${new URL(url).origin}/s/sxs_`);
      // It is said for some seconds only.
      const copied = page.waitForFunction(() =>
        [...document.querySelectorAll("button")].some(({ textContent }) => textContent === "Copied"),
      );
      await dialog.getByRole("button", { name: "Copy", exact: true }).click();
      await copied;
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
      await dialog.getByRole("button", { name: "Embed" }).click();
      expect(await dialog.getByLabel("Embed code").inputValue()).toMatch(
        /^<iframe src="[^"]+\/embed\/s\/sxs_/,
      );
      await dialog.getByText("Plays only on https://news.example.").waitFor();
      await inspect(page, "a link of a video", [1280, 390]);
      await staysInside(page, "the share dialog");

      const visitor = await visit(page.context().browser(), url);
      await visitor.page.goto(link);
      await visitor.page.getByLabel("Password").fill("open sesame");
      // The password is right, and what it opens does not come: that is said, and pressing again helps.
      await visitor.page.route(
        (address) => address.pathname.startsWith("/v1/"),
        (route) => (route.request().headers()["x-share-unlock"] ? route.abort() : route.continue()),
      );
      await visitor.page.getByRole("button", { name: "Watch" }).click();
      await visitor.page.getByText("No answer. Check your connection and try again.").waitFor();
      await visitor.page.unrouteAll();
      await visitor.page.getByRole("button", { name: "Watch" }).click();
      await visitor.page.getByRole("heading", { name: "lighthouse" }).waitFor();
      await visitor.page.getByRole("link", { name: "Download MP4" }).waitFor();
      await visitor.page.getByRole("button", { name: "Play" }).first().click();
      await movesPast(visitor.page, 1);

      // The question takes the focus, gives it back, and the end of the link leaves it in the dialog.
      await dialog.getByRole("button", { name: "Revoke For the jury…" }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(() => focused(page)).toBe("Revoke link");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await expect.poll(() => focused(page)).toBe("Revoke…");
      await page.keyboard.press("Enter");
      await expect.poll(() => focused(page)).toBe("Revoke link");
      await page.keyboard.press("Enter");
      await dialog.getByText("For the jury").waitFor({ state: "detached" });
      await expect.poll(() => focused(page)).toBe("New link");
      await visitor.page.getByText("This video is not shared any more.").waitFor();
      await visitor.page.goto(link);
      await visitor.page.getByRole("heading", { name: "Nothing here" }).waitFor();

      // Public: the same dialog, whose box shows what is stored.
      await dialog.getByLabel("Public: anyone can watch").click();
      const address = await dialog.getByRole("textbox", { name: "Public page" }).inputValue();
      await dialog.getByRole("button", { name: "Embed" }).click();
      await dialog.frameLocator("iframe").getByRole("button", { name: "Play" }).first().waitFor();
      await inspect(page, "a public video's dialog", [1280, 390]);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
        .toBe("Menu of lighthouse");
      await visitor.page.goto(address);
      await visitor.page.getByRole("heading", { name: "lighthouse" }).waitFor();
      expect(await visitor.page.getByRole("link", { name: "Download MP4" }).count()).toBe(0);

      // Private again, from the selection.
      await card(page, "lighthouse").getByRole("heading").getByRole("link").focus();
      await page.keyboard.press("x");
      const bar = page.getByRole("region", { name: "Selected videos" });
      await bar.getByRole("button", { name: "Make private" }).click();
      await page.getByText("1 video is now private").waitFor();
      expect((await visitor.page.goto(address))?.status()).toBe(404);
      expect(visitor.complaints).toEqual([]);
      await visitor.context.close();
    });

    test("is signed by a playback key, which is shown once and deleted after a question", async () => {
      const { page } = here.seen();
      const { url } = here.stack();
      const owner = await register(() => url);
      await signIn(page, owner.email);
      await page.goto("/playback-keys");
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByText("Give the key a name.").waitFor();
      await page.getByLabel("Name").fill("our members");
      await page.getByLabel("Public key").fill('{"kty":"RSA"}');
      await page.keyboard.press("Enter");
      await page.getByText("This is not a public key as JSON (JWK).").waitFor();
      await page.getByLabel("Public key").fill("");
      await page.keyboard.press("Enter");
      const jwk: unknown = JSON.parse(await page.getByLabel("Private key (JWK)").inputValue());
      expect(jwk).toMatchObject({ kty: "EC", crv: "P-256", d: expect.any(String) });
      await inspect(page, "a new playback key");
      await page.clock.install();
      await page.reload();
      await page.getByRole("button", { name: "Delete the key our members…" }).click();
      expect(await page.getByLabel("Private key (JWK)").count()).toBe(0);
      await page.getByRole("dialog").waitFor();
      // The question stays while the list is read again.
      await page.clock.fastForward(20_000);
      const again = page.waitForResponse("**/v1/playback-keys");
      for (const event of ["offline", "online"])
        await page.evaluate((name) => window.dispatchEvent(new Event(name)), event);
      await (await again).finished();
      await page.getByRole("dialog").getByRole("button", { name: "Delete key" }).click();
      await page.getByRole("button", { name: "Delete the key our members…" }).waitFor({ state: "detached" });
      await expect.poll(() => focused(page)).toBe("New key");
    });
  });
}
