/** Visitors in a real browser: a public video, a share with a password on a phone, a player in another site's page. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extract } from "@extractus/oembed-extractor";
import type { Page } from "@playwright/test";
import { madePlaybackKeySchema, shareSchema } from "@storagex/contract/sharing";
import { importJWK, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectJson, type Person, register } from "./testing/account.ts";
import { countScripts, inspect, launch, visit, watchShifts } from "./testing/browser.ts";
import { clip } from "./testing/clips.ts";
import type { Stack } from "./testing/running-stack.ts";
import { sharedStack } from "./testing/shared-stack.ts";
import { completed } from "./testing/whole-path.ts";

let stack: Stack;
let browser: Awaited<ReturnType<typeof launch>>;
let owner: Person;
let id: string;

beforeAll(async () => {
  stack = await sharedStack();
  [browser, owner] = await Promise.all([launch(), register(() => stack.url)]);
  ({
    video: { id },
  } = await completed({ person: () => owner, url: () => stack.url }, await clip(10, "640x360")));
  const description = "Filmed at the lake.\nوصف قصير";
  const chapters = [
    { start: 0, title: "Arrival" },
    { start: 6, title: "The lake <b>" },
  ];
  await expectJson(
    await owner.call("PATCH", `/v1/videos/${id}`, {
      ...{ title: 'Lake & "sun" </script>', description, chapters },
      ...{ visibility: "public", publicDownload: true },
    }),
    200,
  );
});
afterAll(() => browser?.close());

const share = async (body: Record<string, unknown>) =>
  shareSchema.parse(await expectJson(await owner.call("POST", `/v1/videos/${id}/shares`, body), 201));

const movesPast = (page: Page | ReturnType<Page["frames"]>[number], seconds: number) =>
  page.waitForFunction((past) => (document.querySelector("video")?.currentTime ?? 0) > past, seconds);

test("a public video plays from its link, and tells others what it is", async () => {
  const { page, context, complaints } = await visit(browser, stack.url);
  const scripts = countScripts(page);
  const shifted = await watchShifts(page);
  const answer = await page.goto(`/watch/${id}`, { waitUntil: "networkidle" });
  const headers = answer?.headers() ?? {};
  expect(headers["x-robots-tag"]).toBeUndefined();
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  // Before play: the script, the poster, and no picture of the video.
  expect(await scripts.take()).toBeLessThan(120_000);
  expect(await page.evaluate(() => document.querySelector("video")?.buffered.length)).toBe(0);
  expect(await page.title()).toBe('Lake & "sun" </script> · StorageX');
  const content = (name: string) =>
    page.locator(`meta[property="${name}"], meta[name="${name}"]`).first().getAttribute("content");
  expect(await content("og:video")).toBe(`${stack.url}/embed/${id}`);
  expect(await content("twitter:player")).toBe(`${stack.url}/embed/${id}`);
  const poster = await fetch((await content("og:image")) ?? "", { redirect: "manual" });
  expect(poster.status).toBe(302);
  expect((await fetch(poster.headers.get("location") ?? "")).headers.get("content-type")).toBe("image/jpeg");
  const schema = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent()) ?? "");
  expect(schema).toMatchObject({ "@type": "VideoObject", name: 'Lake & "sun" </script>', duration: "PT10S" });
  const discovery = await page.locator('link[type="application/json+oembed"]').getAttribute("href");
  expect((await fetch(discovery ?? "")).status).toBe(200);
  expect(await shifted()).toBeLessThan(0.02);

  await page.getByRole("button", { name: "Play" }).first().click();
  await movesPast(page, 1);
  await page.getByRole("button", { name: /The lake <b>/ }).click();
  await movesPast(page, 6.2);
  await page.getByRole("slider", { name: "Position" }).waitFor();
  await page.waitForFunction(() => document.querySelector("video")?.ended);
  expect(await shifted()).toBeLessThan(0.02);
  // Last, because other widths move everything.
  await inspect(page, "a public video");
  await context.close();
  expect(complaints).toEqual([]);
});

test("a share with a password opens on a phone, and ends while it is watched", async () => {
  const made = await share({ password: "open sesame" });
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const { page, context, complaints } = await visit(browser, stack.url, phone);
  const answer = await page.goto(made.url);
  expect(answer?.headers()["x-robots-tag"]).toBe("noindex");
  expect(await page.content()).not.toMatch(/Lake|lake/);
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Watch" }).click();
  await page.getByText("Wrong password.").waitFor();
  await page.getByLabel("Password").fill("open sesame");
  await page.getByRole("button", { name: "Watch" }).click();
  await page.getByRole("heading", { name: /Lake/ }).waitFor();
  await page.getByRole("button", { name: "Play" }).first().click();
  await movesPast(page, 1);
  await page.getByRole("button", { name: /The lake <b>/ }).click();
  await movesPast(page, 6.2);
  // This tab needs no password again.
  await page.reload();
  await page.getByRole("heading", { name: /Lake/ }).waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Play" }).first().click();
  await movesPast(page, 0.5);
  expect((await owner.call("DELETE", `/v1/videos/${id}/shares/${made.id}`)).status).toBe(204);
  await page.getByText("This video is not shared any more.").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Nothing here" }).waitFor();
  await context.close();
  expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
});

/** A page of another origin that frames `src` and drives it with the stock client of Player.js. */
async function otherSite(src: string) {
  const client = await readFile("node_modules/player.js/dist/player-0.1.0.min.js", "utf8");
  const html = `<!doctype html><title>Another site</title><script src="/player.js"></script>
    <iframe id="frame" src="${src}" width="640" height="360" allow="autoplay; fullscreen; picture-in-picture"></iframe>
    <script>
      window.heard = [];
      const player = window.player = new playerjs.Player(document.getElementById("frame"));
      player.on("ready", () => {
        window.heard.push("ready");
        for (const name of ["play", "pause", "ended", "timeupdate", "seeked"])
          player.on(name, (value) => window.heard.push(name));
      });
    </script>`;
  return serve(html, { "/player.js": client });
}

