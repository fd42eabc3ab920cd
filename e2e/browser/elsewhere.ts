/** How a page hears of what happens elsewhere: by the stream of events, and without it. */
import { describe, expect, test } from "vitest";
import { card, chooseFiles, type Here, registerHere } from "../testing/browser.ts";
import { clip } from "../testing/clips.ts";

/** Tests about live changes, with the stack and the visit of `here`. */
export function elsewhereTests(here: Here): void {
  describe("what happens elsewhere", () => {
    test("arrives by the stream, without asking again", async () => {
      const { page } = here.seen();
      const began = Date.now();
      const asked: string[] = [];
      page.on("request", (request) => {
        const { pathname, searchParams } = new URL(request.url());
        if (request.method() !== "GET" || !pathname.startsWith("/v1/")) return;
        asked.push(searchParams.has("q") ? `${pathname}?q` : pathname);
      });
      const opened = page.waitForResponse("**/v1/events").then(() => {
        asked.length = 0;
      });
      await registerHere(page);
      // Once it is open, what was missed before is read again.
      await opened;
      await expect.poll(() => asked).toContain("/v1/videos");
      asked.length = 0;
      await chooseFiles(page, [await clip(10, "640x360")]);
      await card(page, "clip-640x360-10").getByRole("link", { name: /Ready/ }).waitFor();
      // The list of unfinished uploads is fetched once before the upload; beside the stream the list every 30
      // s. A search asks once whether the same file is there already.
      const polls = Math.floor((Date.now() - began) / 30_000);
      expect(asked.filter((path) => path === "/v1/videos").length).toBeLessThanOrEqual(1 + polls);
      expect(asked.filter((path) => path === "/v1/videos?q").length).toBe(1);
    });

    test("arrives by asking when there is no stream", async () => {
      const { page, context } = here.seen();
      await context.route("**/v1/events", (route) => route.abort());
      await registerHere(page);
      await chooseFiles(page, [await clip(3, "640x360")]);
      await card(page, "clip-640x360-3").getByRole("link", { name: /Ready/ }).waitFor();
    });
  });
}
