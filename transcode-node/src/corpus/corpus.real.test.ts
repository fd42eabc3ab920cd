/**
 * Every input of the corpus through the real steps: a checked video, or refused for exactly the expected
 * reason.
 */
import { outputName } from "@storagex/contract/keys";
import { expect, test } from "vitest";
import { z } from "zod";
import { onFile } from "../testing/read-frames.ts";
import { type Store, startStore } from "../testing/store.ts";
import { audio, encode, finish, outputKey, plan, type Walk } from "../testing/walk.ts";
import { INPUTS, type Video } from "./inputs.ts";

/** Plan, encode, audio and finish; returns the progressive MP4. */
async function processed(walk: Walk, audioTracks: number): Promise<Buffer> {
  const made = await plan(walk);
  // As the API does: a mezzanine that plan made is the source of every later claim.
  const copy = made.mezzanine && walk.store.objects.get(`${outputKey(walk, outputName.mezzanine)}.0`);
  if (copy) walk.store.put(walk.key, copy);
  const video = [];
  for (const chunk of made.chunks) video.push(...(await encode(walk, made, chunk.index)));
  const tracks = [];
  for (const n of made.source.audio.keys()) tracks.push(await audio(walk, made, n));
  expect(tracks.map((pieces) => pieces.length > 0)).toEqual(Array(audioTracks).fill(true));
  const top = video.filter(({ rendition }) => rendition === made.rungs[0]?.name);
  const done = await finish(walk, made, top, tracks[0] ?? []);
  expect(done.posters.length).toBeGreaterThan(0);
  // SSIM uses windows of 8 x 8 pixels: a smaller frame has no value.
  if ((made.rungs[0]?.height ?? 0) >= 16) {
    expect(done.quality).toHaveLength(1);
    expect(done.quality[0]?.ssim).toBeGreaterThan(0.85);
  }
  return walk.store.objects.get(`${outputKey(walk, done.mp4.name)}.0`) ?? Buffer.alloc(0);
}

const seenSchema = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string(),
      width: z.number().optional(),
      height: z.number().optional(),
      nb_read_frames: z.coerce.number(),
      duration: z.coerce.number(),
    }),
  ),
});

/** Decodes without an error, and has the expected frames, size and lengths. */
async function check(mp4: Buffer, wanted: Video): Promise<void> {
  const decode = ["-v", "error", "-xerror", "-i", "FILE", "-map", "0", "-f", "null", "-"];
  await onFile(mp4, "ffmpeg", ["-err_detect", "explode", ...decode]);
  const ask = ["-v", "error", "-count_frames", "-show_streams", "-of", "json", "FILE"];
  const { streams } = seenSchema.parse(JSON.parse((await onFile(mp4, "ffprobe", ask)).toString()));
  expect(streams.map((stream) => stream.codec_type)).toEqual(
    wanted.tracks > 0 ? ["video", "audio"] : ["video"],
  );
  const [video, audioTrack] = streams;
  const frames = video?.nb_read_frames ?? 0;
  expect(`${video?.width}x${video?.height}`).toBe(wanted.size);
  expect(Math.abs(frames - wanted.frames), `${frames} frames`).toBeLessThanOrEqual(wanted.slack);
  expect(Math.abs((video?.duration ?? 0) - frames / wanted.rate)).toBeLessThan(0.002);
  if (audioTrack)
    expect(audioTrack.duration, "seconds of audio").closeTo(
      wanted.audioSeconds,
      0.1 + wanted.slack / wanted.rate,
    );
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

// Several at a time: most of the time is spent waiting for processes to start.
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
    await check(await processed(walk, ends.tracks), ends);
  }
  expect(store.hits.filter((hit) => hit.includes("trap"))).toEqual([]);
});
