/** Visitors and sessions: the forms, the first administrator, signing in and out. */
import { describe, expect, test } from "vitest";
import { PASSWORD } from "../testing/account.ts";
import { type Here, inspect, registerHere, signOut } from "../testing/browser.ts";

/** Tests about users, with the stack and the visit of `here`. */
export function peopleTests(here: Here): void {
  describe("a visitor", () => {
    test("is led to sign in, and from there to where they wanted to go", async () => {
      const { page } = here.seen();
      const email = await registerHere(page);
      await signOut(page);
      await page.waitForURL("**/login");
      await page.goto("/?q=holiday");
      await page.waitForURL("**/login?next=*");
      await inspect(page, "login");
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password", { exact: true }).fill("not this one");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Wrong e-mail or password").waitFor();
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("**/?q=holiday");
      await page.getByText("No videos match").waitFor();
    });

    test("is told by the form what is wrong, before anything is sent", async () => {
      const { page } = here.seen();
      await page.goto("/register");
      await page.getByRole("button", { name: "Create account" }).click();
      await page.getByText("Enter your e-mail address.").waitFor();
      await page.getByLabel("E-mail").fill("not an address");
      await page.getByLabel("Password", { exact: true }).fill("short");
      await page.getByRole("button", { name: "Create account" }).click();
      await page.getByText("This is not an e-mail address.").waitFor();
      await page.getByText("Use at least 10 characters.").waitFor();
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("email");
      await inspect(page, "register");
    });

    test("finds a page with character where there is none", async () => {
      const { page } = here.seen();
      const answer = await page.goto("/nowhere/at/all");
      expect(answer?.status()).toBe(404);
      await page.getByRole("heading", { name: "Nothing plays here." }).waitFor();
      await inspect(page, "404");
    });

    test("becomes the first administrator by the printed link, once, and deletes an account", async () => {
      const { page } = here.seen();
      const earlier = await registerHere(page);
      await signOut(page);
      await page.waitForURL("**/login");
      const link = /\S*\/setup\?token=\S+/.exec(here.stack().output())?.[0] ?? "";
      await page.goto(new URL(link, here.stack().url).href);
      await inspect(page, "setup");
      await page.getByLabel("E-mail").fill("boss@example.test");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Create administrator" }).click();
      await page.getByRole("link", { name: "Admin" }).click();
      await page.getByRole("link", { name: "Users" }).click();
      await page.getByRole("rowheader", { name: "boss@example.test" }).waitFor();
      await page.getByRole("searchbox").pressSequentially(earlier.slice(0, 8));
      await page.getByRole("button", { name: `Manage ${earlier}` }).click();
      await page.getByRole("button", { name: `Delete ${earlier}` }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete account" }).click();
      await page.getByText(`No users match “${earlier.slice(0, 8)}”.`).waitFor();
      // The row that had the focus is gone.
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute("type")))
        .toBe("search");
      await inspect(page, "admin");
    });
  });

  describe("a session", () => {
    test("outlives a reload and ends in every tab at once", async () => {
      const { page, context } = here.seen();
      await registerHere(page);
      await page.reload();
      await page.getByText("Nothing here yet.").waitFor();
      const second = await context.newPage();
      await second.goto("/");
      await second.getByText("Nothing here yet.").waitFor();
      await signOut(second);
      await page.waitForURL("**/login");
    });

    test("is not said to have ended where the server did not hear it", async () => {
      const { page } = here.seen();
      await registerHere(page);
      await page.route("**/v1/auth/logout", (route) => route.abort());
      await signOut(page);
      await page.getByText("You are still signed in. The server does not answer.").waitFor();
      await page.getByText("Nothing here yet.").waitFor();
      await inspect(page, "a sign-out that was not heard");
      await page.unroute("**/v1/auth/logout");
      await page.getByRole("button", { name: "Sign out again" }).click();
      await page.waitForURL("**/login");
      await page.reload();
      await page.getByLabel("E-mail").waitFor();
    });

    test("follows the system's theme until one is chosen, which the page wears before it is drawn", async () => {
      const { page } = here.seen();
      await page.goto("/login");
      await page.emulateMedia({ colorScheme: "dark" });
      await page.getByRole("button", { name: "Use light theme" }).waitFor();
      await page.emulateMedia({ colorScheme: "light" });
      await page.getByRole("button", { name: "Use dark theme" }).click();
      await page.getByRole("button", { name: "Use light theme" }).waitFor();
      await page.goto("/register", { waitUntil: "commit" });
      await page.waitForFunction(() => document.body !== null);
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    });
  });
}
