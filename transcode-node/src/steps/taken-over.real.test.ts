/**
 * A compromised FFmpeg: it puts links where its outputs should be, and nothing is read or written through
 * them.
 */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixture, picture, x264 } from "../testing/fixtures.ts";
import { type Store, startStore } from "../testing/store.ts";
import { encode, encodeChunkOf, finish, plan, type Walk } from "../testing/walk.ts";

/** Valid captions, so that it could pass for an output. */
const SECRET = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nthe worker's credential\n";

let folder: string;
let secret: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-taken-over-"));
  await chmod(folder, 0o755);
  secret = join(folder, "secrets.json");
  await writeFile(secret, SECRET, { mode: 0o600 });
  // Its path is part of the fixture's name.
  const words = join(tmpdir(), "storagex-words.srt");
  await writeFile(words, "1\n00:00:01,000 --> 00:00:03,000\nHallo\n");
  store = await startStore();
  const film = [...picture("25", 6), "-i", words, ...x264, "-g", "50", "-c:s", "mov_text"];
  store.put("source", await readFile(await fixture("captioned.mp4", film)));
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** An FFmpeg whose outputs with these names become links to the secret. */
async function takenOver(names: string): Promise<Walk> {
  const ffmpeg = join(folder, `ffmpeg-${names.replaceAll("*", "")}`);
  const swap = `for file in ./${names}; do [ ! -f "$file" ] || ln -sf '${secret}' "$file"; done`;
  await writeFile(ffmpeg, `#!/bin/sh\nffmpeg "$@" || exit\n${swap}\n`, { mode: 0o755 });
  return { store, key: "source", ffmpeg };
}
const told = () => [...store.objects.values()].some((bytes) => bytes.includes("credential"));

test("in the place of a chunk: it fails", async () => {
  const walk = await takenOver("*.mp4");
  await expect(encode(walk, await plan(walk), 0)).rejects.toMatchObject({
    code: "transcoder.output_invalid",
    message: expect.stringContaining("is a link"),
  });
  expect(told()).toBe(false);
});

test("in the place of a chunk's poster: there is none", async () => {
  const walk = await takenOver("keyframe-*");
  expect(await encodeChunkOf(walk, await plan(walk), 0, ["poster-0.jpg"])).toMatchObject({ poster: null });
  expect(told()).toBe(false);
});

test.each(["poster-*", "sheet-*", "video.mp4", "captions-*"])(
  "in the place of %s: finish fails",
  async (names) => {
    const walk = await takenOver(names);
    const made = await plan(walk);
    const video = await encode({ store, key: "source" }, made, 0);
    await expect(finish(walk, made, video, [])).rejects.toMatchObject({ code: "transcoder.output_invalid" });
    expect(told()).toBe(false);
    expect(await readFile(secret, "utf8")).toBe(SECRET);
  },
);
