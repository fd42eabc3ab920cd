/** Upload links, through the whole product: made by an owner, used by strangers without an account, revoked. */
import { readFile, stat } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import { expectJson, type Person, register } from "../testing/account.ts";
import {
  card,
  countScripts,
  type Here,
  inspect,
  partNumberOf,
  signIn,
  visit,
  watchShifts,
  withholdPart,
} from "../testing/browser.ts";
import { clip } from "../testing/clips.ts";
import { countedClip } from "../testing/counted-clip.ts";

/** Gzipped, before a file is chosen. */
const MAX_SCRIPT = 60_000;
const MAX_SHIFT = 0.02;
const PART = 8 * 1024 * 1024;

async function choose(page: Page, button: string, path: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).first().click();
  await (await chooser).setFiles(path);
}

/** Plays from the button on the poster, and sees it go on. */
async function plays(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Play/ }).first().click();
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.5);
}

/** Makes a link on its page, which is filled in as `fields` says. */
async function makeLink(page: Page, fields: Record<string, string>): Promise<string> {
  await page.getByRole("heading", { name: "New link" }).waitFor();
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text);
  await page.getByRole("button", { name: "Create link" }).click();
  return page.getByLabel("Link", { exact: true }).first().inputValue();
}

const videosOf = async (person: Person, query = ""): Promise<unknown> =>
  expectJson(await person.call("GET", `/v1/videos${query}`), 200);

