/** The dashboard in a real browser over the running product: what a person sees and does. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PARTS_PER_ANSWER } from "@storagex/contract/upload";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PASSWORD } from "./testing/account.ts";
import { card, chooseFiles, inspect, launch, registerHere, type Visit, visit } from "./testing/browser.ts";
import { clip } from "./testing/clips.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

let stack: RunningStack;
let browser: Awaited<ReturnType<typeof launch>>;
let seen: Visit;

beforeAll(async () => {
  stack = await startStack();
  browser = await launch();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await stack?.dispose();
}, 60_000);
beforeEach(async () => {
  seen = await visit(browser, stack.url);
});
afterEach(async () => {
  await seen.context.close();
  expect(seen.complaints).toEqual([]);
});

const currentTime = () => document.querySelector("video")?.currentTime ?? 0;

describe("a visitor", () => {
  test("is led to sign in, and from there to where they wanted to go", async () => {
    const { page } = seen;
    const email = await registerHere(page);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/login");
    await page.goto("/?q=holiday");
    await page.waitForURL("**/login?next=*");
    await inspect(page, "login");
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("not this one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Wrong e-mail or password").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/?q=holiday");
    await page.getByText("Nothing fits.").waitFor();
  });

  test("is told by the form what is wrong, before anything is sent", async () => {
    const { page } = seen;
    await page.goto("/register");
    await page.getByLabel("E-mail").fill("not an address");
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Make my account" }).click();
    await page.getByText("This is not an e-mail address.").waitFor();
    await page.getByText("Use at least 10 characters").waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("email");
    await inspect(page, "register");
  });

  test("finds a page with character where there is none", async () => {
    const { page } = seen;
    const answer = await page.goto("/nowhere/at/all");
    expect(answer?.status()).toBe(404);
    await page.getByRole("heading", { name: "Nothing plays here." }).waitFor();
    await inspect(page, "404");
  });

  test("becomes the first administrator by the printed link, once", async () => {
    const { page } = seen;
    const link = /\S*\/setup\?token=\S+/.exec(stack.output())?.[0] ?? "";
    await page.goto(new URL(link, stack.url).href);
    await inspect(page, "setup");
    await page.getByLabel("E-mail").fill("boss@example.test");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Make the administrator" }).click();
    await page.getByRole("link", { name: "Admin" }).click();
    await page.getByRole("cell", { name: "boss@example.test" }).waitFor();
    await inspect(page, "admin");
  });
});

describe("a session", () => {
  test("outlives a reload and ends in every tab at once", async () => {
    const { page, context } = seen;
    await registerHere(page);
    await page.reload();
    await page.getByText("Nothing here yet.").waitFor();
    const second = await context.newPage();
    await second.goto("/");
    await second.getByText("Nothing here yet.").waitFor();
    await second.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/login");
  });

  test("keeps the chosen theme, and the page wears it before it is drawn", async () => {
    const { page } = seen;
    await page.goto("/login");
    await page.getByRole("button", { name: "Turn dark" }).click();
    await page.goto("/register", { waitUntil: "commit" });
    await page.waitForFunction(() => document.body !== null);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  });
});

