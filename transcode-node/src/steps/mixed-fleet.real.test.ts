/**
 * Chunks of one video from different encoders: every playlist and file that joins them shows each frame once,
 * and undamaged.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Rung } from "@storagex/contract/media/ladder";
import type { CutPlan } from "@storagex/contract/tasks/plan";
import type { MediaObject } from "@storagex/contract/tasks/report";
import { expect, test } from "vitest";
import type { Encoder } from "../media/encoders/encoder.ts";
import { useEncoder } from "../media/encoders/in-use.ts";
import { software, softwareBesideHardware } from "../media/encoders/software.ts";
import { aac, fixture, picture, tone, x264 } from "../testing/fixtures.ts";
import { countersOf, onFile, packetTimes } from "../testing/read-frames.ts";
import { type Store, startStore } from "../testing/store.ts";
import { audio, encode, finish, outputKey, plan, type Walk } from "../testing/walk.ts";

const SECONDS = 12;
const FRAMES = 25 * SECONDS;
const everyFrame = Array.from({ length: FRAMES }, (_, frame) => frame);

/**
 * Replaces a device: without B-frames and with one reference frame, as hardware encodes; so its SPS differs.
 */
const device: Encoder = {
  ...softwareBesideHardware,
  name: "vaapi",
  args: (rung: Rung, made: CutPlan) =>
    softwareBesideHardware
      .args(rung, made)
      .map((word, n, all) => (all[n - 1] === "-bf" ? "0" : word.replace("open-gop=0", "open-gop=0:ref=1"))),
};

/** Chunk 0 by `first`, chunk 1 by the device. */
async function encodeMixed(store: Store, first: Encoder) {
  const args = [...picture("25", SECONDS), ...tone(SECONDS), ...x264, "-g", "50", ...aac];
  store.put("source", await readFile(await fixture("mixed-fleet.mp4", args)));
  const walk: Walk = { store, key: "source" };
  const made = await plan(walk);
  expect(made.chunks.length).toBe(2);
  const by = (encoder: Encoder, index: number) => encode({ ...walk, h264: useEncoder(encoder) }, made, index);
  const video = [...(await by(first, 0)), ...(await by(device, 1))];
  expect(new Set(video.map(({ initHash }) => initHash)).size).toBe(2);
  // One CODECS must cover both.
  expect(new Set(video.map(({ codecs }) => codecs)).size).toBe(1);
  return { walk, made, video };
}

/**
 * A playlist as the edge makes it from such rows: a map where the init segment changes, byte ranges of the
 * objects.
 */
const listOf = (objects: MediaObject[], url: (name: string) => string) =>
  [
    ...["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-TARGETDURATION:2"],
    ...objects.flatMap(({ name, initLength, timescale, segments }) => [
      `#EXT-X-MAP:URI="${url(name)}",BYTERANGE="${initLength}@0"`,
      ...segments.flatMap(({ offset, length, duration }) => [
        `#EXTINF:${(duration / timescale).toFixed(6)},`,
        `#EXT-X-BYTERANGE:${length}@${offset}`,
        url(name),
      ]),
    ]),
    "#EXT-X-ENDLIST",
  ].join("\n");

test("a list with two maps shows every frame, also to FFmpeg, which keeps the first one", async () => {
  await using store = await startStore();
  const { walk, video } = await encodeMixed(store, softwareBesideHardware);
  const list = listOf(video, (name) => store.url(outputKey(walk, name)));
  store.put("list.m3u8", Buffer.from(list));
  const args = ["-v", "error", "-i", store.url("list.m3u8"), "-map", "0:v", "-c", "copy", "-f", "matroska"];
  const played = await promisify(execFile)("ffmpeg", [...args, "pipe:1"], {
    encoding: "buffer",
    maxBuffer: 2 ** 26,
  });
  expect(played.stderr.toString()).toBe("");
  expect(await countersOf(played.stdout)).toEqual(everyFrame);
});

test("the MP4 shows every frame, whoever made the chunks, and says that its parameter sets change", async () => {
  await using store = await startStore();
  const { walk, made, video } = await encodeMixed(store, software);
  const sound = await audio(walk, made);
  const { mp4 } = await finish(walk, made, video, sound);
  const file = store.objects.get(`${outputKey(walk, mp4.name)}.0`) ?? Buffer.alloc(0);
  expect(await countersOf(file)).toEqual(everyFrame);
  const times = (await packetTimes(file, "v")).sort((a, b) => a - b);
  expect(times).toEqual(everyFrame.map((frame) => Number((frame / 25).toFixed(6))));
  const tag = ["-v", "error", "-select_streams", "v", "-show_entries", "stream=codec_tag_string"];
  expect((await onFile(file, "ffprobe", [...tag, "-of", "csv=p=0", "FILE"])).toString().trim()).toBe("avc3");
});
