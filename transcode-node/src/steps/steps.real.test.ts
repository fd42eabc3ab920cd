/** One source through all four steps on real FFmpeg and real HTTP: the result is a video. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cutPlanSchema } from "@storagex/contract/tasks/plan";
import { resultSchema } from "@storagex/contract/tasks/report";
import { expect, test } from "vitest";
import { aac, fixture, picture, tone, x264 } from "../testing/fixtures.ts";
import { startStore } from "../testing/store.ts";
import { audio, encode, finish, outputKey, plan, type Walk } from "../testing/walk.ts";

const run = promisify(execFile);

test("plan, encode, audio and finish make a playable MP4, posters and a storyboard", async () => {
  await using store = await startStore();
  const path = await fixture("walk.mp4", [
    ...picture("25", 20, "640x360"),
    ...tone(20),
    ...x264,
    "-g",
    "50",
    ...aac,
  ]);
  store.put("source", await readFile(path));
  const walk: Walk = { store, key: "source" };

  const made = cutPlanSchema.parse(await plan(walk));
  expect(made.chunks.map((chunk) => chunk.frames)).toEqual([100, 200, null]);
  expect(made.rungs.map((rung) => rung.name)).toEqual(["360p"]);
  const video = [];
  for (const chunk of made.chunks) video.push(...(await encode(walk, made, chunk.index)));
  const sound = await audio(walk, made);
  expect(sound.map((piece) => piece.index)).toEqual([0, 1]);

  const before = store.hits.length;
  const done = resultSchema.parse(await finish(walk, made, video, sound));
  // One rung: read once for the MP4 and once for the stills, each from the first byte to the last with one
  // request.
  const asked = store.hits.slice(before);
  for (const { name, index } of video.filter((object) => object.index > 0))
    expect([index, asked.filter((hit) => hit === `GET /${outputKey(walk, name)}`).length]).toEqual([
      index,
      2,
    ]);
  if (done.kind !== "finish") throw new Error("unreachable");
  expect(done.posters.length).toBeGreaterThan(1);
  expect(done.storyboard?.tiles).toBe(10);
  expect(done.mp4.uploadId).toBe("u");
  expect(done.quality).toMatchObject([{ rendition: "360p", ssim: expect.any(Number) }]);
  expect(done.quality[0]?.ssim).toBeGreaterThan(0.93);

  const folder = await mkdtemp(join(tmpdir(), "storagex-test-"));
  const file = join(folder, "video.mp4");
  const bytes = store.objects.get(`${outputKey(walk, "video.mp4")}.0`);
  await writeFile(file, bytes ?? "");
  const { stdout } = await run("ffprobe", [
    "-v",
    "error",
    "-count_frames",
    "-show_streams",
    "-of",
    "json",
    file,
  ]);
  const [videoPart, audioPart] = JSON.parse(stdout).streams;
  expect(videoPart).toMatchObject({ nb_read_frames: "500", start_time: "0.000000" });
  expect(audioPart).toMatchObject({ codec_name: "aac", start_time: "0.000000" });
});