describe("a video", () => {
  test("is dropped on the page, seen through its states without a reload, and played", async () => {
    const { page } = seen;
    await registerHere(page);
    await inspect(page, "the empty library");
    const bytes = (await readFile(await clip(10))).toString("base64");
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
    await holiday.getByRole("link", { name: /Ready/ }).waitFor({ timeout: 180_000 });
    await holiday.locator("img").waitFor();
    await page.getByText(/\d MB stored/).waitFor();
    await inspect(page, "the library");

    await holiday.getByRole("link", { name: /Ready/ }).click();
    await page.waitForFunction(currentTimePast, 1);
    await page.getByRole("link", { name: "Download MP4" }).waitFor();
    await inspect(page, "the video");
  });

  test("is watched while it is encoded, and goes on to its end when it is ready", async () => {
    const { page } = seen;
    await registerHere(page);
    await chooseFiles(page, [await clip(60)]);
    await card(page, "clip-1280x720-60")
      .getByRole("link", { name: /Watch now/ })
      .click({ timeout: 180_000 });
    await page.getByText(/playable to/).waitFor();
    await page.waitForFunction(currentTimePast, 1);
    await inspect(page, "a video that is being encoded");
    await page.getByRole("link", { name: "Download MP4" }).waitFor({ timeout: 240_000 });
    expect(await page.evaluate(currentTime)).toBeGreaterThan(1);
    await page.evaluate(() => {
      const video = document.querySelector("video");
      if (video) video.currentTime = 58.5;
    });
    await page.waitForFunction(() => document.querySelector("video")?.ended);
  });

  test("that is no video says why, and can be tried again", async () => {
    const { page } = seen;
    await registerHere(page);
    const path = join(stack.folder, "diary.mp4");
    await writeFile(path, "Dear diary, today I was renamed.\n".repeat(100));
    await chooseFiles(page, [path]);
    const diary = card(page, "diary");
    await diary.getByText("This is not a video file we can read.").waitFor({ timeout: 60_000 });
    await inspect(page, "a failure in the library");
    await diary.getByRole("button", { name: /Try again/ }).click();
    await diary
      .getByText(/Queued|Encoding/)
      .first()
      .waitFor();
    await diary.getByText("This is not a video file we can read.").waitFor({ timeout: 60_000 });
    await diary.getByRole("heading").getByRole("link").click();
    await page.getByRole("alert").getByText("source.not_video").waitFor();
    await inspect(page, "a failure");
  });

  test("is played by keyboard alone", async () => {
    const { page } = seen;
    await registerHere(page);
    await chooseFiles(page, [await clip(10)]);
    const clipCard = card(page, "clip-1280x720-10");
    await clipCard.getByRole("link", { name: /Ready/ }).waitFor({ timeout: 120_000 });
    await clipCard.getByRole("heading").getByRole("link").focus();
    await page.keyboard.press("Enter");
    const play = page.getByRole("button", { name: "Play" });
    await play.waitFor();
    await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2);
    expect(await page.evaluate(() => document.querySelector("video")?.paused)).toBe(true);
    await play.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(currentTimePast, 0.5);
    await page.keyboard.press("k");
    await page.waitForFunction(() => document.querySelector("video")?.paused);
    await page.getByRole("slider", { name: "Position" }).focus();
    await page.keyboard.press("End");
    await page.waitForFunction(currentTimePast, 8);
  });

  test("gets captions, and another poster", async () => {
    const { page } = seen;
    await registerHere(page);
    await chooseFiles(page, [await clip(10)]);
    const clipCard = card(page, "clip-1280x720-10");
    await clipCard.getByRole("link", { name: /Ready/ }).waitFor({ timeout: 120_000 });
    await clipCard.getByRole("heading").getByRole("link").click();
    const captions = join(stack.folder, "hello.srt");
    await writeFile(captions, "1\n00:00:00,000 --> 00:00:09,000\nGuten Tag, Welt\n");
    await page.getByRole("button", { name: "Add captions" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("File").setInputFiles(captions);
    await dialog.getByLabel("Language").fill("de");
    await inspect(page, "the captions' form", [1280]);
    await dialog.getByRole("button", { name: "Add them" }).click();
    await page.getByRole("button", { name: "Delete the captions Deutsch" }).waitFor();
    await inspect(page, "a video with captions");
    await page.getByRole("button", { name: "Play or pause" }).click();
    await page.getByText("Guten Tag, Welt").waitFor();
    const other = page.getByRole("radio", { name: /Poster 2/ });
    await other.check({ force: true });
    await expect.poll(() => other.isChecked()).toBe(true);
    await page.reload();
    await expect
      .poll(() =>
        page
          .getByRole("radio", { name: /Poster 2/ })
          .isChecked()
          .catch(() => false),
      )
      .toBe(true);
    await page.getByRole("button", { name: "Delete the captions Deutsch" }).click();
    await page.getByText("None yet.").waitFor();
  });

  test("is renamed, and deleted after a question that names it", async () => {
    const { page } = seen;
    await registerHere(page);
    await chooseFiles(page, [await clip(3)]);
    await card(page, "clip-1280x720-3").getByRole("link", { name: /Ready/ }).click({ timeout: 120_000 });
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("textbox", { name: "Title" }).fill("<script>alert(1)</script> & co");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "<script>alert(1)</script> & co" }).waitFor();
    await page.getByRole("button", { name: "Delete…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("<script>alert(1)</script> & co").waitFor();
    await inspect(page, "the question before deletion", [1280]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Delete…" }).click();
    await dialog.getByRole("button", { name: "Delete it for good" }).click();
    await page.getByText("Nothing here yet.").waitFor();
    await page.getByText("0 B stored").waitFor();
  });

  test("of somebody else does not exist", async () => {
    const { page } = seen;
    await registerHere(page);
    await page.goto("/videos/V1StGXR8Z5jdHi6B");
    await page.getByRole("heading", { name: "No such video." }).waitFor();
  });
});

describe("what happens elsewhere", () => {
  test("arrives by the stream, without asking again", async () => {
    const { page } = seen;
    await registerHere(page);
    const asked: string[] = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (request.method() === "GET" && pathname.startsWith("/v1/")) asked.push(pathname);
    });
    await chooseFiles(page, [await clip(10)]);
    await card(page, "clip-1280x720-10").getByRole("link", { name: /Ready/ }).waitFor({ timeout: 120_000 });
    // Before the upload the unfinished ones are asked for, once.
    expect(asked.filter((path) => path === "/v1/videos").length).toBeLessThanOrEqual(1);
  });

  test("arrives by asking when there is no stream", async () => {
    const { page, context } = seen;
    await context.route("**/v1/events", (route) => route.abort());
    await registerHere(page);
    await chooseFiles(page, [await clip(3)]);
    await card(page, "clip-1280x720-3").getByRole("link", { name: /Ready/ }).waitFor({ timeout: 120_000 });
  });
});

