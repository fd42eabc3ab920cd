/**
 * One zero of time beyond video and audio: captions, quality samples and a mezzanine count from the plan's
 * origin.
 */
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aac, fixture, picture, tone, x264 } from "../testing/fixtures.ts";
import { countersOf } from "../testing/read-frames.ts";
import { startStore } from "../testing/store.ts";
import { audio, encode, finish, joined, outputKey, plan, type Walk } from "../testing/walk.ts";

const CUES =
  "1\n00:00:01,000 --> 00:00:02,000\nAt one\n\n2\n00:00:02,500 --> 00:00:03,000\nAt two and a half\n";

/** A clip of four seconds and its captions, all `offset` seconds later on the container's clock. */
async function captioned(offset: number): Promise<Buffer> {
  const text = join(tmpdir(), "storagex-cues.srt");
  await writeFile(text, CUES);
  const streams = [...picture("25", 4), ...tone(4), "-f", "srt", "-i", text];
  const shifted = ["-output_ts_offset", String(offset), "-avoid_negative_ts", "disabled"];
  return readFile(
    await fixture(
      `captions-${offset}.mkv`,
      [...streams, ...x264, ...aac, "-c:s", "subrip"],
      ["-i", "PREVIOUS", "-map", "0", "-c", "copy", ...shifted],
    ),
  );
}

test.each([0, 100, -0.5])("captions, audio and quality of a file that begins at %s s", async (offset) => {
  await using store = await startStore();
  store.put("film.mkv", await captioned(offset));
  const walk: Walk = { store, key: "film.mkv" };
  const made = await plan(walk);
  expect(made.source.origin).toBeCloseTo(offset, 1);
  const video = await encode(walk, made, 0);
  expect(
    await countersOf(
      joined(
        walk,
        video.filter(({ rendition }) => rendition === made.rungs[0]?.name),
      ),
    ),
  ).toEqual(Array.from({ length: 100 }, (_, frame) => frame));
  const { captions, quality } = await finish(walk, made, video, await audio(walk, made));
  const [track] = captions;
  const vtt = store.objects.get(outputKey(walk, track?.object.name ?? ""))?.toString() ?? "";
  const times = [...vtt.matchAll(/(\d\d):(\d\d\.\d+) -->/g)].map(
    ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds),
  );
  expect(times).toHaveLength(2);
  // The clip's frames begin 21 ms after its audio, which starts with the encoder's priming.
  for (const [n, at] of [1, 2.5].entries()) expect(Math.abs((times[n] ?? 0) - at)).toBeLessThan(0.03);
  expect(Math.min(...quality.map(({ ssim }) => ssim))).toBeGreaterThan(0.9);
});