/** Tests about upload links, with the stack and the visit of `here`. */
export function uploadLinkTests(here: Here): void {
  describe("an upload link", () => {
    test("takes a stranger's file over a reload, plays it there, is used up for the next, and is revoked", async () => {
      const { page, context } = here.seen();
      const { url } = here.stack();
      const owner = await register(() => url);
      await signIn(page, owner.email);
      await page.getByRole("link", { name: "Upload links" }).click();
      await page.getByLabel("Uploads").fill("0");
      await page.getByRole("button", { name: "Create link" }).click();
      await page.getByText("Enter a number from 1 to 1,000.").waitFor();
      // One label takes two lines.
      const tops = ["Largest file in GB", "External id"].map(async (label) => {
        const box = await page.getByLabel(label).boundingBox();
        return Math.round(box?.y ?? 0);
      });
      expect(new Set(await Promise.all(tops)).size, "fields of one row").toBe(1);
      const link = await makeLink(page, {
        Uploads: "1",
        "Title of the video": "The trip, by Ann",
        Tags: "family, lake",
        "External id": "trip-7",
      });
      await inspect(page, "the page of upload links");

      const stranger = await visit(context.browser(), url);
      const { page: guest } = stranger;
      guest.on("dialog", (dialog) => void dialog.accept());
      const scripts = countScripts(guest);
      const shifts = await watchShifts(guest);
      await guest.goto(link);
      await guest.getByText("For: The trip, by Ann").waitFor();
      await guest.waitForLoadState("networkidle");
      expect(await scripts.take(), "scripts of the page of an upload link").toBeLessThan(MAX_SCRIPT);
      expect(await shifts()).toBeLessThan(MAX_SHIFT);
      await inspect(guest, "the page of an upload link");

      const path = await countedClip(36, 25, "640x360", "filled");
      const count = Math.ceil((await stat(path)).size / PART);
      const release = await withholdPart(stranger.context, count - 1);
      // A call that is lost is made again.
      await guest.route(/\/playback$/, (route) => route.abort(), { times: 1 });
      await choose(guest, "Choose a file", path);
      await guest
        .getByText(/Uploading [1-9]\d*%/)
        .first()
        .waitFor();
      await plays(guest);
      await inspect(guest, "an upload by a link that is watched", [390]);
      // Its owner sees it come, and is not asked for the file.
      await page.goto("/");
      await card(page, "The trip, by Ann")
        .getByText(/Uploading \d+%/)
        .first()
        .waitFor();

      await guest.getByRole("button", { name: "Cancel the upload" }).click();
      await guest.getByRole("dialog").getByRole("button", { name: "Keep uploading" }).click();
      await guest.reload();
      await guest.getByText("is not completely uploaded").waitFor();
      await inspect(guest, "an upload by a link after a reload", [390]);
      await choose(guest, "Choose the file again", await clip(3, "640x360"));
      await guest.getByText("This is another file.").waitFor();
      const sent: number[] = [];
      guest.on("request", (request) => request.method() === "PUT" && sent.push(partNumberOf(request.url())));
      // A storage that is away is said, and one that refuses lets the file be chosen again.
      let storage: "away" | "refuses" = "away";
      const parts = /\/parts\/\d+/;
      await guest.route(parts, (route) =>
        storage === "away"
          ? route.abort()
          : route.fulfill({ status: 400, headers: { "access-control-allow-origin": "*" } }),
      );
      await choose(guest, "Choose the file again", path);
      await guest
        .getByText(/Offline [1-9]\d*%/)
        .first()
        .waitFor();
      storage = "refuses";
      await guest.getByText("Storage refused the data.").waitFor();
      await inspect(guest, "an upload by a link that storage refused", [390]);
      await guest.unroute(parts);
      await choose(guest, "Choose the file again", path);
      await guest
        .getByText(/Uploading [1-9]\d*%/)
        .first()
        .waitFor();
      release();
      await guest.getByText("It has arrived.").waitFor();
      expect(new Set(sent)).toEqual(new Set([count - 1]));
      await plays(guest);
      expect(await guest.getByRole("button", { name: "Upload another" }).count()).toBe(0);

      const next = await visit(context.browser(), url, { locale: "de-DE" });
      await next.page.goto(link);
      await next.page.getByText("Dieser Link ist verbraucht.").waitFor();
      await inspect(next.page, "the German page of a used link", [390]);
      expect(await videosOf(owner, "?externalId=trip-7")).toMatchObject({
        items: [{ title: "The trip, by Ann", tags: ["family", "lake"], origin: "link" }],
      });

      await page.goto("/account");
      await page.getByRole("link", { name: "Upload links" }).click();
      await page.getByText("1 of 1 used").waitFor();
      await page.getByRole("button", { name: "Revoke the link The trip, by Ann…" }).click();
      await page.getByRole("button", { name: "Revoke link", exact: true }).click();
      await page.getByText("1 of 1 used").waitFor({ state: "detached" });
      await guest.reload();
      await guest.getByText("This link was revoked.").waitFor();
      expect([...stranger.complaints, ...next.complaints]).toEqual([]);
      await stranger.context.close();
      await next.context.close();
    });

    test("of a single use is not used up by an upload that is cancelled while its ticket is made", async () => {
      const { page, context } = here.seen();
      const { url } = here.stack();
      const owner = await register(() => url);
      await signIn(page, owner.email);
      await page.goto("/upload-links");
      const link = await makeLink(page, { Uploads: "1" });
      const stranger = await visit(context.browser(), url);
      const { page: guest } = stranger;
      const made = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      await guest.route("**/v1/videos", async (route) => {
        const response = await route.fetch();
        made.resolve();
        await released.promise;
        await route.fulfill({ response });
      });
      await guest.goto(link);
      await choose(guest, "Choose a file", await clip(3, "640x360"));
      await made.promise;
      await guest.getByRole("button", { name: "Cancel the upload" }).click();
      await guest.getByRole("dialog").getByRole("button", { name: "Cancel the upload" }).click();
      await guest.getByRole("dialog").waitFor({ state: "hidden" });
      // Giving it up is not heard at first: it is said again.
      await guest.route(/\/upload$/, (route) => route.abort(), { times: 1 });
      released.resolve();
      await guest.getByText("1 upload left").waitFor();
      expect(await videosOf(owner)).toMatchObject({ items: [] });
      expect(await guest.evaluate(() => Object.keys(localStorage).join())).not.toContain("storagex.linked");
      expect(stranger.complaints).toEqual([]);
      await stranger.context.close();
    });

    test("takes a dropped file under the title that its sender gives, and then another", async () => {
      const { page, context } = here.seen();
      const { url } = here.stack();
      const owner = await register(() => url);
      await signIn(page, owner.email);
      await page.goto("/upload-links");
      const link = await makeLink(page, { Uploads: "2" });
      const stranger = await visit(context.browser(), url);
      const { page: guest } = stranger;
      await guest.goto(link);
      await guest.getByLabel("Title (optional)").fill("From me");
      const bytes = (await readFile(await clip(3, "640x360"))).toString("base64");
      const dropped = await guest.evaluateHandle((base64) => {
        const file = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([file], "film.mp4", { type: "video/mp4" }));
        return transfer;
      }, bytes);
      await guest.dispatchEvent("body", "dragenter", { dataTransfer: dropped });
      await guest.getByText("Let go.").waitFor();
      await guest.dispatchEvent("body", "drop", { dataTransfer: dropped });
      await guest.getByText("It has arrived.").waitFor();
      await guest.getByText("Ready").first().waitFor();
      await inspect(guest, "a ready video of an upload link", [390]);
      await guest.getByRole("button", { name: "Upload another" }).click();
      await guest.getByText("1 upload left").waitFor();
      expect(await videosOf(owner)).toMatchObject({ items: [{ title: "From me", origin: "link" }] });
      await guest.goto(`${link.slice(0, -1)}_`);
      await guest.getByText("This link does not work.").waitFor();
      expect(stranger.complaints).toEqual([]);
      await stranger.context.close();
    });
  });
}
