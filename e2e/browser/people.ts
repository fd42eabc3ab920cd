/** Users of the dashboard: visitors, sessions, administrators, and how an account is deleted. */
import { describe, expect, test } from "vitest";
import { PASSWORD } from "../testing/account.ts";
import { type Here, inspect, registerHere } from "../testing/browser.ts";

/** Tests about users, with the stack and the visit of `here`. */
export function peopleTests(here: Here): void {
  describe("a visitor", () => {
    test("is led to sign in, and from there to where they wanted to go", async () => {
      const { page } = here.seen();
      const email = await registerHere(page);
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL("**/login");
      await page.goto("/?q=holiday");
      await page.waitForURL("**/login?next=*");
      await inspect(page, "login");
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password").fill("not this one");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Wrong e-mail or password").waitFor();
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("**/?q=holiday");
      await page.getByText("No videos match").waitFor();
    });

    test("is told by the form what is wrong, before anything is sent", async () => {
      const { page } = here.seen();
      await page.goto("/register");
      await page.getByLabel("E-mail").fill("not an address");
      await page.getByLabel("Password").fill("short");
      await page.getByRole("button", { name: "Make my account" }).click();
      await page.getByText("This is not an e-mail address.").waitFor();
      await page.getByText("Use at least 10 characters").waitFor();
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
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL("**/login");
      const link = /\S*\/setup\?token=\S+/.exec(here.stack().output())?.[0] ?? "";
      await page.goto(new URL(link, here.stack().url).href);
      await inspect(page, "setup");
      await page.getByLabel("E-mail").fill("boss@example.test");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Make the administrator" }).click();
      await page.getByRole("link", { name: "Admin" }).click();
      await page.getByRole("cell", { name: "boss@example.test" }).waitFor();
      await page.getByRole("button", { name: `Delete ${earlier}` }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete it for good" }).click();
      await page.getByRole("cell", { name: earlier, exact: true }).waitFor({ state: "detached" });
      await inspect(page, "admin");
    });
  });

  describe("an account", () => {
    test("gets another password, which ends its sessions in other browsers and not this one", async () => {
      const { page, context } = here.seen();
      const email = await registerHere(page);
      const elsewhere = await context.browser()?.newContext({ baseURL: here.stack().url });
      const other = await elsewhere?.newPage();
      if (!elsewhere || !other) throw new Error("there is no second browser");
      const signIn = async (password: string) => {
        await other.getByLabel("E-mail").fill(email);
        await other.getByLabel("Password").fill(password);
        await other.getByRole("button", { name: "Sign in" }).click();
      };
      await other.goto("/login");
      await signIn(PASSWORD);
      await other.getByText("Nothing here yet.").waitFor();

      await page.getByRole("link", { name: "You" }).click();
      const change = page.getByRole("button", { name: "Change the password" });
      await page.getByLabel("Current password").fill("not this one");
      await page.keyboard.press("Tab");
      await page.keyboard.type("short");
      await page.keyboard.press("Enter");
      await page.getByText("Use at least 10 characters").waitFor();
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("newPassword");
      await page.getByLabel("New password").fill("another horse battery");
      await change.click();
      await page.getByText("Wrong password. Check it and try again; nothing was changed.").waitFor();
      await inspect(page, "the form of another password, refused");
      await page.getByLabel("Current password").fill(PASSWORD);
      await change.click();
      await page.getByText("The password is changed.").waitFor();
      expect(await page.getByLabel("New password").inputValue()).toBe("");
      await inspect(page, "the form of another password, done");

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
      await page.getByRole("link", { name: "You" }).click();
      await inspect(page, "the account");
      await page.getByRole("button", { name: "Delete…" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(email).waitFor();
      await inspect(page, "the question before an account's deletion", [1280]);
      await dialog.getByLabel("Password").fill("not this one");
      await dialog.getByRole("button", { name: "Delete it for good" }).click();
      await dialog.getByText("Wrong password").waitFor();
      await dialog.getByLabel("Password").fill(PASSWORD);
      await dialog.getByRole("button", { name: "Delete it for good" }).click();
      await page.waitForURL("**/login");
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Wrong e-mail or password").waitFor();
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
      await second.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL("**/login");
    });

    test("is not said to have ended where the server did not hear it", async () => {
      const { page } = here.seen();
      await registerHere(page);
      await page.route("**/v1/auth/logout", (route) => route.abort());
      await page.getByRole("button", { name: "Sign out", exact: true }).click();
      await page.getByText("You are still signed in. The server does not answer.").waitFor();
      await page.getByText("Nothing here yet.").waitFor();
      await inspect(page, "a sign-out that was not heard");
      await page.unroute("**/v1/auth/logout");
      await page.getByRole("button", { name: "Sign out again" }).click();
      await page.waitForURL("**/login");
      await page.reload();
      await page.getByLabel("E-mail").waitFor();
    });

    test("keeps the chosen theme, and the page wears it before it is drawn", async () => {
      const { page } = here.seen();
      await page.goto("/login");
      await page.getByRole("button", { name: "Turn dark" }).click();
      await page.goto("/register", { waitUntil: "commit" });
      await page.waitForFunction(() => document.body !== null);
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    });
  });
}
