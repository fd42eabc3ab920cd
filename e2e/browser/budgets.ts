/** What a page may cost before anybody presses anything: bytes of script, requests, and shifts of its layout. */
import { describe, expect, test } from "vitest";
import { register } from "../testing/account.ts";
import { card, countScripts, type Here, inspect, signIn, watchShifts } from "../testing/browser.ts";
import { clip } from "../testing/clips.ts";
import { countRequests } from "../testing/requests.ts";
import { completed } from "../testing/whole-path.ts";

/** Gzipped. */
const MAX_SCRIPT = { login: 50_000, library: 80_700, docs: 300_000 };
const MAX_REQUESTS = { login: 20, library: 35, docs: 10 };
const MAX_SHIFT = 0.02;

/** Tests about what pages cost, with the stack and the visit of `here`. */
export function budgetTests(here: Here): void {
  describe("before anything is pressed", () => {
    test("the sign-in page and the library stay within their budgets", async () => {
      const { page } = here.seen();
      const { url } = here.stack();
      const owner = await register(() => url);
      await completed({ person: () => owner, url: () => url }, await clip(3, "640x360"));
      const scripts = countScripts(page);
      const requests = countRequests(page);
      const shifts = await watchShifts(page);
      await page.goto("/login");
      await requests.end();
      expect(await scripts.take(), "scripts of the sign-in page").toBeLessThan(MAX_SCRIPT.login);
      expect(requests.count()).toBeLessThan(MAX_REQUESTS.login);
      expect(await shifts()).toBeLessThan(MAX_SHIFT);
      await signIn(page, owner.email);
      await requests.end();
      await scripts.take();
      const before = requests.count();
      await page.goto("/");
      await card(page, "clip-640x360-3").getByRole("link", { name: /Ready/ }).waitFor();
      await card(page, "clip-640x360-3")
        .getByRole("button", { name: /^Menu of/ })
        .waitFor();
      await requests.end();
      expect(await scripts.take(), "scripts of the library").toBeLessThan(MAX_SCRIPT.library);
      expect(requests.count() - before).toBeLessThan(MAX_REQUESTS.library);
      expect(await shifts()).toBeLessThan(MAX_SHIFT);
    });

    test("the API's page stays within its budget, and is the dashboard's in theme and layout", async () => {
      const { page } = here.seen();
      const scripts = countScripts(page);
      const requests = countRequests(page);
      const shifts = await watchShifts(page);
      await page.goto("/docs#schema-Share");
      const schema = page.locator("#schema-Share");
      await schema.getByText("allowDownload").waitFor();
      await requests.end();
      expect(await scripts.take(), "scripts of the API's page").toBeLessThan(MAX_SCRIPT.docs);
      expect(requests.count()).toBeLessThan(MAX_REQUESTS.docs);
      await page.goto("/docs");
      const contents = page.getByRole("navigation", { name: "Contents" }).getByRole("link");
      await contents.first().waitFor();
      const heights = await contents.evaluateAll((links) =>
        links.map((link) => link.getBoundingClientRect().height),
      );
      expect(Math.min(...heights), "the smallest place to press in the contents").toBeGreaterThanOrEqual(24);
      expect(await shifts()).toBeLessThan(MAX_SHIFT);
      await page.getByRole("button", { name: "Use dark theme" }).click();
      await page.reload();
      await page.getByRole("button", { name: "Use light theme" }).waitFor();
      await inspect(page, "the API's page", [390]);
    });
  });
}
