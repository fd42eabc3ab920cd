/**
 * hls.js in Chromium plays the growing playlist from its first playable state to the end; FFmpeg and a second
 * parser read every playlist too.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parse, setOptions, types } from "hls-parser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, type Person, playback, register, until, upload } from "./testing/account.ts";
import { launch, visit } from "./testing/browser.ts";
import { countedClip, numbersOf } from "./testing/counted-clip.ts";
import { type PlayerState, playerState, startPlayer } from "./testing/hls-page.ts";
import { assertNothingLostOf } from "./testing/invariants.ts";
import { rowsOf } from "./testing/rows.ts";
import type { Stack } from "./testing/running-stack.ts";
import { sharedStack } from "./testing/shared-stack.ts";

const run = promisify(execFile);
const HLS_JS = createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js");

const SECONDS = 20;
const RATE = 50;
/** Three rungs, and enough frames that encoding continues while the first ones are watched. */
const SIZE = "1280x720";

let stack: Stack;
let browser: Awaited<ReturnType<typeof launch>>;
let ann: Person;

beforeAll(async () => {
  setOptions({ strictMode: true });
  stack = await sharedStack();
  browser = await launch();
  ann = await register(() => stack.url);
});
afterAll(async () => {
  await browser?.close();
  if (ann) await assertNothingLostOf(stack, ann);
});

/**
 * Plays `hls` to its end, cycling through the renditions from `level` on; returns what the player recorded
 * and every playlist it got.
 */
async function watch(
  hls: string,
  level = 0,
  turns: "always" | "buffered" = "buffered",
): Promise<{ player: PlayerState; playlists: Map<string, string[]> }> {
  const { context, page, complaints } = await visit(browser, stack.url, { bypassCSP: true });
  const playlists = new Map<string, string[]>();
  page.on("response", async (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.endsWith(".m3u8")) return;
    const name = pathname.split("/").at(-1) ?? "";
    playlists.set(name, [...(playlists.get(name) ?? []), await response.text().catch(() => "")]);
  });
  // The product's own origin, as for its dashboard: /play refuses other pages.
  await page.goto("/healthz");
  await page.setContent("<!doctype html><video muted playsinline></video>");
  await page.addScriptTag({ path: HLS_JS });
  await page.evaluate(startPlayer, { url: hls, level, turns });
  // Where playback does not end, the log says why.
  await page.waitForFunction(() => document.querySelector("video")?.ended).catch(() => {});
  const player = await page.evaluate(playerState);
  await context.close();
  expect(complaints).toEqual([]);
  return { player, playlists };
}

/** Parses a playlist with the independent parser. Throws where it breaks a rule of RFC 8216. */
function mediaList(text: string): types.MediaPlaylist {
  const list = parse(text);
  if (!(list instanceof types.MediaPlaylist)) throw new Error("not a media playlist");
  return list;
}

