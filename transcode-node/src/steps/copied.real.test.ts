/** A conforming source becomes the top rung packet for packet; where anything is uncertain it is encoded. */
import { readFile } from "node:fs/promises";
import type { CutPlan } from "@storagex/contract/tasks/plan";
import type { MediaObject } from "@storagex/contract/tasks/report";
import { pino } from "pino";
import { expect, test } from "vitest";
import { fixture } from "../testing/fixtures.ts";
import { onFile, packetTimes } from "../testing/read-frames.ts";
import { type Store, startStore } from "../testing/store.ts";
import { toolThat } from "../testing/tool-that.ts";
import { turned } from "../testing/turned.ts";
import { audio, encode, finish, joined, outputKey, plan, type Walk } from "../testing/walk.ts";

/** Two chunks. */
const SECONDS = 10;
/** Small: one rung. */
const SMALL = "192x108";
const picture = (rate = "25", size = SMALL) => `testsrc2=size=${size}:rate=${rate}:duration=${SECONDS}`;
const input = (source = picture()) => [
  "-f",
  "lavfi",
  "-i",
  source,
  "-f",
  "lavfi",
  "-i",
  `sine=duration=${SECONDS}`,
];
const bt709 = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"];
const aac = ["-c:a", "aac", "-b:a", "64k"];
const coded = (...more: string[]) => [
  ...["-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-bf", "3", "-pix_fmt", "yuv420p"],
  ...[...bt709, ...aac, ...more],
];
const every = (frames: number) => ["-g", `${frames}`, "-keyint_min", `${frames}`, "-sc_threshold", "0"];
const GOOD = [...input(), ...coded(...every(50))];
const copy = ["-i", "PREVIOUS", "-map", "0", "-c", "copy"];

/** The plan, and the logged reason why the top rung is encoded. */
async function planned(store: Store, bytes: Buffer, more: Partial<Walk> = {}) {
  store.put("source", bytes);
  let whyEncoded: unknown;
  const log = pino(
    {},
    {
      write: (line: string) => {
        const said: { msg?: string; whyEncoded?: unknown } = JSON.parse(line);
        if (said.msg === "planned") whyEncoded = said.whyEncoded;
      },
    },
  );
  const walk: Walk = { store, key: "source", ...more };
  return { made: await plan({ ...walk, log }), whyEncoded, walk };
}

async function chunked(walk: Walk, made: CutPlan) {
  const objects: MediaObject[] = [];
  for (const chunk of made.chunks) objects.push(...(await encode(walk, made, chunk.index)));
  return (name: string) => objects.filter(({ rendition }) => rendition === name);
}

/** Sizes and hashes of the video packets, without the SEI messages. */
async function packetsOf(bytes: Buffer): Promise<string[]> {
  const args = [
    "-v",
    "error",
    "-i",
    "FILE",
    "-map",
    "0:v:0",
    "-c",
    "copy",
    "-bsf:v",
    "filter_units=remove_types=6",
  ];
  const text = (await onFile(bytes, "ffmpeg", [...args, "-f", "framemd5", "pipe:1"])).toString();
  return text
    .split("\n")
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(",").slice(-2).join());
}

/** Every decoded frame with its time in seconds. */
async function shownBy(bytes: Buffer): Promise<string[]> {
  const args = [
    "-v",
    "error",
    "-i",
    "FILE",
    "-map",
    "0:v:0",
    "-fps_mode",
    "passthrough",
    "-f",
    "framehash",
    "-hash",
    "md5",
  ];
  const text = (await onFile(bytes, "ffmpeg", [...args, "pipe:1"])).toString();
  const [, num, den] = /#tb 0: (\d+)\/(\d+)/.exec(text) ?? [];
  return text
    .split("\n")
    .filter((line) => /^\d/.test(line))
    .map((line) => {
      const [, , pts, , , hash] = line.split(",");
      return `${((Number(pts) * Number(num)) / Number(den)).toFixed(4)} ${hash?.trim()}`;
    });
}

