/** No text breaks a layout: every page with the worst titles, from the smallest to the largest window. */
import { readFile } from "node:fs/promises";
import { ticketSchema } from "@storagex/contract/uploads/upload";
import { describe, expect, test } from "vitest";
import { expectJson, type Person, putParts, register } from "../testing/account.ts";
import { card, type Here, signIn, staysInside } from "../testing/browser.ts";
import { clip } from "../testing/clips.ts";

const TITLES = [
  "screen_recording_2024_11_28_team_meeting_room_3_final_version_export_v3",
  "a".repeat(200),
  "مقابلة مع المخرج (النسخة النهائية).",
  "👩‍👩‍👧‍👦".repeat(30),
  "iPhone an der Straße",
];

/** Tests about text and layout, with the stack and the visit of `here`. */
export function layoutTests(here: Here): void {
  describe("the worst titles", () => {
    test("leave no element outside the window, in no page and at no width", async () => {
      const { page } = here.seen();
      const url = here.stack().url;
      const person = await register(() => url);
      for (const title of TITLES) await ticketFor(person, title, 5_000_000);
      // A tag is never broken: only its column may not grow with it.
      const tagged = await ticketFor(person, "tagged", 5_000_000);
      const tags = { tags: ["W".repeat(50)] };
      await expectJson(await person.call("PATCH", `/v1/videos/${tagged.video.id}`, tags), 200);
      const path = await clip(3, "640x360");
      const ready = await ticketFor(
        person,
        "VID_20241128_183045_HDR_final_export_v3",
        (await readFile(path)).length,
      );
      await putParts(person, ready, path);
      await expectJson(await person.call("POST", `/v1/videos/${ready.video.id}/complete`, {}), 200);

      await signIn(page, person.email);
      await card(page, "VID_20241128").getByRole("link", { name: /Ready/ }).waitFor();
      await staysInside(page, "the library");
      // Nor is a title cut off at its side, where no ellipsis says so.
      await page.setViewportSize({ width: 390, height: 844 });
      const isCut = (links: Element[]) =>
        links.filter((link) => link.scrollWidth > link.clientWidth + 1).map((link) => link.textContent);
      expect(await page.getByRole("heading").getByRole("link").evaluateAll(isCut)).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 900 });

      // Written in their own direction, and as they were written.
      const arabic = page.getByRole("heading", { name: "مقابلة" });
      expect(await arabic.evaluate((title) => getComputedStyle(title).direction)).toBe("rtl");
      await page.getByRole("heading", { name: "iPhone an der Straße" }).getByRole("link").click();
      const heading = page.getByRole("heading", { level: 1, name: "iPhone an der Straße" });
      await heading.waitFor();
      expect(await heading.evaluate((title) => getComputedStyle(title).textTransform)).toBe("none");
      await page.getByRole("button", { name: "Delete…" }).click();
      await page.getByRole("dialog").waitFor();
      await staysInside(page, "the dialog of a deletion");
      await page.keyboard.press("Escape");

      await page.goto(`/?q=${"z".repeat(200)}`);
      await page.getByText("No videos match").waitFor();
      await staysInside(page, "a search without a hit");
      await page.goto(`/videos/${ready.video.id}`);
      await page.getByRole("button", { name: /^Play / }).click();
      await page.getByRole("slider", { name: "Position" }).waitFor();
      await staysInside(page, "a video");
      await page.goto("/account");
      await page.getByRole("main").getByText(person.email).waitFor();
      await staysInside(page, "the account");
    });
  });
}

async function ticketFor(person: Person, title: string, size: number) {
  const body = { filename: `${title.slice(0, 60)}.mp4`, size, contentType: "video/mp4", title };
  return ticketSchema.parse(await expectJson(await person.call("POST", "/v1/videos", body), 201));
}
