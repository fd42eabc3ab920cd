/**
 * What a viewer sees: HDR as SDR, posters that show something, cover art and odd tracks ignored, captions
 * kept.
 */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { aac, fixture, picture, tone, x264 } from "../../testing/fixtures.ts";
import { onFile } from "../../testing/read-frames.ts";
import { type Store, startStore } from "../../testing/store.ts";
import { audio, encode, finish, joined, outputKey, plan, type Walk } from "../../testing/walk.ts";

const walkOf = async (store: Store, name: string, ...steps: string[][]): Promise<Walk> => {
  store.put(name, await readFile(await fixture(name, ...steps)));
  return { store, key: name };
};
const lavfi = (graph: string) => ["-f", "lavfi", "-i", graph];
const object = (walk: Walk, name: string) => walk.store.objects.get(outputKey(walk, name)) ?? Buffer.alloc(0);

/** Plans, encodes and finishes a whole source. */
async function whole(walk: Walk) {
  const made = await plan(walk);
  const video = [];
  for (const chunk of made.chunks) video.push(...(await encode(walk, made, chunk.index)));
  const top = video.filter((each) => each.rendition === made.rungs[0]?.name);
  const sound = made.source.audio.length > 0 ? await audio(walk, made) : [];
  return { made, video: top, done: await finish(walk, made, top, sound) };
}

/** Mean luma, Cb and Cr of a file's first frame. */
async function meanColour(bytes: Buffer, format = "yuv444p"): Promise<number[]> {
  const decode = [
    "-v",
    "error",
    "-i",
    "FILE",
    "-frames:v",
    "1",
    "-vf",
    `scale=1:1:flags=area,format=${format}`,
  ];
  return [...(await onFile(bytes, "ffmpeg", [...decode, "-f", "rawvideo", "pipe:1"]))];
}

test.each([
  ["pq", "smpte2084"],
  ["hlg", "arib-std-b67"],
])("HDR (%s) comes out as tagged SDR of 8 bits", async (kind, transfer) => {
  await using store = await startStore();
  const tags = [
    "-color_primaries",
    "bt2020",
    "-color_trc",
    transfer,
    "-colorspace",
    "bt2020nc",
    "-color_range",
    "tv",
  ];
  const main10 = [
    "-c:v",
    "libx265",
    "-preset",
    "ultrafast",
    "-x265-params",
    "log-level=error",
    "-pix_fmt",
    "yuv420p10le",
  ];
  const walk = await walkOf(store, `${kind}.mp4`, [
    ...lavfi("testsrc2=size=640x360:rate=25:duration=3"),
    ...main10,
    ...tags,
  ]);
  const made = await plan(walk);
  expect(made.source).toMatchObject({ hdr: kind, bitDepth: 10, codec: "hevc" });
  const [video] = await encode(walk, made, 0);
  if (!video) throw new Error("nothing encoded");
  const ask = [
    "-v",
    "error",
    "-show_entries",
    "stream=pix_fmt,color_transfer,color_primaries,color_space",
    "-of",
    "json",
    "FILE",
  ];
  const { streams } = JSON.parse((await onFile(joined(walk, [video]), "ffprobe", ask)).toString());
  expect(streams[0]).toEqual({
    pix_fmt: "yuv420p",
    color_transfer: "bt709",
    color_primaries: "bt709",
    color_space: "bt709",
  });
  const [luma = 0] = await meanColour(joined(walk, [video]));
  expect(luma).toBeGreaterThan(30);
  expect(luma).toBeLessThan(220);
});

test("an SD picture in BT.601 keeps its colours in BT.709", async () => {
  await using store = await startStore();
  const red = [...lavfi("color=red:size=640x360:rate=25:duration=1"), ...x264];
  const tagged = [...red, "-vf", "scale=out_color_matrix=bt601", "-colorspace", "smpte170m"];
  const walk = await walkOf(store, "sd.mp4", tagged);
  const {
    video: [video],
  } = await whole(walk);
  const [luma = 0, , cr = 0] = await meanColour(joined(walk, video ? [video] : []));
  // Red is Y 63, Cr 240 in BT.709 (Y 81 in BT.601).
  expect(Math.abs(luma - 63)).toBeLessThan(4);
  expect(cr).toBeGreaterThan(230);
  // A JPEG is read as BT.601, full range: red is Y 76, Cb 85, Cr 255.
  const [posterLuma = 0] = await meanColour(object(walk, "poster-0.jpg"), "yuvj444p");
  expect(Math.abs(posterLuma - 76)).toBeLessThan(4);
});

