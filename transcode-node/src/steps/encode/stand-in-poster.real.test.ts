/** The first poster: made of a chunk that shows something, where one is requested. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { fixture, x264 } from "../../testing/fixtures.ts";
import { type Store, startStore } from "../../testing/store.ts";
import { encodeChunkOf, outputKey, plan, type Walk } from "../../testing/walk.ts";

const run = promisify(execFile);
const POSTER = "poster-0.jpg";

let store: Store & AsyncDisposable;
let walk: Walk;
beforeAll(async () => {
  store = await startStore();
  // Black for the whole first chunk, then a test card.
  const path = await fixture("fades-in.mp4", [
    ...["-f", "lavfi", "-i", "color=black:size=640x360:rate=25:duration=5"],
    ...["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=9"],
    ...["-filter_complex", "[0:v][1:v]concat=n=2:v=1", ...x264, "-g", "50"],
  ]);
  store.put("source", await readFile(path));
  walk = { store, key: "source" };
  return () => store[Symbol.asyncDispose]();
});

test("a chunk makes the poster that is wanted, of its best keyframe", async () => {
  const made = await plan(walk);
  const { poster } = await encodeChunkOf(walk, made, 1, [POSTER]);
  const bytes = store.objects.get(outputKey(walk, POSTER)) ?? Buffer.alloc(0);
  expect(poster).toMatchObject({ name: POSTER, size: bytes.length, uploadId: null });
  const file = join(await mkdtemp(join(tmpdir(), "storagex-test-")), POSTER);
  await writeFile(file, bytes);
  const { stdout } = await run("ffprobe", [
    ...["-v", "error", "-show_entries", "stream=width,height,codec_name", "-of", "csv=p=0", file],
  ]);
  expect(stdout.trim()).toBe("mjpeg,640,360");
});

test("a black chunk makes none, and one that is not wanted is not made", async () => {
  const made = await plan(walk);
  expect((await encodeChunkOf(walk, made, 0, [POSTER])).poster).toBeNull();
  expect((await encodeChunkOf(walk, made, 1)).poster).toBeNull();
});
