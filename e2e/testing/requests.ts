/** What a page asks for, and when it has asked for all that it wants before anybody presses anything. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Page, Request } from "@playwright/test";

/** Milliseconds without anything new. */
const QUIET = 1_000;

/** Never answered to its end. */
const isStream = (request: Request) => new URL(request.url()).pathname === "/v1/events";

/** Counts from now on. */
export function countRequests(page: Page) {
  let count = 0;
  const open = new Set<Request>();
  const close = (request: Request) => void open.delete(request);
  page.on("request", (request) => {
    count += 1;
    if (!isStream(request)) open.add(request);
  });
  page.on("requestfinished", close);
  page.on("requestfailed", close);
  return {
    count: () => count,
    /** Waits until all is answered, the page has nothing left to do, and that stays so: a slow machine only pauses. */
    end: async () => {
      for (let before = -1; before !== count || open.size > 0; ) {
        before = count;
        await page.evaluate(idle);
        await sleep(QUIET);
      }
    },
  };
}

/** Runs in the page. */
const idle = () => new Promise((resolve) => requestIdleCallback(resolve));
