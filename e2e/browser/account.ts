/** One's own account: what it shows and changes, its password, its sessions, its end. */
import { describe, expect, test } from "vitest";
import { PASSWORD } from "../testing/account.ts";
import { type Here, inspect, outsideElements, registerHere, signOut, visit } from "../testing/browser.ts";
import { rowsOf } from "../testing/rows.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** Tests of the account page, with the stack and the visit of `here`. */
export function accountTests(here: Here): void {
  describe("an account", () => {
    test("gets another password, which ends its sessions in other browsers and not this one", async () => {
      const { page, context } = here.seen();
      const email = await registerHere(page);
      const elsewhere = await context.browser()?.newContext({ baseURL: here.stack().url });
      const other = await elsewhere?.newPage();
      if (!elsewhere || !other) throw new Error("there is no second browser");
      const signIn = async (password: string) => {
        await other.getByLabel("E-mail").fill(email);
        await other.getByLabel("Password", { exact: true }).fill(password);
        await other.getByRole("button", { name: "Sign in" }).click();
      };
      await other.goto("/login");
      await signIn(PASSWORD);
      await other.getByText("Nothing here yet.").waitFor();

      await page.goto("/account");
      const change = page.getByRole("button", { name: "Change password" });
      await page.getByLabel("Current password", { exact: true }).fill("not this one");
      await page.getByLabel("New password", { exact: true }).fill("short");
      await page.keyboard.press("Enter");
      await page.getByText("Use at least 10 characters.").waitFor();
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("newPassword");
      await page.getByLabel("New password", { exact: true }).fill("another horse battery");
      await page.getByLabel("Current password", { exact: true }).fill("another horse battery");
      await change.click();
      await page.getByText("Choose one that differs from the current password.").waitFor();
      await page.getByLabel("Current password", { exact: true }).fill("not this one");
      await change.click();
      await page.getByText("Wrong password. Check it and try again; nothing was changed.").waitFor();
      await inspect(page, "the form of a new password, refused");
      await page.getByLabel("Current password", { exact: true }).fill(PASSWORD);
      await change.click();
      await page.getByText("Password changed.").waitFor();
      expect(await page.getByLabel("New password", { exact: true }).inputValue()).toBe("");
      await inspect(page, "the form of a new password, done");

      await page.reload();
      await change.waitFor();
      await other.reload();
      await other.waitForURL("**/login");
      await signIn(PASSWORD);
      await other.getByText("Wrong e-mail or password").waitFor();
      await signIn("another horse battery");
      await other.getByText("Nothing here yet.").waitFor();
      await elsewhere.close();
    });

    test("is deleted by its owner, who must know the password", async () => {
      const { page } = here.seen();
      const email = await registerHere(page);
      await page.goto("/account");
      await inspect(page, "the account");
      await page.getByRole("button", { name: "Delete…" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(email).waitFor();
      await inspect(page, "the question before an account's deletion", [1280]);
      await dialog.getByLabel("Password", { exact: true }).fill("not this one");
      await dialog.getByRole("button", { name: "Delete account" }).click();
      await dialog.getByText("Wrong password").waitFor();
      await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await dialog.getByRole("button", { name: "Delete account" }).click();
      await page.waitForURL("**/login");
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Wrong e-mail or password").waitFor();
    });

    test("has a name, a theme for every browser, and what is stored as a picture", async () => {
      const { page, context } = here.seen();
      const email = await registerHere(page);
      const quotas = "UPDATE users SET quota_bytes = 4000000000, quota_minutes = 600 WHERE email = $1";
      await rowsOf(here.stack(), quotas, [email]);
      await rowsOf(
        here.stack(),
        `INSERT INTO usage_days (owner_id, day, source_bytes, rendition_bytes, encoded_seconds, watched_seconds)
         SELECT id, (now() AT TIME ZONE 'UTC')::date - 3, 2000000000, 500000000, 600, 5400 FROM users WHERE email = $1`,
        [email],
      );
      await page.reload();
      await page.getByRole("button", { name: /^Account: / }).click();
      await page.getByRole("link", { name: "Account", exact: true }).click();
      const storage = page.getByRole("region", { name: "Storage" });
      await storage.getByText("of 4 GB, in 0 videos").waitFor();
      await storage.getByText("4.0 GB free").waitFor();
      await storage.getByText("0 min of 600 min of video").waitFor();
      const usage = page.getByRole("region", { name: "Last 30 days" });
      await usage.getByText("90 min").first().waitFor();
      await usage.getByText("All days as a table").click();
      const row = usage.getByRole("row").filter({ hasText: "90 min" });
      await expect.poll(() => row.getByRole("cell").allInnerTexts()).toEqual(["2.5 GB", "10 min", "90 min"]);
      await page.getByLabel("Name").fill("");
      await page.getByRole("button", { name: "Save name" }).click();
      await page.getByText("Enter a name.").waitFor();
      await page.getByLabel("Name").fill("Åsa Öberg");
      await page.getByRole("button", { name: "Save name" }).click();
      await page.getByRole("button", { name: "Close this notice" }).click();
      await page.getByRole("button", { name: "Account: Åsa Öberg" }).waitFor();

      const saved = page.waitForResponse((answer) => answer.request().method() === "PATCH");
      await page.getByRole("radio", { name: "Dark" }).check();
      expect((await saved).status()).toBe(200);
      await page.getByRole("button", { name: "Use light theme" }).waitFor();
      await inspect(page, "the account", [1280, 820, 390]);

      const browser = context.browser();
      if (!browser) throw new Error("there is no browser");
      const phone = await visit(browser, here.stack().url, { viewport: { width: 390, height: 844 } });
      await phone.page.goto("/login?next=%2Faccount");
      await phone.page.getByLabel("E-mail").fill(email);
      await phone.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await phone.page.getByRole("button", { name: "Sign in" }).click();
      // The theme has come along.
      await phone.page.getByRole("radio", { name: "Dark", checked: true }).waitFor();
      await phone.page.getByRole("button", { name: "Account: Åsa Öberg" }).waitFor();
      expect(await phone.page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
      await phone.page.getByRole("button", { name: "Account: Åsa Öberg" }).click();
      await phone.page.getByRole("button", { name: "Sign out", exact: true }).waitFor();
      for (const width of [390, 320]) {
        await phone.page.setViewportSize({ width, height: 844 });
        expect(await phone.page.evaluate(outsideElements), `the menu at ${width} px`).toEqual([]);
        const header = await phone.page.getByRole("banner").boundingBox();
        expect(header?.height, `the header is one row at ${width} px`).toBeLessThan(80);
      }
      await phone.page.keyboard.press("Escape");
      await signOut(phone.page);
      await phone.page.waitForURL("**/login");
      await phone.context.close();
      expect(phone.complaints).toEqual([]);
    });

    test("shows where it is signed in, and signs out there: one, or all others", async () => {
      const { page } = here.seen();
      const email = await registerHere(page);
      const url = here.stack().url;
      const signIn = async () => {
        const answer = await fetch(`${url}/v1/auth/login`, {
          method: "POST",
          headers: { "content-type": "application/json", origin: url, "user-agent": FIREFOX },
          body: JSON.stringify({ email, password: PASSWORD }),
        });
        expect(answer.status).toBe(200);
      };
      for (let n = 0; n < 3; n++) await signIn();
      await page.goto("/account");
      const sessions = page.getByRole("region", { name: "Sessions" });
      const rows = sessions.getByRole("listitem");
      await rows.filter({ hasText: "Firefox on Linux" }).nth(2).waitFor();
      expect(await rows.first().textContent()).toContain("This device");
      const focused = () =>
        page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent);
      await sessions.getByRole("button", { name: "Sign out Firefox on Linux" }).first().focus();
      await page.keyboard.press("Enter");
      await sessions.getByText("Signed out: Firefox on Linux.").waitFor();
      await rows.nth(3).waitFor({ state: "detached" });
      await expect.poll(focused).toBe("Sign out Firefox on Linux");
      await inspect(page, "sessions", [1280]);
      await sessions.getByRole("button", { name: "Sign out everywhere else" }).click();
      await rows.nth(1).waitFor({ state: "detached" });
      await expect.poll(focused).toBe("Signed out everywhere else.");
      await page.reload();
      await rows.first().waitFor();
      expect(await rows.count()).toBe(1);
    });
  });
}
