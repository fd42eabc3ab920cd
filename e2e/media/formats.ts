/**
 * Every entry of the table of formats: a file of it becomes a video with the frames, colours, level, sync and
 * size of its source.
 */
import { writeFile } from "node:fs/promises";
import { afterAll, describe, expect, test } from "vitest";
import { coloursAt, decodedOf, levelOf, type Sync, syncIn, syncOfHls } from "../testing/measure.ts";
import { completed, type Stage } from "../testing/whole-path.ts";
import { type FormatSample, QUARTERS, RATE, SAMPLES, SECONDS, sampleFile } from "./format-samples.ts";
import type { Measured } from "./formats-doc.ts";

/** Seconds after the flash: the quarters show, and every codec has settled. */
const COLOURS_AT = 0.9;
const MAX = { offset: 0.025, level: 1, frames: 2 };

/** Seconds by which the beep follows the flash. */
function offsetOf({ flashes, beeps }: Sync): number {
  expect([flashes.length, beeps.length]).toEqual([1, 1]);
  return (beeps[0] ?? 0) - (flashes[0] ?? 0);
}

/** Level in dB of the middle of the beep. */
function beepLevel(samples: Float32Array, { beeps }: Sync): number {
  const from = Math.round(((beeps[0] ?? 0) + 0.05) * 48_000);
  return levelOf(samples.subarray(from, from + 4800));
}

/** The largest colour error of a quarter (0–255). */
async function colourError(mp4: string): Promise<number> {
  const points = QUARTERS.map(({ at }) => at);
  const seen = await coloursAt(mp4, COLOURS_AT, points);
  const differences = QUARTERS.flatMap(({ rgb }, n) =>
    rgb.map((wanted, channel) => Math.abs((seen[n]?.[channel] ?? 0) - wanted)),
  );
  return Math.max(...differences);
}

async function measured(stage: Stage, sample: FormatSample): Promise<Measured> {
  const source = await sampleFile(sample);
  const { playback, video } = await completed(stage, source, { filename: sample.file });
  expect(video.source?.codec).toBe(sample.video);
  expect(video.notes).toEqual([]);
  const [before, after] = [await decodedOf(source), await decodedOf(playback.mp4)];
  const [was, mp4, hls] = [syncIn(before), syncIn(after), await syncOfHls(playback.hls)];
  const wanted = offsetOf(was);
  const offsets = [mp4, hls].map((sync) => Math.abs(offsetOf(sync) - wanted));
  return {
    size: `${video.width}x${video.height}`,
    frames: after.frames.length,
    offset: Math.max(...offsets),
    level: beepLevel(after.samples, mp4) - beepLevel(before.samples, was),
    colour: await colourError(playback.mp4),
  };
}

export function formatsTests(stage: Stage): void {
  const results: Record<string, Measured> = {};

  describe.concurrent("formats", () => {
    test.each(SAMPLES)("$file", async (sample) => {
      const found = await measured(stage, sample);
      results[sample.file] = found;
      expect(found.size).toBe(sample.shown);
      expect(Math.abs(found.frames - RATE * SECONDS), `${found.frames} frames`).toBeLessThanOrEqual(
        MAX.frames,
      );
      expect(found.offset, "seconds of offset between flash and beep").toBeLessThanOrEqual(MAX.offset);
      expect(Math.abs(found.level), `${found.level} dB`).toBeLessThanOrEqual(MAX.level);
      expect(found.colour, "difference of colour").toBeLessThanOrEqual(sample.colour);
    });
  });

  // `npm run formats` writes the measurements into the document, in the order of the files.
  afterAll(async () => {
    const file = process.env.STORAGEX_FORMATS_RESULTS;
    const found = SAMPLES.map((sample) => [sample.file, results[sample.file]]);
    if (file) await writeFile(file, `${JSON.stringify(Object.fromEntries(found), null, 1)}\n`);
  });
}
