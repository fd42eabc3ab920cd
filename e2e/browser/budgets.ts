/** What a page may cost before anybody presses anything: bytes of script, requests, and shifts of its layout. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import { countScripts, type Here, inspect, watchShifts } from "../testing/browser.ts";

/** Gzipped. */
const MAX_SCRIPT = { docs: 300_000 };
const MAX_REQUESTS = { docs: 10 };
const MAX_SHIFT = 0.02;

/** Counts from now on. */
function countRequests(page: Page) {
  let count = 0;
  page.on("request", () => {
    count += 1;
  });
  return {
    count: () => count,
    /** Waits until a second brings nothing more: a stream of events never ends, so the network is never idle. */
    end: async () => {
      for (let before = -1; before !== count; await sleep(1_000)) before = count;
    },
  };
}

/** Tests about what pages cost, with the stack and the visit of `here`. */
export function budgetTests(here: Here): void {
  describe("before anything is pressed", () => {
    test("the API's page stays within its budget, and is the dashboard's in theme and layout", async () => {
      const { page } = here.seen();
      const scripts = countScripts(page);
      const requests = countRequests(page);
      const shifts = await watchShifts(page);
      await page.goto("/docs#schema-Share");
      const schema = page.locator("#schema-Share");
      await schema.getByText("allowDownload").waitFor();
      await requests.end();
      expect.soft(await scripts.take(), "scripts of the API's page").toBeLessThan(MAX_SCRIPT.docs);
      expect.soft(requests.count()).toBeLessThan(MAX_REQUESTS.docs);
      await page.goto("/docs");
      expect.soft(await shifts()).toBeLessThan(MAX_SHIFT);
      await page.getByRole("button", { name: "Use dark theme" }).click();
      await page.reload();
      await page.getByRole("button", { name: "Use light theme" }).waitFor();
      await inspect(page, "the API's page", [390]);
    });
  });
}
