/** Sources without an index become chunkable by a copy, and keep every frame. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { aac, counted, fixture, tone, x264 } from "../../testing/fixtures.ts";
import { countersOf } from "../../testing/read-frames.ts";
import { startStore } from "../../testing/store.ts";
import { audio, encode, joined, outputKey, plan, type Walk } from "../../testing/walk.ts";

const SECONDS = 64;
const source = [
  "-f",
  "lavfi",
  "-i",
  counted(`testsrc2=size=160x90:rate=10:duration=${SECONDS}`, {
    ...{ rate: "10", seconds: SECONDS, width: "160", height: 12 },
  }),
  ...tone(SECONDS),
];
const base = [...source, ...x264, "-g", "30", ...aac];
const copy = ["-i", "PREVIOUS", "-map", "0", "-c", "copy"];
const fragmented = ["-movflags", "+frag_keyframe+empty_moov"];
/** The base with other audio. */
const sounding = (...codec: string[]) => ["-i", "PREVIOUS", "-map", "0", "-c:v", "copy", "-c:a", ...codec];

test.each([
  ["live.mkv", [...copy, "-live", "1", "-f", "matroska"]],
  ["fragmented.mp4", [...copy, ...fragmented]],
  ["film.flv", [...copy, "-f", "flv"]],
  // MOV does not support Opus: MP4 does.
  ["recorder.mp4", [...sounding("libopus"), ...fragmented]],
  // Matroska does not support Nellymoser: MOV does.
  ["webcam.flv", [...sounding("nellymoser", "-ar", "44100", "-ac", "1"), "-f", "flv"]],
])("%s", async (name, step) => {
  await using store = await startStore();
  const walk: Walk = { store, key: name };
  store.put(name, await readFile(await fixture(`mezzanine-${name}`, base, step)));
  const made = await plan(walk);
  expect(made.mezzanine).not.toBeNull();
  expect(made.chunks.length).toBe(7);
  expect(made.source.audio).toHaveLength(1);

  // As the API does: the copy is the source of every later claim.
  store.put(name, store.objects.get(`${outputKey(walk, "mezzanine.mp4")}.0`) ?? Buffer.alloc(0));
  expect(store.grant(name).size).toBe(made.mezzanine?.size);
  const objects = [];
  for (const chunk of made.chunks) objects.push(...(await encode(walk, made, chunk.index)));
  const counters = await countersOf(joined(walk, objects));
  expect(counters.length).toBeGreaterThanOrEqual(SECONDS * 10);
  expect([...new Set(counters)]).toEqual(Array.from({ length: SECONDS * 10 }, (_, n) => n));
  const sound = await audio(walk, made);
  expect(sound.reduce((sum, piece) => sum + piece.frames, 0) * 1024).toBeGreaterThan(
    48_000 * (SECONDS - 0.1),
  );
});

test("what no container with an index takes is decoded from its start for every chunk", async () => {
  await using store = await startStore();
  const walk: Walk = { store, key: "disc.vob" };
  const step = [...sounding("pcm_dvd", "-ar", "48000", "-ac", "2"), "-f", "vob"];
  const mpeg2 = [...source, "-c:v", "mpeg2video", "-q:v", "3", "-r", "25", ...aac, "-f", "matroska"];
  store.put("disc.vob", await readFile(await fixture("mezzanine-disc.vob", mpeg2, step)));
  const made = await plan(walk);
  expect(made).toMatchObject({ mezzanine: null, source: { codec: "mpeg2video" } });
  expect(made.grid.preRoll).toBeGreaterThan(SECONDS - 1);
  expect(made.chunks.length).toBeGreaterThan(3);
  const objects = [];
  for (const { index } of made.chunks) objects.push(...(await encode(walk, made, index)));
  const counters = await countersOf(joined(walk, objects));
  expect([...new Set(counters)]).toEqual(Array.from({ length: SECONDS * 10 }, (_, n) => n));
});
