/** What administrators do: see what runs, drain a worker, retry a failure, invite, reset, disable. */
import type { Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import { PASSWORD } from "../testing/account.ts";
import { card, type Here, inspect, registerHere, signOut, visit } from "../testing/browser.ts";
import { rowsOf } from "../testing/rows.ts";

/** Tests of the administration's pages, with the stack and the visit of `here`. */
export function administrationTests(here: Here): void {
  /** Signs in a new administrator; ends on the overview. */
  async function administrator() {
    const { page } = here.seen();
    const email = await registerHere(page);
    await rowsOf(here.stack(), "UPDATE users SET role = 'admin' WHERE email = $1", [email]);
    await page.reload();
    await page.getByRole("link", { name: "Admin" }).click();
    return { page, email };
  }

  describe("an administrator", () => {
    test("sees what runs and what failed, drains a worker and retries a video", async () => {
      const { page, email } = await administrator();
      const [{ id = "" } = {}] = await rowsOf<{ id: string }>(
        here.stack(),
        `INSERT INTO videos (id, owner_id, title, filename, size, stored_bytes, status, source_etag, error_code, error_message)
         SELECT 'failed-' || id, id, 'a film', 'film.mp4', 1, 1, 'failed', 'e', 'transcoder.gave_up', 'It gave up.'
         FROM users WHERE email = $1 RETURNING id`,
        [email],
      );
      await rowsOf(
        here.stack(),
        `INSERT INTO videos (id, owner_id, title, filename, size, status, source_etag, error_code, error_message)
         SELECT 'unreadable-' || id, id, 'a letter', 'letter.txt', 1, 'failed', 'e', 'source.not_video', 'No video.'
         FROM users WHERE email = $1`,
        [email],
      );
      const worker = page
        .getByRole("region", { name: "Workers" })
        .getByRole("listitem")
        .filter({ hasText: "done" });
      await worker.first().waitFor();
      // Back on a page that was read before, draining reads it again: the page and its focus must stay.
      await page.getByRole("link", { name: "Users" }).click();
      await page.getByRole("button", { name: "Invite" }).waitFor();
      await page.getByRole("link", { name: "Overview" }).click();
      await page
        .getByRole("button", { name: /^Drain / })
        .first()
        .click();
      await page
        .getByRole("button", { name: /^Resume / })
        .first()
        .waitFor();
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Resume");
      await page
        .getByRole("button", { name: /^Resume / })
        .first()
        .click();
      await page
        .getByRole("button", { name: /^Drain / })
        .first()
        .waitFor();
      await page.getByText("It gave up.").waitFor();
      // Another try cannot help where the file is the reason.
      const unreadable = page.getByRole("listitem").filter({ hasText: "No video." });
      await unreadable.getByText("Needs another file").waitFor();
      expect(await unreadable.getByRole("button").count()).toBe(0);
      await inspect(page, "the administration");
      for (const width of [1024, 820, 768]) {
        await page.setViewportSize({ width, height: 900 });
        const header = await page.getByRole("banner").boundingBox();
        expect(header?.height, `the header is one row at ${width} px`).toBeLessThan(80);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      // So say the cards of all videos; and why another try could not begin.
      await page.getByRole("link", { name: "Videos" }).click();
      await card(page, "a letter").getByText("Failed").waitFor();
      expect(await card(page, "a letter").getByRole("button").count()).toBe(0);
      await page.route("**/retry", (route) => route.abort(), { times: 1 });
      await card(page, "a film").getByRole("button", { name: /Retry/ }).click();
      await page.getByText("The server does not answer.").waitFor();
      await page.getByRole("link", { name: "Overview" }).click();
      await page.getByRole("button", { name: "Retry a film" }).click();
      await page.getByText("It gave up.").waitFor({ state: "detached" });
      const [video] = await rowsOf(here.stack(), "SELECT generation FROM videos WHERE id = $1", [id]);
      expect(video).toEqual({ generation: 1 });
      await rowsOf(
        here.stack(),
        "DELETE FROM videos WHERE owner_id IN (SELECT id FROM users WHERE email = $1)",
        [email],
      );
    });

    test("invites, disables and resets; each link works once, on a phone too", async () => {
      const { page, email } = await administrator();
      await page.getByRole("link", { name: "Users" }).click();
      const guest = `guest-${crypto.randomUUID()}@example.test`;
      await page.getByRole("button", { name: "Invite" }).click();
      await page.getByRole("dialog").getByLabel("E-mail").fill(guest);
      await page.getByRole("button", { name: "Create invitation" }).click();
      const invitation = await page.getByLabel("Invitation link").inputValue();
      expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
        "Invitation link",
      );
      await inspect(page, "an invitation", [1280]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Invite");
      // Who is signed in is not sent away from somebody's link without a word.
      const own = await page.context().newPage();
      await own.goto(invitation);
      await own.getByText("You are signed in as").waitFor();
      await own.close();

      const phone = await visit(await browserOf(here), here.stack().url, {
        viewport: { width: 390, height: 844 },
      });
      const other = phone.page;
      await other.goto(invitation);
      await other.getByText(guest).waitFor();
      await inspect(other, "an invitation's page");
      await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await other.getByRole("button", { name: "Show password" }).click();
      expect(await other.getByLabel("Password", { exact: true }).getAttribute("type")).toBe("text");
      await other.getByRole("button", { name: "Join" }).click();
      await other.getByText("Nothing here yet.").waitFor();
      await signOut(other);
      await other.waitForURL("**/login");
      await other.goto(invitation);
      await other.getByText("This link no longer works.").waitFor();

      await page.getByRole("searchbox").pressSequentially(guest.slice(0, 14));
      await page.getByRole("button", { name: `Manage ${guest}` }).click();
      await page.getByRole("button", { name: "Disable account" }).click();
      await page.getByRole("button", { name: "Enable account" }).waitFor();
      await other.goto("/login");
      await other.getByLabel("E-mail").fill(guest);
      await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await other.getByRole("button", { name: "Sign in" }).click();
      await other.getByText("Account disabled.").waitFor();
      expect(await other.evaluate(() => document.activeElement?.textContent)).toBe("Sign in");

      await page.getByRole("button", { name: "Enable account" }).click();
      await page.getByRole("button", { name: "Disable account" }).waitFor();
      await page.getByRole("button", { name: "Reset password" }).click();
      const reset = await page.getByLabel("The reset link").inputValue();
      await inspect(page, "a user, managed", [1280]);
      await other.goto(reset);
      await other.getByLabel("Password", { exact: true }).fill("another horse battery");
      await other.getByRole("button", { name: "Set password" }).click();
      await other.getByText("Nothing here yet.").waitFor();
      await page.keyboard.press("Escape");
      await inspect(page, "the users");

      // All of it is in the audit log.
      await page.getByRole("link", { name: "Audit" }).click();
      await page.getByRole("searchbox", { name: "Account" }).fill(guest);
      await expect
        .poll(() => actsIn(page))
        .toEqual([
          "Reset the password",
          "Made a reset link",
          "Enabled the account",
          "Disabled the account",
          "Signed out",
          "Joined",
          "Invited",
        ]);
      await inspect(page, "the audit log");
      await page.getByLabel("Action").selectOption("Invited");
      await expect.poll(() => actsIn(page)).toEqual(["Invited"]);
      await page.getByRole("row").getByRole("link", { name: email }).click();
      await expect.poll(async () => (await actsIn(page)).at(-1)).toBe("Created an account");
      await page.getByLabel("To", { exact: true }).fill("2020-01-01");
      await page.getByText("No entries.").waitFor();
      await phone.context.close();
      expect(phone.complaints).toEqual([]);
    });
  });
}

/** What the shown rows of the audit log say was done, the last act first. */
const actsIn = (page: Page) => page.getByRole("rowheader").allTextContents();

async function browserOf(here: Here) {
  const browser = here.seen().context.browser();
  if (!browser) throw new Error("there is no browser");
  return browser;
}
