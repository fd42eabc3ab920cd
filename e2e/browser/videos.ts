/**
 * What a person does with videos in the dashboard: watch, rename, caption, delete.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { card, chooseFiles, type Here, inspect, openReady, registerHere } from "../testing/browser.ts";
import { clip, still } from "../testing/clips.ts";
import { makePosters, pathOf } from "./posters.ts";

const currentTime = () => document.querySelector("video")?.currentTime ?? 0;
const currentTimePast = (seconds: number) => (document.querySelector("video")?.currentTime ?? 0) > seconds;

type Recording = { phases: [bar: string, timeline: string][] };

/** Runs in a video's page: keeps the first words of its status bar and of its timeline, as often as they change. */
function recordPhases(): void {
  const phases: Recording["phases"] = [];
  Object.assign(window, { phases });
  const firstWord = (selector: string) =>
    /\p{L}+/u.exec(document.querySelector(selector)?.textContent ?? "")?.[0] ?? "";
  const note = () => {
    const now: [string, string] = [firstWord(".stage > .border-t-3"), firstWord("#timeline-title")];
    const last = phases.at(-1);
    const isKnown = now[0] !== "" && now[1] !== "" && now[1] !== "Encoded";
    if (isKnown && (last?.[0] !== now[0] || last[1] !== now[1])) phases.push(now);
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
}

/** Tests about videos, with the stack and the visit of `here`. */
export function videoTests(here: Here): void {
  describe("a video", () => {
    test("is dropped on the page, seen through its states without a reload, and played", async () => {
      const { page } = here.seen();
      await registerHere(page);
      await inspect(page, "the empty library");
      // A folder is no file, which only a drop of the system shows.
      const system = await page.context().newCDPSession(page);
      const data = { items: [], files: [here.stack().folder], dragOperationsMask: 1 };
      for (const type of ["dragEnter", "dragOver", "drop"] as const)
        await system.send("Input.dispatchDragEvent", { type, x: 400, y: 300, data });
      await page.getByText(/ is a folder\. Open it/).waitFor();
      const bytes = (await readFile(await clip(4))).toString("base64");
      const dropped = await page.evaluateHandle((base64) => {
        const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], "holiday.mp4", { type: "video/mp4" }));
        return transfer;
      }, bytes);
      await page.dispatchEvent("body", "dragenter", { dataTransfer: dropped });
      await page.getByText("Let go.").waitFor();
      await page.dispatchEvent("body", "drop", { dataTransfer: dropped });

      const holiday = card(page, "holiday");
      await holiday
        .getByText(/Queued|Encoding/)
        .first()
        .waitFor();
      await holiday.getByRole("link", { name: /Ready/ }).waitFor();
      await holiday.locator("img").waitFor();
      await page.getByText(/\d MB stored/).waitFor();
      await inspect(page, "the library");

      // The account shows what fills it; the player heeds the quality that is chosen there.
      await page.getByRole("button", { name: /^Account: / }).click();
      await page.getByRole("link", { name: "Account", exact: true }).click();
      await page.getByLabel("Playback quality").selectOption("360p");
      const storage = page.getByRole("region", { name: "Storage" });
      await storage.getByText("stored in 1 video").waitFor();
      await storage.getByRole("link", { name: "holiday" }).waitFor();
      await page.getByRole("link", { name: "Library", exact: true }).click();
      await holiday.getByRole("link", { name: /Ready/ }).click();
      await page.waitForFunction(currentTimePast, 1);
      await page.waitForFunction(() => document.querySelector("video")?.videoHeight === 360);
      const saving = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download MP4" }).click();
      const saved = await saving;
      expect(saved.suggestedFilename()).toBe("holiday.mp4");
      expect((await readFile(await saved.path())).subarray(4, 8).toString()).toBe("ftyp");
      const savingOriginal = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download original" }).click();
      const original = await savingOriginal;
      expect(original.suggestedFilename()).toBe("holiday.mp4");
      expect((await readFile(await original.path())).equals(await readFile(await clip(4)))).toBe(true);
      // The page and what it shows are still there, and play on to the end.
      await page.waitForFunction(() => document.querySelector("video")?.ended);
      await page.getByText("Statistics", { exact: true }).click();
      // Quality and cost: each rendition's SSIM in numbers, and the drawn plot.
      for (const rendition of ["720p", "480p", "360p"])
        await page
          .getByRole("row", { name: new RegExp(`^${rendition} .*bit/s (0\\.9\\d{3}|1\\.0000)$`) })
          .waitFor();
      await page.getByRole("row", { name: /^Encode \d+ .*\d s [\d.]+× .*\d s$/ }).waitFor();
      await page
        .getByRole("img", { name: /^Bitrate over time: 720p / })
        .locator("canvas")
        .waitFor();
      await inspect(page, "the video");
      // It was watched, which the page says once the reports are written.
      const isCounted = async () => {
        await page.reload();
        await page.getByRole("link", { name: "Download MP4" }).waitFor();
        return page.getByText(/· \d+ views?$/).count();
      };
      await expect.poll(isCounted, { interval: 2_000 }).toBe(1);
    });

    test("is watched while it is encoded, and goes on to its end when it is ready", async () => {
      const { page } = here.seen();
      await registerHere(page);
      await chooseFiles(page, [await clip(30)]);
      // Bar and timeline never contradict each other, from the first news on.
      const own = card(page, "clip-1280x720-30");
      await own
        .getByText(/Queued|Encoding/)
        .first()
        .waitFor();
      const aside = await page.context().newPage();
      await aside.goto((await own.getByRole("heading").getByRole("link").getAttribute("href")) ?? "");
      await aside.evaluate(recordPhases);
      await own.getByRole("link", { name: /Watch now/ }).click();
      await page.getByText(/playable to/).waitFor();
      await page.waitForFunction(currentTimePast, 1);
      // The chunk timeline says by keyboard what each piece is, and stays small on a phone.
      const chunks = page.getByRole("slider", { name: "Chunks of the video" });
      await chunks.press("End");
      expect(await chunks.getAttribute("aria-valuetext")).toMatch(/^0:\d\d–0:30 (waiting|done|\d+% on )/);
      await inspect(page, "a video that is being encoded");
      await page.setViewportSize({ width: 390, height: 844 });
      expect((await page.locator(".timeline").boundingBox())?.height).toBeLessThanOrEqual(120);
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.getByRole("link", { name: "Download MP4" }).waitFor();
      expect(await page.evaluate(currentTime)).toBeGreaterThan(1);
      // It stays when all is done, and plays from the piece that is chosen.
      await page.getByRole("heading", { name: "Encoded" }).waitFor();
      await aside.getByRole("heading", { name: "Encoded" }).waitFor();
      const phases = await aside.evaluate(() => (window as unknown as Recording).phases);
      expect(phases.length).toBeGreaterThan(1);
      const same = (word: string) => (word === "Queued" ? "In" : word);
      expect(phases.filter(([bar, timeline]) => same(bar) !== timeline)).toEqual([]);
      await aside.close();
      await chunks.press("Home");
      await chunks.press("Enter");
      await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 99) < 4);
      await page.evaluate(() => {
        const video = document.querySelector("video");
        // A video that has ended in the meantime needs no seek; the seek would leave it paused.
        if (video && !video.ended) video.currentTime = 28.5;
      });
      await page.waitForFunction(() => document.querySelector("video")?.ended);
    });

    test("is played by keyboard alone", async () => {
      const { page } = here.seen();
      await registerHere(page);
      await chooseFiles(page, [await clip(10, "640x360")]);
      const clipCard = card(page, "clip-640x360-10");
      await clipCard.getByRole("link", { name: /Ready/ }).waitFor();
      // The same file again is asked about.
      await chooseFiles(page, [await clip(10, "640x360")]);
      const again = page.getByRole("dialog", { name: "Uploaded before" });
      await again.getByText("clip-640x360-10.mp4").waitFor();
      await again.getByRole("button", { name: "Do not upload" }).click();
      await again.waitFor({ state: "hidden" });
      await clipCard.getByRole("heading").getByRole("link").focus();
      await page.keyboard.press("Enter");
      const play = page.getByRole("button", { name: "Play clip-640x360-10" });
      await play.focus();
      await page.keyboard.press("Enter");
      await page.waitForFunction(currentTimePast, 0.5);
      await page.keyboard.press("k");
      await page.waitForFunction(() => document.querySelector("video")?.paused);
      await page.getByRole("slider", { name: "Position" }).focus();
      expect(await page.locator(".player-preview").evaluate((it) => getComputedStyle(it).opacity)).toBe("0");
      await page.keyboard.press("End");
      await page.waitForFunction(currentTimePast, 8);
    });

    test("gets captions, and another poster", async () => {
      const { page } = here.seen();
      await registerHere(page);
      await chooseFiles(page, [await clip(10, "640x360")]);
      await openReady(page, "clip-640x360-10");
      const captions = join(here.stack().folder, "hello.srt");
      await writeFile(captions, "1\n00:00:00,000 --> 00:00:09,000\nGuten Tag, Welt\n");
      await page.getByRole("button", { name: "Captions" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Add captions" }).click();
      await dialog.getByLabel("File").setInputFiles(captions);
      await dialog.getByLabel("Language").selectOption("de");
      await inspect(page, "the captions' form", [1280]);
      await dialog.getByRole("button", { name: "Add captions" }).click();
      await page.getByRole("button", { name: "Delete the captions Deutsch" }).waitFor();
      await page.keyboard.press("Escape");
      await inspect(page, "a video with captions");
      await page.getByRole("button", { name: "Play clip-640x360-10" }).click();
      await page.getByText("Guten Tag, Welt").waitFor();
      await page.getByRole("button", { name: "Poster" }).click();
      const other = page.getByRole("radio", { name: /Poster 2/ });
      const stored = page.waitForResponse((answer) => answer.request().method() === "PATCH");
      await page.getByRole("radio", { name: /Poster 1/ }).focus();
      await page.keyboard.press("ArrowRight");
      await stored;
      expect(await other.isChecked()).toBe(true);
      expect(await other.evaluate((radio) => document.activeElement === radio)).toBe(true);
      await page.reload();
      await page.getByRole("button", { name: "Poster" }).click();
      await expect
        .poll(() =>
          page
            .getByRole("radio", { name: /Poster 2/ })
            .isChecked()
            .catch(() => false),
        )
        .toBe(true);
      // The picture of the page follows the choice at once.
      const picture = page.locator('img[alt^="Poster of"]');
      const second = await picture.getAttribute("src");
      await page.getByRole("radio", { name: /Poster 2/ }).focus();
      await page.keyboard.press("ArrowLeft");
      await expect.poll(() => picture.getAttribute("src").then(pathOf)).not.toBe(pathOf(second));
      await makePosters(page, await readFile(await still()));
      await page.getByRole("button", { name: "Captions (1)" }).click();
      await page.getByRole("button", { name: "Delete the captions Deutsch" }).click();
      await page.getByRole("button", { name: "Delete captions", exact: true }).click();
      await page.getByText("None yet.").waitFor();
    });

    test("gets captions in an old encoding, seen and mended before they are added", async () => {
      const { page } = here.seen();
      await registerHere(page);
      await chooseFiles(page, [await clip(3, "640x360")]);
      await openReady(page, "clip-640x360-3");
      await page.getByRole("button", { name: "Captions" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Add captions" }).click();
      const western = Buffer.from("1\n0:00:00.5 --> 0:00:02.5\nCafé, \x93naïve\x94\n\n2\n", "latin1");
      await dialog.getByLabel("File").setInputFiles({ name: "old.srt", mimeType: "", buffer: western });
      await dialog.getByText("Café, “naïve”").waitFor();
      const encoding = dialog.getByLabel("Encoding");
      await dialog
        .getByRole("option", { name: "Detected: Western (Windows-1252)" })
        .waitFor({ state: "attached" });
      await dialog.getByText("Times in an unusual form were read").waitFor();
      await dialog.getByText("Numbers without a cue were left out").waitFor();
      await inspect(page, "the preview of captions");

      await encoding.selectOption({ label: "Cyrillic (Windows-1251)" });
      await dialog.getByText("Cafй, “naпve”").waitFor();
      // The chosen language selects the encoding of a file that declares none.
      const russian = Uint8Array.from(Buffer.from("cff0e8e2e5f2", "hex"));
      const buffer = Buffer.concat([Buffer.from("1\n00:00:00,500 --> 00:00:02,500\n"), russian]);
      await dialog.getByLabel("Language").selectOption("ru");
      await dialog.getByLabel("File").setInputFiles({ name: "privet.srt", mimeType: "", buffer });
      await dialog.getByText("Привет").waitFor();
      await dialog
        .getByLabel("File")
        .setInputFiles({ name: "no.srt", mimeType: "", buffer: Buffer.from("hello") });
      await dialog.getByRole("alert").getByText("Line 1: the times of a cue are missing").waitFor();
      // It keeps the focus, and a press does nothing.
      const add = dialog.getByRole("button", { name: "Add captions" });
      expect(await add.getAttribute("aria-disabled")).toBe("true");
      await add.focus();
      await page.keyboard.press("Enter");
      await dialog.getByRole("alert").getByText("Line 1: the times of a cue are missing").waitFor();
      await inspect(page, "captions that cannot be read", [1280]);

      await dialog.getByLabel("Language").selectOption("fr");
      await dialog.getByLabel("File").setInputFiles({ name: "old.srt", mimeType: "", buffer: western });
      await dialog.getByText("Café, “naïve”").waitFor();
      await dialog.getByRole("button", { name: "Add captions" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Delete the captions français" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Play clip-640x360-3" }).click();
      await page.getByText("Café, “naïve”").waitFor();
    });

    test("is renamed, and deleted after a question that names it", async () => {
      const { page } = here.seen();
      await registerHere(page);
      await chooseFiles(page, [await clip(3, "640x360")]);
      await card(page, "clip-640x360-3").getByRole("link", { name: /Ready/ }).click();
      await page.getByRole("button", { name: "Edit details" }).click();
      // A refused field has the focus: so its reason is read out.
      const title = page.getByRole("textbox", { name: "Title" });
      await title.fill("");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("Enter a title.").waitFor();
      await expect.poll(() => title.evaluate((field) => field === document.activeElement)).toBe(true);
      await title.fill("<script>alert(1)</script> & co");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "<script>alert(1)</script> & co" }).waitFor();
      await page.getByRole("button", { name: "Delete…" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("<script>alert(1)</script> & co").waitFor();
      await inspect(page, "the question before deletion", [1280]);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "Delete…" }).click();
      const remove = dialog.getByRole("button", { name: "Delete video" });
      await remove.click();
      // A notice stays while the pointer is on it.
      await page.getByRole("button", { name: "Undo" }).hover();
      await page.getByText("Nothing here yet.").waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByRole("heading", { name: "<script>alert(1)</script> & co" }).getByRole("link").click();
      await page.getByRole("button", { name: "Delete…" }).click();
      await remove.click();
      await page.getByText("Nothing here yet.").waitFor();
    });

    test("of somebody else does not exist", async () => {
      const { page } = here.seen();
      await registerHere(page);
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route("**/v1/videos/V1StGXR8Z5jdHi6B", async (route) => {
        await released;
        await route.continue();
      });
      const asked = page.waitForRequest("**/v1/videos/V1StGXR8Z5jdHi6B");
      await page.goto("/videos/V1StGXR8Z5jdHi6B");
      await asked;
      // Until its answer is there, its place is hatched, not blank.
      await expect.poll(() => page.locator("main .hatch").count()).toBe(1);
      release();
      await page.getByRole("heading", { name: "No such video." }).waitFor();
    });
  });
}
