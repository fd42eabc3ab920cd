/** Every input of the corpus through the real steps: a checked video, or refused for exactly its reason. */
import { expect, test } from "vitest";
import { onFile } from "../testing/read-frames.ts";
import { type Store, startStore } from "../testing/store.ts";
import { audio, encode, finish, outputKey, plan, type Walk } from "../testing/walk.ts";
import { INPUTS, type Video } from "./inputs.ts";

/** Plan, encode, sound and finish; answers the progressive MP4. */
async function processed(walk: Walk, sound: number): Promise<Buffer> {
  const made = await plan(walk);
  const video = [];
  for (const chunk of made.chunks) video.push(...(await encode(walk, made, chunk.index)));
  const tracks = [];
  for (const n of made.source.audio.keys()) tracks.push(await audio(walk, made, n));
  expect(tracks.map((pieces) => pieces.length > 0)).toEqual(Array(sound).fill(true));
  const top = video.filter(({ rendition }) => rendition === made.rungs[0]?.name);
  const done = await finish(walk, made, top, tracks[0] ?? []);
  expect(done.posters.length).toBeGreaterThan(0);
  return walk.store.objects.get(`${outputKey(walk, done.mp4.name)}.0`) ?? Buffer.alloc(0);
}

type Shown = { codec_type: string; width: number; height: number; nb_read_frames: string; duration: string };

/** Frames decoded, size and length; ffprobe says nothing of errors, or the test fails. */
async function check(mp4: Buffer, wanted: Video): Promise<void> {
  const decode = ["-v", "error", "-xerror", "-i", "FILE", "-map", "0", "-f", "null", "-"];
  await onFile(mp4, "ffmpeg", ["-err_detect", "explode", ...decode]);
  const ask = ["-v", "error", "-count_frames", "-show_streams", "-of", "json", "FILE"];
  const { streams } = JSON.parse((await onFile(mp4, "ffprobe", ask)).toString()) as { streams: Shown[] };
  const picture = streams.find((stream) => stream.codec_type === "video");
  const frames = Number(picture?.nb_read_frames);
  expect(`${picture?.width}x${picture?.height}`).toBe(wanted.size);
  expect(Math.abs(frames - wanted.frames), `${frames} frames`).toBeLessThanOrEqual(wanted.slack);
  expect(Math.abs(Number(picture?.duration) - frames / wanted.rate)).toBeLessThan(0.002);
  expect(streams.filter((stream) => stream.codec_type === "audio").length).toBe(Math.min(1, wanted.sound));
  for (const secret of ["+48.85", "Secret"]) expect(mp4.includes(secret)).toBe(false);
}

async function refusal(store: Store, work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => ({ code: "it became a video" }),
    (thrown: unknown) => thrown,
  );
  expect([...store.objects.keys()].filter((key) => key.startsWith("out/"))).toEqual([]);
  return error;
}

// Several at a time: most of it is waiting for processes to start.
test.concurrent.each(INPUTS)("$name", async ({ name, bytes, ends }) => {
  await using store = await startStore();
  store.put("source", await bytes(store.url("trap")));
  const walk: Walk = { store, key: "source" };
  if (typeof ends === "string") {
    expect(await refusal(store, processed(walk, 1)), name).toMatchObject({
      name: "MediaFailure",
      code: ends,
    });
  } else {
    await check(await processed(walk, ends.sound), ends);
  }
  expect(store.hits.filter((hit) => hit.includes("trap"))).toEqual([]);
});
