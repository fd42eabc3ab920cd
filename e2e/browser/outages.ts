/** Uploads that survive: a lost network, an ended session, a closed page; and how their end is told. */
import { join } from "node:path";
import { sessionSchema } from "@storagex/contract/accounts/account";
import { describe, expect, test } from "vitest";
import { PASSWORD } from "../testing/account.ts";
import {
  card,
  chooseFiles,
  type Here,
  inspect,
  inWholeBrowser,
  registerHere,
  signOut,
  throttleOf,
  type Visit,
  withholdParts,
} from "../testing/browser.ts";
import { writeNullPackets } from "../testing/null-packets.ts";

const MIB = 1024 * 1024;

/** Tests about interrupted uploads, with the stack and the visit of `here`. */
export function outageTests(here: Here): void {
  const fileOf = async (name: string, mib: number) => {
    const path = join(here.stack().folder, name);
    await writeNullPackets(path, mib * MIB);
    return path;
  };

  describe("an interrupted upload", () => {
    test("goes on by itself when the network is back, with everything in line, and its end is told", async () => {
      await inWholeBrowser(here.stack().url, isTold);
    });

    async function isTold({ page, context }: Visit): Promise<void> {
      await context.grantPermissions(["notifications"]);
      await page.addInitScript(recordNotifications);
      await registerHere(page);
      const throttle = await throttleOf(page);
      // The first takes every connection until few of its parts are left: the others say that they wait.
      await throttle(300_000);
      const names = ["tape-one", "tape-two", "tape-three"];
      await chooseFiles(page, [
        await fileOf("tape-one.mp4", 90),
        await fileOf("tape-two.mp4", 2),
        await fileOf("tape-three.mp4", 1),
      ]);
      // On the library the cards say it all: the tray is one line, which covers no card's buttons.
      const tray = page.getByRole("complementary", { name: "Uploads" });
      await tray.getByRole("button", { name: /^3 uploads/ }).waitFor();
      expect(await tray.getByRole("listitem").count()).toBe(0);
      expect((await tray.boundingBox())?.height).toBeLessThan(60);
      await tray.getByRole("button", { name: /^3 uploads/ }).click();
      await tray.getByText("2nd in line").waitFor();
      await card(page, "tape-one")
        .getByRole("button", { name: /Uploading/ })
        .waitFor();
      await expect.poll(() => page.title()).toMatch(/^\(\d+%\) Library/);
      // The API's page opens beside this one: nothing is asked, and the upload goes on.
      const beside = context.waitForEvent("page");
      await page.getByRole("link", { name: /^API/ }).click();
      await (await beside).waitForURL("**/docs");
      await (await beside).close();

      await throttle(-1, true);
      await page.getByText("No connection. Uploads continue by themselves").waitFor();
      await card(page, "tape-one")
        .getByText(/Offline \d+%/)
        .first()
        .waitFor();
      await inspect(page, "uploads without a network", [1280, 390]);
      // What is asked for without a network waits, too: it is uploaded with the others below.
      const unheard = page.waitForEvent("requestfailed", (request) =>
        request.url().includes("status=pending_upload"),
      );
      await chooseFiles(page, [await fileOf("tape-four.mp4", 1)]);
      await unheard;

      // Somebody looks at another tab: the end is told by a notification, which leads to the video.
      await page.evaluate(() =>
        Object.defineProperty(document, "hidden", { value: true, configurable: true }),
      );
      await throttle(-1);
      for (const name of [...names, "tape-four"])
        await card(page, name)
          .getByText(/Queued|Encoding|is damaged|not a video/)
          .first()
          .waitFor();
      await page.getByText("No connection.").waitFor({ state: "detached" });
      // What became of them, with links, on every page.
      await tray.getByRole("button", { name: "4 uploaded" }).waitFor();
      await tray.getByText("Failed · see why").first().waitFor();
      await inspect(page, "a tray of finished uploads", [1280, 390]);
      expect(await page.title()).toBe("Library · StorageX");
      await expect.poll(() => page.evaluate(shownNotifications)).toContain("Encoding failed: tape-two");
      await page.evaluate(() => window.dispatchEvent(new Event("press:tape-two")));
      await page.getByRole("heading", { name: "tape-two" }).waitFor();
      await tray.getByRole("button", { name: "Clear list" }).click();
      await tray.waitFor({ state: "detached" });
    }

    test("goes on when a call of it is never answered, also when its part URLs are not", async () => {
      const { page } = here.seen();
      await registerHere(page);
      await page.clock.install();
      await page.reload();
      const left = new Map([
        ["/upload/parts", 1],
        ["/complete", 1],
      ]);
      const silent: string[] = [];
      // The ticket brings no URL that is still good: the first one is asked for.
      await page.route("**/v1/videos", async (route) => {
        if (route.request().method() !== "POST") return route.continue();
        const response = await route.fetch();
        const ticket = await response.json();
        for (const part of ticket.upload.parts) part.expiresAt = new Date().toISOString();
        await route.fulfill({ response, json: ticket });
      });
      await page.route(/\/v1\/videos\/[\w-]+\/(upload\/parts|complete)$/, (route) => {
        const path = [...left.keys()].find((each) => new URL(route.request().url()).pathname.endsWith(each));
        if (!path || left.get(path) === 0) return route.continue();
        left.set(path, 0);
        silent.push(path);
      });
      await chooseFiles(page, [await fileOf("patience.mp4", 1)]);
      for (const path of ["/upload/parts", "/complete"]) {
        await expect.poll(() => silent.at(-1)).toBe(path);
        await page.clock.fastForward(61_000);
      }
      await card(page, "patience")
        .getByText(/Queued|Encoding|is damaged|not a video/)
        .first()
        .waitFor();
    });

    test("begins, too, where its file is chosen before the page knows who is signed in", async () => {
      const { page } = here.seen();
      await registerHere(page);
      const known = Promise.withResolvers<void>();
      await page.route("**/v1/me", async (route) => {
        await known.promise;
        await route.continue();
      });
      const compared = Promise.withResolvers<void>();
      await page.route(/\/v1\/videos\?.*q=early/, async (route) => {
        await compared.promise;
        await route.continue();
      });
      await page.reload();
      const asked = page.waitForRequest(/\/v1\/videos\?.*q=early/);
      await chooseFiles(page, [await fileOf("early.mp4", 1)]);
      await asked;
      known.resolve();
      await page.getByRole("button", { name: /^Account: / }).waitFor();
      compared.resolve();
      await card(page, "early").waitFor();
    });

    test("is known after a reload with its line, and waits for an ended session", async () => {
      const { page, context } = here.seen();
      const email = await registerHere(page);
      const release = await withholdParts(context);
      const later = await fileOf("reel-later.mp4", 1);
      await chooseFiles(page, [await fileOf("reel-now.mp4", 90), later]);
      await card(page, "reel-now")
        .getByRole("button", { name: /Uploading/ })
        .waitFor();
      page.on("dialog", (dialog) => void dialog.accept());
      await page.reload();
      // The file in line is not forgotten; a browser without a handle of it must be given it again.
      const tray = page.getByRole("complementary", { name: "Uploads" });
      await tray.getByRole("paragraph").filter({ hasText: "reel-later.mp4" }).waitFor();
      await card(page, "reel-now")
        .getByRole("button", { name: /Unfinished/ })
        .waitFor();
      await inspect(page, "a line after a reload", [390]);
      const asked = page.waitForEvent("filechooser");
      await tray.getByRole("button", { name: /Choose the file/ }).click();
      await (await asked).setFiles([later]);
      await card(page, "reel-later")
        .getByRole("button", { name: /Uploading/ })
        .waitFor();
      // Signing out would end it, so it asks.
      await signOut(page);
      await page.getByRole("dialog").getByText("Your uploads stop.").waitFor();
      await page.getByRole("button", { name: "Stay signed in" }).click();
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.textContent))
        .toContain("Account: ");
      await page.getByRole("button", { name: /^Account: / }).click();
      await page.getByRole("link", { name: "Account", exact: true }).click();
      await page.waitForURL("**/account");

      // Elsewhere the password is changed, which ends the sessions of this browser.
      const changed = await changePassword(here.stack().url, email);
      expect(changed).toBe(204);
      await page.waitForURL("**/login?next=%2Faccount");
      await page.getByText("Your session has ended.").waitFor();
      await inspect(page, "the sign-in page after an ended session", [1280, 390]);
      release();
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password", { exact: true }).fill(`${PASSWORD} too`);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("**/account");
      await tray.getByRole("button", { name: "1 uploaded" }).waitFor();
      // Whoever signs in next in this tab sees nothing of it.
      await signOut(page);
      await page.getByRole("link", { name: "Create account" }).click();
      // The sign-in page, whose fields are named alike, stays until the next one is loaded.
      await page.getByRole("heading", { name: "Create account" }).waitFor();
      await page.getByLabel("E-mail").fill(`next-${email}`);
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Create account" }).click();
      await page.getByText("Nothing here yet.").waitFor();
      expect(await tray.count()).toBe(0);
    });
  });
}

/** Runs in the page: every notification is shown, remembered, and pressed on the event `press:` and its text. */
function recordNotifications(): void {
  const shown: string[] = [];
  Reflect.set(window, "shownNotifications", shown);
  const Shown = window.Notification;
  window.Notification = class extends Shown {
    constructor(title: string, options: NotificationOptions = {}) {
      super(title, options);
      shown.push(`${title}: ${options.body}`);
      window.addEventListener(`press:${options.body}`, () => this.dispatchEvent(new Event("click")));
    }
  };
}
const shownNotifications = (): string[] => Reflect.get(window, "shownNotifications");

/** As from another device; returns the status. */
async function changePassword(url: string, email: string): Promise<number> {
  const post = (path: string, body: unknown, token?: string) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: url,
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(body),
    });
  const answer = await post("/v1/auth/login", { email, password: PASSWORD });
  const { accessToken } = sessionSchema.parse(await answer.json());
  const body = { currentPassword: PASSWORD, newPassword: `${PASSWORD} too` };
  return (await post("/v1/me/password", body, accessToken)).status;
}