/** As phones write it: with a flag of the profile (constraint_set3) that our encoder never sets. */
function flagged(source: Buffer): Buffer {
  const bytes = Buffer.from(source);
  // In avcC, and in the first parameter set after it (ISO 14496-15, 5.3.3.1).
  const at = bytes.indexOf("avcC") + 4;
  for (const place of [at + 2, at + 10]) bytes.writeUInt8((bytes[place] ?? 0) | 0x10, place);
  return bytes;
}

/** RFC 6381 name of a file's H.264, by its avcC. */
const codecsIn = (bytes: Buffer) => {
  const at = bytes.indexOf("avcC") + 4;
  return `avc1.${bytes.subarray(at + 1, at + 4).toString("hex")}`;
};

test.concurrent.each([
  ["two seconds, B-pictures and their edit list", "good.mp4", [GOOD], 50],
  [
    "29.97, a keyframe each second",
    "ntsc.mp4",
    [[...input(picture("30000/1001")), ...coded(...every(30))]],
    60,
  ],
  [
    "a keyframe each 2.4 s, no sound",
    "own-gop.mov",
    [[...input(), "-map", "0:v", ...coded(...every(60))]],
    60,
  ],
  [
    "further keyframes at cuts",
    "cuts.mp4",
    [[...input(), ...coded("-g", "250", "-bf", "0", "-force_key_frames", "0,2,3.08,3.12,4,6,8")]],
    50,
  ],
  ["two rungs", "two-rungs.mp4", [[...input(picture("24000/1001", "640x480")), ...coded(...every(48))]], 48],
] as const)("%s: copied", async (_, name, steps, segmentFrames) => {
  await using store = await startStore();
  const source = flagged(await readFile(await fixture(name, ...steps.map((step) => [...step]))));
  const { made, whyEncoded, walk } = await planned(store, source);
  expect(whyEncoded).toBeNull();
  expect(made.grid).toMatchObject({ segmentFrames, preRoll: 0 });
  expect(made.rungs.map(({ copied }) => copied ?? false)).toEqual(made.rungs.map((_rung, n) => n === 0));
  expect(made.chunks.length).toBe(2);

  const of = await chunked(walk, made);
  const top = of(made.rungs[0]?.name ?? "");
  expect(new Set(top.map(({ initHash }) => initHash)).size).toBe(1);
  expect(codecsIn(source)).toMatch(/^avc1\.6410/);
  for (const { codecs } of top) expect(codecs).toBe(codecsIn(source));
  const whole = joined(walk, top);
  expect(await packetsOf(whole)).toEqual(await packetsOf(source));
  const times = (await packetTimes(whole, "v")).sort((a, b) => a - b);
  for (const { name: lower } of made.rungs.slice(1)) {
    expect(of(lower).map(({ segments }) => segments.map(({ duration }) => duration))).toEqual(
      top.map(({ segments }) => segments.map(({ duration }) => duration)),
    );
    expect((await packetTimes(joined(walk, of(lower)), "v")).sort((a, b) => a - b)).toEqual(times);
  }

  const sound = made.source.audio.length > 0 ? await audio(walk, made) : [];
  const done = await finish(walk, made, top, sound);
  expect(done.quality).toEqual([{ rendition: made.rungs[0]?.name, ssim: 1 }]);
  const mp4 = store.objects.get(`${outputKey(walk, done.mp4.name)}.0`) ?? Buffer.alloc(0);
  // Each frame at its own time from zero on, as in the source; the audio is encoded as always.
  expect(await shownBy(mp4)).toEqual(await shownBy(source));
  expect(Math.min(...(await packetTimes(mp4, "v")))).toBe(0);
  expect(mp4.indexOf("moov")).toBeLessThan(mp4.indexOf("mdat"));
});

