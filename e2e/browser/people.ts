/** Visitors and sessions: the forms, the first administrator, signing in and out. */
import { describe, expect, test } from "vitest";
import { PASSWORD, register } from "../testing/account.ts";
import { type Here, inspect, registerByForm, registerHere, signOut } from "../testing/browser.ts";

/** Tests about users, with the stack and the visit of `here`. */
export function peopleTests(here: Here): void {
  describe("a visitor", () => {
    test("is led to sign in, and from there to where they wanted to go", async () => {
      const { page } = here.seen();
      // On a first visit nobody is signed in, and after signing out the page knows it: the console has no red line.
      const refused: string[] = [];
      page.on("response", (answer) => answer.status() >= 400 && refused.push(answer.url()));
      const email = await registerByForm(page);
      await signOut(page);
      await page.waitForURL("**/login");
      await page.goto("/?q=holiday");
      await page.waitForURL("**/login?next=*");
      expect(refused).toEqual([]);
      await inspect(page, "login");
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password", { exact: true }).fill("not this one");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Wrong e-mail or password").waitFor();
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Sign in");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("**/?q=holiday");
      await page.getByText("No videos match").waitFor();
    });

    test("presses Enter before the page's script has run: the form waits for it, and nothing is in the address", async () => {
      const { page } = here.seen();
      const user = await register(() => here.stack().url);
      const addresses: string[] = [];
      page.on("request", (request) => addresses.push(request.url()));
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route(/\/_build\/.*\.js$/, async (route) => {
        await released;
        await route.continue();
      });
      await page.goto("/login", { waitUntil: "commit" });
      await page.getByLabel("E-mail").fill(user.email);
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.keyboard.press("Enter");
      // Who is signed in is asked before, and answered after.
      const entered = page.waitForResponse("**/v1/me");
      const asked = Promise.withResolvers<void>();
      await page.route("**/v1/auth/session", async (route) => {
        const response = await route.fetch();
        asked.resolve();
        await entered;
        await route.fulfill({ response });
      });
      await page.route("**/v1/auth/login", async (route) => {
        await asked.promise;
        await route.continue();
      });
      const told = page.waitForResponse("**/v1/auth/session");
      release();
      await told;
      await page.getByText("Nothing here yet.").waitFor();
      expect(addresses.filter((address) => address.includes("example.test"))).toEqual([]);
    });

    test("types and presses Enter while the page's own module is awaited, and nothing typed is lost", async () => {
      const { page } = here.seen();
      const released = Promise.withResolvers<void>();
      await page.route(/\/_build\/.*\/register-.*\.js$/, async (route) => {
        await released.promise;
        await route.continue();
      });
      // By then every other script has run.
      await page.goto("/register", { waitUntil: "domcontentloaded" });
      await page.getByLabel("E-mail").fill(`${crypto.randomUUID()}@example.test`);
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.keyboard.press("Enter");
      released.resolve();
      await page.getByText("Nothing here yet.").waitFor();
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
      // While one types, without leaving the field.
      await page.getByRole("rowheader", { name: "boss@example.test" }).waitFor({ state: "detached" });
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