/** A site of one page and its scripts, on an origin of its own. */
async function serve(html: string, scripts: Record<string, string>) {
  const server = createServer((request, response) => {
    const script = scripts[request.url ?? ""];
    response.writeHead(200, { "content-type": script ? "text/javascript" : "text/html" });
    response.end(script ?? html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}/`, close: () => server.close() };
}

test("another site frames the player and drives it by Player.js", async () => {
  const site = await otherSite(`${stack.url}/embed/${id}?muted`);
  const { page, context, complaints } = await visit(browser, stack.url);
  const scripts = countScripts(page);
  try {
    await page.goto(site.url, { waitUntil: "networkidle" });
    await page.waitForFunction(() => Reflect.get(window, "heard").includes("ready"));
    const own = Buffer.byteLength(await readFile("node_modules/player.js/dist/player-0.1.0.min.js"));
    expect((await scripts.take()) - own).toBeLessThan(60_000);
    // Its script does not come at once: that is said, and pressed again it plays.
    const late = "**/visitor-hls-*.js";
    await page.route(late, (route) => route.fulfill({ status: 404 }));
    await page.evaluate(() => Reflect.get(window, "player").play());
    const framed = page.frameLocator("#frame");
    await framed.getByText("The video does not load.").waitFor();
    await page.unroute(late);
    await framed.getByRole("button", { name: "Play" }).first().click();
    // The pause of the first attempt is heard as a time, too: what is said goes when the script has come.
    await framed.getByText("The video does not load.").waitFor({ state: "detached" });
    await page.waitForFunction(() => Reflect.get(window, "heard").includes("timeupdate"));
    const ask = (method: string) =>
      page.evaluate(
        (name) => new Promise<unknown>((resolve) => Reflect.get(window, "player")[name](resolve)),
        method,
      );
    expect(await ask("getPaused")).toBe(false);
    expect(await ask("getMuted")).toBe(true);
    expect(await ask("getDuration")).toBeCloseTo(10, 0);
    await page.evaluate(() => Reflect.get(window, "player").setCurrentTime(8));
    await page.waitForFunction(() => Reflect.get(window, "heard").includes("ended"));
    expect(await ask("getCurrentTime")).toBeGreaterThan(9);
    expect(await framed.getByText("The video does not load.").count()).toBe(0);
  } finally {
    await context.close();
    site.close();
  }
  expect(complaints).toEqual([]);
});

test("only the sites that a share names may frame it, and only embedded pages can be framed", async () => {
  const ancestors = async (path: string) => {
    const { headers, status } = await fetch(new URL(path, stack.url));
    const policy = headers.get("content-security-policy") ?? "";
    return {
      status,
      frames: /frame-ancestors ([^;]*)/.exec(policy)?.[1],
      options: headers.get("x-frame-options"),
    };
  };
  const made = await share({ embedOrigins: ["https://news.example", "https://blog.example"] });
  expect(await ancestors(`/embed/${id}`)).toEqual({ status: 200, frames: "*", options: null });
  expect(await ancestors(made.embedUrl)).toEqual({
    ...{ status: 200, options: null },
    frames: "https://news.example https://blog.example",
  });
  expect(await ancestors(made.url)).toEqual({ status: 200, frames: "'none'", options: "DENY" });
  expect(await ancestors("/watch/unknown")).toEqual({ status: 404, frames: "'none'", options: "DENY" });
  expect(await ancestors("/embed/unknown")).toMatchObject({ status: 404 });
  expect((await fetch(`${stack.url}/watch/unknown`)).headers.get("x-robots-tag")).toBe("noindex");
  expect((await fetch(`${stack.url}/s/sxs_none/poster.jpg`)).status).toBe(404);
  expect(await ancestors(`/embed/${id}?token=bad`)).toMatchObject({ status: 403 });
});

test("an oEmbed consumer finds the player by the link alone", async () => {
  const found = await extract(`${stack.url}/watch/${id}`, { maxwidth: 320 });
  expect(found).toMatchObject({ type: "video", title: 'Lake & "sun" </script>', width: 320, height: 180 });
  expect(found.html).toContain(`${stack.url}/embed/${id}`);
});

test("Shaka Player plays a private video on another site, by the site's viewer token", async () => {
  await expectJson(await owner.call("PATCH", `/v1/videos/${id}`, { visibility: "private" }), 200);
  const made = await expectJson(await owner.call("POST", "/v1/playback-keys", { name: "site" }), 201);
  const { id: kid, privateJwk } = madePlaybackKeySchema.parse(made);
  const token = await new SignJWT({ viewer: "member-7" })
    .setProtectedHeader({ alg: "ES256", kid })
    .setSubject(id)
    .setAudience("storagex")
    .setExpirationTime("1h")
    .sign(await importJWK(privateJwk ?? {}, "ES256"));
  const shaka = await readFile("node_modules/shaka-player/dist/shaka-player.compiled.js", "utf8");
  const html = `<!doctype html><title>Members</title><script src="/shaka.js"></script><video muted></video>`;
  const site = await serve(html, { "/shaka.js": shaka });
  const { page, context, complaints } = await visit(browser, stack.url);
  try {
    await page.goto(site.url);
    const at = `${stack.url}/v1/public/videos/${id}`;
    expect((await fetch(at)).status).toBe(404);
    await page.evaluate(async (address) => {
      const { playback } = await (await fetch(address)).json();
      const { Player } = Reflect.get(window, "shaka");
      const video = document.querySelector("video");
      const player = new Player();
      await player.attach(video);
      await player.load(playback.hls);
      Reflect.set(window, "tracks", player.getVariantTracks().length);
      await video?.play();
    }, `${at}?token=${token}`);
    await movesPast(page, 2);
    expect(await page.evaluate(() => Reflect.get(window, "tracks"))).toBeGreaterThan(0);
    await page.evaluate(() => {
      const video = document.querySelector("video");
      if (video) video.currentTime = 9;
    });
    await page.waitForFunction(() => document.querySelector("video")?.ended);
  } finally {
    await context.close();
    site.close();
  }
  expect(complaints).toEqual([]);
});