describe("an upload", () => {
  test("is paused, survives a reload, and sends only what is missing", async () => {
    const { page, context } = seen;
    await registerHere(page);
    const path = join(stack.folder, "long-walk.mp4");
    // Three parts; what is in them does not matter here.
    await writeFile(path, Buffer.alloc(40 * 1024 * 1024, 7));
    const network = await context.newCDPSession(page);
    await network.send("Network.enable");
    const throttle = (uploadThroughput: number) =>
      network.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      });
    await throttle(12_000_000);
    const put: number[] = [];
    page.on("response", (answer) => {
      const number = new URL(answer.url()).searchParams.get("partNumber");
      if (answer.request().method() === "PUT" && answer.ok()) put.push(Number(number));
    });
    await chooseFiles(page, [path]);
    const walk = card(page, "long-walk");
    await expect.poll(() => put.length, { timeout: 60_000 }).toBeGreaterThan(0);
    await walk.getByRole("button", { name: /Uploading/ }).click();
    await walk.getByRole("button", { name: /Paused/ }).waitFor();
    await inspect(page, "a paused upload", [390]);
    const before = put.length;
    expect(before).toBeLessThan(PARTS_PER_ANSWER);

    await page.reload();
    await throttle(-1);
    await walk.getByText("Upload unfinished").waitFor();
    await chooseFiles(page, [path]);
    await walk
      .getByText(/Queued|Encoding|not a video/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(put.toSorted()).toEqual([1, 2, 3]);
  });

  test("is cancelled and leaves nothing behind", async () => {
    const { page, context } = seen;
    await registerHere(page);
    const path = join(stack.folder, "regret.mp4");
    await writeFile(path, Buffer.alloc(20 * 1024 * 1024, 7));
    const network = await context.newCDPSession(page);
    await network.send("Network.enable");
    await network.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 500_000,
    });
    await chooseFiles(page, [path]);
    await card(page, "regret")
      .getByText(/Uploading/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Cancel the upload of regret.mp4" }).click();
    await page.getByText("Nothing here yet.").waitFor();
    await page.reload();
    await page.getByText("Nothing here yet.").waitFor();
  });

  test("whose ticket is gone begins anew when it is tried again", async () => {
    const { page, context } = seen;
    await registerHere(page);
    const path = join(stack.folder, "late.mp4");
    await writeFile(path, Buffer.alloc(20 * 1024 * 1024, 7));
    const network = await context.newCDPSession(page);
    await network.send("Network.enable");
    const throttle = (uploadThroughput: number) =>
      network.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      });
    await throttle(1_000_000);
    await chooseFiles(page, [path]);
    const late = card(page, "late");
    await late.getByRole("button", { name: /Uploading/ }).click();
    await late.getByRole("button", { name: /Paused/ }).waitFor();
    await context.route(
      "**/upload/parts",
      (route) =>
        route.fulfill({
          status: 404,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "/docs#problem-video.not_found",
            title: "No such video",
            status: 404,
            detail: "It does not exist or is not yours.",
            code: "video.not_found",
          }),
        }),
      { times: 1 },
    );
    await throttle(-1);
    await late.getByRole("button", { name: /Paused/ }).click();
    const tray = page.getByRole("complementary", { name: "Uploads" });
    await tray.getByText("No such video.").waitFor();
    await tray.getByRole("button", { name: /Try again/ }).click();
    await late
      .getByText(/Queued|Encoding|not a video/)
      .first()
      .waitFor({ timeout: 60_000 });
  });

  test("of something that is no video is refused with a sentence", async () => {
    const { page } = seen;
    await registerHere(page);
    const path = join(stack.folder, "notes.txt");
    await writeFile(path, "milk, eggs");
    await chooseFiles(page, [path]);
    await page.getByText("notes.txt is not a video.").waitFor();
    await inspect(page, "a refusal");
  });
});

const currentTimePast = (seconds: number) => (document.querySelector("video")?.currentTime ?? 0) > seconds;