const other = (source: string, ...more: string[]) => [[...input(source), ...coded(...every(50), ...more)]];
test.concurrent.each([
  ["open GOPs", "open.mp4", other(picture(), "-x264-params", "open-gop=1"), /keyframes/],
  [
    "odd keyframes",
    "odd.mp4",
    [[...input(), ...coded("-g", "250", "-force_key_frames", "0,2,3.9,6,8,10")]],
    /keyframes/,
  ],
  ["ten seconds between keyframes", "far.mp4", [[...input(), ...coded(...every(250))]], /keyframes/],
  [
    "a rate that varies",
    "vfr.mp4",
    [[...input(), ...coded(...every(50), "-vf", "select='mod(n,5)'", "-fps_mode", "vfr")]],
    /rate varies/,
  ],
  [
    "a hole",
    "hole.mp4",
    [[...input(), ...coded(...every(50), "-vf", "select='not(eq(n,75))'", "-fps_mode", "vfr")]],
    /rate varies/,
  ],
  ["120 pictures a second", "fast.mp4", other(picture("120")), /clock/],
  ["more bits than the rung has", "rich.mp4", other(`${picture()},noise=alls=40:allf=t`), /bits a second/],
  ["an edit list that cuts", "edited.mp4", [GOOD, ["-ss", "1.3", ...copy]], /edit list|begins late/],
  [
    "a picture that begins late",
    "late.mp4",
    [
      GOOD,
      ["-itsoffset", "0.4", "-i", "PREVIOUS", "-i", "PREVIOUS", "-map", "0:v", "-map", "1:a", "-c", "copy"],
    ],
    /begins late/,
  ],
  ["pixels that are not square", "wide.mp4", other(picture(), "-vf", "setsar=4/3"), /square/],
  [
    "interlaced",
    "interlaced.mp4",
    other(`${picture("50")},tinterlace=interleave_top,setfield=tff`, "-flags", "+ildct+ilme"),
    /interlaced/,
  ],
  ["ten bits", "deep.mp4", other(`${picture()},format=yuv420p10le`, "-pix_fmt", "yuv420p10le"), /profile/],
  ["the full range", "full.mp4", other(picture(), "-pix_fmt", "yuvj420p"), /pixels are/],
  ["colours of a camcorder", "smpte.mp4", other(picture(), "-colorspace", "smpte170m"), /BT.709/],
  ["no rung of its size", "between.mp4", other(picture("25", "500x380")), /size/],
  ["a level beyond browsers", "level.mp4", other(picture(), "-level:v", "5.1"), /level/],
  ["Matroska", "good.mkv", [[...GOOD, "-an"], copy], /no table/],
  [
    "HEVC",
    "hevc.mp4",
    [[...input(), "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error"]],
    /hevc/,
  ],
] as const)("%s: encoded", async (_, name, steps, why) => {
  await using store = await startStore();
  const source = await readFile(await fixture(name, ...steps.map((step) => [...step])));
  const { made, whyEncoded } = await planned(store, source);
  expect(whyEncoded).toMatch(why);
  expect(made.rungs.some(({ copied }) => copied)).toBe(false);
});

test.concurrent("turned: encoded", async () => {
  await using store = await startStore();
  const { whyEncoded } = await planned(store, turned(await readFile(await fixture("good.mp4", GOOD)), 90));
  expect(whyEncoded).toMatch(/turned/);
});

test.concurrent("damage within a picture: no copy is served, and without one it is encoded", async () => {
  await using store = await startStore();
  const source = Buffer.from(await readFile(await fixture("good.mp4", GOOD)));
  // In the second chunk; no byte is missing, so the table does not show it.
  source.fill(0xff, Math.floor(source.length * 0.6), Math.floor(source.length * 0.6) + 4_000);
  const { made, walk } = await planned(store, source);
  expect(made.rungs[0]?.copied).toBe(true);
  await expect(chunked(walk, made)).rejects.toMatchObject({ code: "transcoder.copy_unfit" });
  const ffmpeg = await toolThat("kill -KILL $$");
  const killed = { code: "transcoder.crashed" };
  await expect(chunked({ ...walk, ffmpeg }, made), "no fault of the copy").rejects.toMatchObject(killed);
  const { made: second, whyEncoded } = await planned(store, source, { copy: false });
  expect(whyEncoded).toMatch(/unfit/);
  expect((await chunked(walk, second))(second.rungs[0]?.name ?? "").length).toBe(second.chunks.length);
});
