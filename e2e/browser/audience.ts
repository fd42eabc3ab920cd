/** Who watched: a visitor sees a shared video for some seconds, and its owner sees that, and where they left. */

import { audienceSchema } from "@storagex/contract/audience";
import { shareSchema } from "@storagex/contract/sharing";
import { describe, expect, test } from "vitest";
import { expectJson, register } from "../testing/account.ts";
import { type Here, inspect, openReady, signIn, visit } from "../testing/browser.ts";
import { clip } from "../testing/clips.ts";
import { completed } from "../testing/whole-path.ts";

/** Tests about the audience of a video, with the stack and the visit of `here`. */
export function audienceTests(here: Here): void {
  describe("the audience of a video", () => {
    test("is seen by its owner: the view, its curve, and nothing of who asks not to be followed", async () => {
      const { page } = here.seen();
      const { url } = here.stack();
      const owner = await register(() => url);
      const { video } = await completed({ person: () => owner, url: () => url }, await clip(10, "640x360"), {
        filename: "lighthouse.mp4",
      });
      const made = await owner.call("POST", `/v1/videos/${video.id}/shares`, {});
      const { url: link } = shareSchema.parse(await expectJson(made, 201));
      await signIn(page, owner.email);
      await openReady(page, "lighthouse");
      await page.getByText("Audience", { exact: true }).click();
      await page.getByText("Nobody has watched in this period.").waitFor();

      const watch = async (isPrivate: boolean) => {
        const headers = isPrivate ? { extraHTTPHeaders: { dnt: "1" } } : {};
        const visitor = await visit(page.context().browser(), url, headers);
        if (isPrivate)
          await visitor.context.addInitScript(() =>
            Object.defineProperty(navigator, "doNotTrack", { get: () => "1" }),
          );
        const beats: Record<string, unknown>[] = [];
        visitor.page.on("request", (request) => {
          if (request.url().endsWith("/beat")) beats.push(JSON.parse(request.postData() ?? "{}"));
        });
        const counted = visitor.page.waitForResponse(/\/beat$/);
        await visitor.page.goto(link, { referer: "https://news.example/today" });
        await visitor.page.getByRole("button", { name: "Play" }).first().click();
        expect((await counted).status()).toBe(204);
        await visitor.page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 4);
        // On leaving, the rest is said: a beacon, which nobody hears of here.
        await visitor.page.goto("about:blank");
        expect(visitor.complaints).toEqual([]);
        await visitor.context.close();
        return beats;
      };
      const [open, alone] = await Promise.all([watch(false), watch(true)]);
      const place = "https://news.example";
      expect(open[0]).toMatchObject({ place, startupMs: expect.any(Number), height: expect.any(Number) });
      expect(new Set(open.map(({ session }) => session)).size).toBe(1);
      // Of whom nothing is kept, nothing is sent: each report is by somebody else.
      const fields = ["ended", "height", "played", "session", "stallMs", "stalls"];
      for (const beat of alone) expect(Object.keys(beat).sort()).toEqual(fields);
      expect(new Set(alone.map(({ session }) => session)).size).toBe(alone.length);

      const seen = page.getByRole("region", { name: "Audience" });
      const read = async () => {
        await page.reload();
        const answer = page.waitForResponse(/\/audience\?/);
        await page.getByText("Audience", { exact: true }).click();
        return audienceSchema.parse(await (await answer).json()).views;
      };
      await expect.poll(read).toBe(1);
      await seen.getByText("1 view", { exact: true }).waitFor();
      const curve = seen.getByRole("slider", { name: "Audience retention: points of the video" });
      await curve.focus();
      await page.keyboard.press("Home");
      const words = () => curve.getAttribute("aria-valuetext");
      expect(await words()).toBe("0:00 · 100% of views");
      await page.keyboard.press("End");
      expect(await words()).toBe("0:09 · 0% of views");
      await seen.getByText("news.example").waitFor();
      await seen.getByText("Show as table").click();
      await seen.getByRole("table", { name: "Views by day" }).waitFor();
      await inspect(page, "the audience of a video", [390]);
      // A press on the curve plays from there.
      await curve.focus();
      await page.keyboard.press("Home");
      for (let n = 0; n < 5; n += 1) await page.keyboard.press("PageUp");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 5);
    });
  });
}