test("anamorphic and odd pictures come out square and even", async () => {
  await using store = await startStore();
  const walk = await walkOf(store, "odd.mkv", [
    ...lavfi("testsrc=size=361x241:rate=25:duration=1,setsar=16/11"),
    "-c:v",
    "ffv1",
  ]);
  const made = await plan(walk);
  expect(made.rungs).toMatchObject([{ name: "242p", width: 526, height: 242 }]);
  const [video] = await encode(walk, made, 0);
  const ask = [
    "-v",
    "error",
    "-show_entries",
    "stream=width,height,sample_aspect_ratio",
    "-of",
    "json",
    "FILE",
  ];
  const { streams } = JSON.parse(
    (await onFile(joined(walk, video ? [video] : []), "ffprobe", ask)).toString(),
  );
  expect(streams[0]).toEqual({ width: 526, height: 242, sample_aspect_ratio: "1:1" });
});

test("cover art, a text track and a track we do not decode do not stand in the way", async () => {
  await using store = await startStore();
  const cover = await fixture("cover-art.png", [...lavfi("color=red:size=64x64"), "-frames:v", "1"]);
  const words = await fixture("words.srt", [
    "-f",
    "lavfi",
    "-i",
    "sine=duration=1",
    "-c:a",
    "pcm_s16le",
    "-f",
    "wav",
  ]).then(async (path) => {
    const { writeFile } = await import("node:fs/promises");
    await writeFile(
      path,
      "1\n00:00:01,000 --> 00:00:03,000\nHallo <i>Welt</i>\n\n2\n00:00:05,500 --> 00:00:07,000\nTschüss\n",
    );
    return path;
  });
  const inputs = [...picture("25", 10, "320x180"), ...tone(10), "-i", words, "-i", cover];
  const maps = ["-map", "3:v", "-map", "0:v", "-map", "1:a", "-map", "2:s"];
  const codecs = [
    "-c:v:0",
    "png",
    "-disposition:v:0",
    "attached_pic",
    "-c:v:1",
    "libx264",
    "-preset",
    "ultrafast",
    "-g",
    "50",
  ];
  const walk = await walkOf(store, "all.mp4", [
    ...inputs,
    ...maps,
    ...codecs,
    ...aac,
    "-c:s",
    "mov_text",
    "-metadata:s:s:0",
    "language=deu",
  ]);
  const { made, done } = await whole(walk);
  expect(made.source).toMatchObject({
    width: 320,
    height: 180,
    text: [{ codec: "mov_text", language: "de" }],
  });
  expect(done.captions).toMatchObject([{ language: "de", object: { name: "captions-0.vtt" } }]);
  const text = object(walk, "captions-0.vtt").toString();
  expect(text).toMatch(/^WEBVTT/);
  expect(text).toContain("00:00:05.500 --> 00:00:07.000\nTschüss");
});

test("posters are never the black beginning, and the storyboard has a tile for each interval", async () => {
  await using store = await startStore();
  const graph =
    "color=black:size=640x360:rate=10:duration=8[a];testsrc2=size=640x360:rate=10:duration=16[b];[a][b]concat";
  const walk = await walkOf(store, "dark.mp4", [...lavfi(graph), ...x264, "-g", "20"]);
  const { done } = await whole(walk);
  expect(done.posters.length).toBeGreaterThanOrEqual(2);
  for (const poster of done.posters) {
    expect((await meanColour(object(walk, poster.name)))[0]).toBeGreaterThan(40);
  }
  expect(done.storyboard).toMatchObject({
    tiles: 12,
    columns: 5,
    rows: 3,
    interval: 2,
    tileWidth: 192,
    tileHeight: 108,
  });
  const sheet = object(walk, "storyboard-0.jpg");
  const cell = async (n: number) => {
    const crop = `crop=192:108:${(n % 5) * 192}:${Math.floor(n / 5) * 108},scale=1:1:flags=area,format=gray`;
    return (
      [
        ...(await onFile(sheet, "ffmpeg", [
          "-v",
          "error",
          "-i",
          "FILE",
          "-vf",
          crop,
          "-f",
          "rawvideo",
          "pipe:1",
        ])),
      ][0] ?? 0
    );
  };
  // 0, 2, 4 and 6 s are black; 8 s is not.
  expect(await cell(3)).toBeLessThan(30);
  expect(await cell(4)).toBeGreaterThan(40);
  expect(await cell(11)).toBeGreaterThan(40);
});