test("a film is watched to its end while it is still being encoded; then every rendition holds every frame, for FFmpeg and the other parser too", async () => {
  const concert = await upload(ann, await countedClip(SECONDS, RATE, SIZE), "concert.mp4");
  await until(ann, concert, (video) => video.playable);
  const early = await playback(ann, concert);
  expect(early.state).toBe("partial");
  // FFmpeg reads the playlist as it is now: from its first segment, as far as it goes.
  const beginning = ["-v", "error", "-live_start_index", "0", "-i", early.hls, "-t", "2", "-f", "null", "-"];
  const [{ player, playlists }, { stderr }] = await Promise.all([watch(early.hls), run("ffmpeg", beginning)]);
  expect(stderr).toBe("");

  expect(player.errors).toEqual([]);
  expect(player.stalls, "the player waited though there was more to play").toEqual([]);
  expect(Math.abs(player.currentTime - SECONDS)).toBeLessThan(0.1);
  // How often it changed is a matter of the machine: it only changes where enough is buffered.
  expect(new Set(player.levels).size).toBe(3);
  expect(player.frames).toBeGreaterThan(SECONDS * RATE * 0.97);

  const master = parse(playlists.get("master.m3u8")?.[0] ?? "");
  expect(master.isMasterPlaylist && master instanceof types.MasterPlaylist && master.variants.length).toBe(3);
  let open = 0;
  for (const [name, texts] of playlists) {
    if (name === "master.m3u8") continue;
    let before = 0;
    for (const list of texts.map(mediaList)) {
      expect(list.playlistType).toBe("EVENT");
      expect(list.segments.length).toBeGreaterThanOrEqual(before);
      before = list.segments.length;
      if (!list.endlist) open += 1;
      for (const { duration } of list.segments)
        expect(Math.round(duration)).toBeLessThanOrEqual(list.targetDuration);
    }
  }
  expect(open, "lists that were still growing").toBeGreaterThan(1);

  expect((await until(ann, concert, ended)).status).toBe("completed");
  const { hls } = await playback(ann, concert);
  const again = await watch(hls, 0, "always");
  expect(again.player.errors).toEqual([]);
  expect(again.player.levels.length, "joints between renditions").toBeGreaterThan(5);
  const whole = parse(await (await fetch(hls)).text());
  if (!(whole instanceof types.MasterPlaylist)) throw new Error("not a master playlist");
  for (const { uri } of whole.variants) {
    const url = new URL(uri, hls).href;
    const list = mediaList(await (await fetch(url)).text());
    expect(list.endlist).toBe(true);
    expect(list.segments.reduce((sum, { duration }) => sum + duration, 0)).toBeCloseTo(SECONDS, 3);
    expect(await numbersOf(url)).toEqual(Array.from({ length: SECONDS * RATE }, (_, frame) => frame));
  }
});

test("a source that conforms is served as it is: hls.js, FFmpeg and the MP4 show every picture of it", async () => {
  const seconds = 8;
  const numbers = Array.from({ length: seconds * 25 }, (_, frame) => frame);
  const id = await upload(ann, await countedClip(seconds, 25, SIZE, "web"), "trailer.mp4");
  const video = await until(ann, id, ended);
  expect(video.renditions.map(({ name, copied }) => [name, copied])).toEqual([
    ["720p", true],
    ["480p", false],
    ["360p", false],
  ]);
  const { hls, mp4 } = await playback(ann, id);
  // From the copied rendition to an encoded one while it plays: their frames and times must join.
  const { player } = await watch(hls, 2, "always");
  expect(player.errors).toEqual([]);
  expect(Math.abs(player.currentTime - seconds)).toBeLessThan(0.1);
  expect(player.levels[0]).toBe(2);
  expect(player.levels.length).toBeGreaterThan(1);
  expect(player.frames).toBeGreaterThan(numbers.length * 0.97);
  for (const { name } of video.renditions) {
    const url = new URL(`${name}.m3u8`, hls).href;
    const list = mediaList(await (await fetch(url)).text());
    expect(list.segments.map(({ duration }) => duration)).toEqual(Array(seconds / 2).fill(2));
    expect(new Set(list.segments.map(({ map }) => map?.uri)).size).toBe(1);
    expect(await numbersOf(url)).toEqual(numbers);
  }
  expect(await numbersOf(mp4 ?? "")).toEqual(numbers);
});

test("one that only seems to, by its index, is encoded after all", async () => {
  const seconds = 8;
  const bytes = await readFile(await countedClip(seconds, 25, "640x360", "web"));
  // Every byte is there, but the frames cannot be decoded.
  bytes.fill(0xff, Math.floor(bytes.length * 0.6), Math.floor(bytes.length * 0.6) + 4_000);
  const path = join(await mkdtemp(join(tmpdir(), "storagex-damaged-")), "damaged.mp4");
  await writeFile(path, bytes);
  const id = await upload(ann, path);
  await rm(dirname(path), { recursive: true });
  const video = await until(ann, id, ended);
  expect(video).toMatchObject({ status: "completed", renditions: [{ name: "360p", copied: false }] });
  const rows = await rowsOf(
    stack,
    "SELECT generation, profile ->> 'copy' AS copy FROM videos WHERE id = $1",
    [id],
  );
  expect(rows).toEqual([{ generation: 2, copy: "false" }]);
  const { hls } = await playback(ann, id);
  expect((await numbersOf(hls)).length).toBe(seconds * 25);
});
