/** A viewer sees what the source showed: its colours, its size, its shape. */
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { coloursAt, framesOf, secondsOf } from "../testing/measure.ts";
import { bars, clipOf, H264, standing } from "../testing/media-clips.ts";
import { addToSampleEntry, lastFrameStands } from "../testing/mp4-edit.ts";
import { completed, type Stage, wholePath } from "../testing/whole-path.ts";
import { asBt709, codedAs, type Primaries, type Rgb } from "./right-colours.ts";

/** Bars of 75 % and 40 %, and a skin tone. */
const BARS: readonly Rgb[] = [
  ...([
    [191, 191, 191],
    [191, 191, 0],
    [0, 191, 191],
    [0, 191, 0],
  ] as const),
  ...([
    [191, 0, 191],
    [191, 0, 0],
    [0, 0, 191],
    [102, 102, 102],
  ] as const),
  [200, 150, 130],
];
const SIZE = { width: 288, height: 160 } as const;
const WIDTH = SIZE.width / BARS.length;
const CENTRES = BARS.map((_, n) => [(n + 0.5) / BARS.length, 0.5] as const);

/** FFmpeg's expression that gives a bar's value by its column. */
const byColumn = (values: readonly number[]) =>
  values.reduceRight((rest, value, n) => `if(lt(X,${(n + 1) * WIDTH}),${value},${rest})`, "0");

/** An input whose pixels are exactly the bars in `coding`: FFmpeg converts nothing. */
function coded(coding: Parameters<typeof codedAs>[1], seconds = 1): string[] {
  const values = BARS.map((bar) => codedAs(bar, coding));
  const plane = (n: number) => byColumn(values.map((value) => value[n] ?? 0));
  const source = `nullsrc=s=${SIZE.width}x${SIZE.height}:r=25:d=0.04,format=yuv444p`;
  const drawn = `geq=lum='${plane(0)}':cb='${plane(1)}':cr='${plane(2)}'`;
  return ["-f", "lavfi", "-i", `${source},${drawn},${standing(seconds)}`];
}

type Tags = { primaries?: string; transfer?: string; matrix?: string; range?: "tv" | "pc" };
/**
 * The tags of a clip's frames, as a filter: FFmpeg 7 would convert frames without them to the encoder's
 * options.
 */
const marked = ({ primaries, transfer, matrix, range }: Tags): string => {
  const marks = [
    ...(primaries ? [`color_primaries=${primaries}`] : []),
    ...(transfer ? [`color_trc=${transfer}`] : []),
    ...(matrix ? [`colorspace=${matrix}`] : []),
    ...(range ? [`range=${range}`] : []),
  ];
  return marks.length > 0 ? `setparams=${marks.join(":")}` : "null";
};
const tagged = ({ primaries, transfer, matrix, range }: Tags) => [
  ...(primaries ? ["-color_primaries", primaries] : []),
  ...(transfer ? ["-color_trc", transfer] : []),
  ...(matrix ? ["-colorspace", matrix] : []),
  ...(range ? ["-color_range", range] : []),
];
const FINE = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "4"];

const bt709 = { matrix: "bt709", range: "tv" } as const;
const P3 = { primaries: "smpte432", transfer: "bt709", matrix: "bt709" };
const WIDE = { primaries: "bt2020", transfer: "bt2020-10", matrix: "bt2020nc" };
const NTSC = { primaries: "smpte170m", transfer: "smpte170m", matrix: "smpte170m" };
const SDR: readonly [string, Primaries, Parameters<typeof codedAs>[1], Tags][] = [
  ["Display P3", "p3", bt709, P3],
  ["Display P3 in the full range", "p3", { matrix: "bt709", range: "pc" }, { ...P3, range: "pc" }],
  ["SDR in BT.2020", "bt2020", { matrix: "bt2020", range: "tv" }, WIDE],
  [
    "PAL's primaries",
    "bt470bg",
    { matrix: "bt601", range: "tv" },
    { primaries: "bt470bg", matrix: "bt470bg" },
  ],
  ["NTSC's primaries", "smpte170m", { matrix: "bt601", range: "tv" }, NTSC],
  [
    "the full range of BT.601",
    "bt709",
    { matrix: "bt601", range: "pc" },
    { matrix: "smpte170m", range: "pc" },
  ],
  ["no tags", "bt709", { matrix: "bt601", range: "tv" }, {}],
];

const HDR = [
  "-c:v",
  "libx265",
  "-preset",
  "ultrafast",
  "-x265-params",
  "log-level=error:crf=10",
  "-pix_fmt",
  "yuv420p10le",
];

function colourTests(stage: Stage): void {
  const shown = async (path: string) => {
    const { playback } = await completed(stage, path);
    return coloursAt(playback.mp4, 0.5, CENTRES);
  };
  const near = (seen: readonly Rgb[], wanted: readonly Rgb[]) => {
    for (const [n, colour] of seen.entries())
      for (const [channel, value] of colour.entries())
        expect(
          Math.abs(value - (wanted[n]?.[channel] ?? 0)),
          `bar ${n}: ${colour} for ${wanted[n]}`,
        ).toBeLessThan(8);
  };

  test.each(SDR)("%s: bars as BT.709 shows them", async (name, primaries, coding, tags) => {
    const pixels = coding.range === "pc" ? "yuvj444p" : "yuv444p";
    const path = await clipOf(`${name}.mp4`.replaceAll(" ", "-"), [
      ...coded(coding),
      "-vf",
      `scale=in_range=${coding.range}:out_range=${coding.range},format=${pixels},${marked({ range: coding.range, ...tags })}`,
      ...[...FINE, ...tagged({ range: coding.range, ...tags })],
    ]);
    near(
      await shown(path),
      BARS.map((bar) => asBt709(bar, primaries)),
    );
  });

  test("RGB", async () => {
    const values = (channel: 0 | 1 | 2) => byColumn(BARS.map((bar) => bar[channel]));
    const drawn = `format=gbrp,geq=r='${values(0)}':g='${values(1)}':b='${values(2)}'`;
    const path = await clipOf("rgb.mp4", [
      ...["-f", "lavfi", "-i", `nullsrc=s=${SIZE.width}x${SIZE.height}:r=25:d=0.04,${drawn},${standing(1)}`],
      ...["-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "4"],
    ]);
    near(await shown(path), BARS);
  });

  test("HDR with tags missing is shown as with all of them", async () => {
    const clip = (name: string, tags: Tags) =>
      clipOf(name, [
        ...[...coded({ matrix: "bt2020", range: "tv" }), "-vf", marked(tags)],
        ...[...HDR, ...tagged(tags)],
      ]);
    const of = async (transfer: string, tags: Tags, container: string) =>
      shown(await clip(`${transfer}-${Object.keys(tags).join("-")}.${container}`, { transfer, ...tags }));
    const all = { primaries: "bt2020", matrix: "bt2020nc" };
    const [pq, hlg] = await Promise.all([of("smpte2084", all, "mp4"), of("arib-std-b67", all, "mp4")]);
    near(await of("smpte2084", {}, "mp4"), pq);
    near(await of("smpte2084", { matrix: "bt2020nc" }, "mp4"), pq);
    near(await of("arib-std-b67", { primaries: "bt2020" }, "mkv"), hlg);
  });

  test("Dolby Vision profile 5 is refused by its name", async () => {
    const record = Buffer.alloc(24);
    // Version 1.0, profile 5, level 1, with its metadata and a base layer without a compatible fallback.
    record.set([1, 0, (5 << 1) | 0, (1 << 3) | 0b101, 0]);
    const path = await clipOf(
      "dolby-5.mp4",
      [...coded({ matrix: "bt2020", range: "tv" }), ...HDR, "-tag:v", "hvc1"],
      {
        recipe: "dvcC profile 5",
        apply: (file) => addToSampleEntry(file, "hvc1", "dvcC", record),
      },
    );
    const { video } = await wholePath(stage, path);
    expect(video.error).toMatchObject({ code: "source.dolby_vision" });
    expect(video.error?.message).toMatch(/Dolby Vision profile 5/);
  });
}

function sizeTests(stage: Stage): void {
  test.each([
    ["1600x900", ["900p 1600x900", "720p 1280x720", "480p 854x480", "360p 640x360"]],
    ["1920x800", ["800p 1920x800", "720p 1728x720", "480p 1152x480", "360p 864x360"]],
    ["400x600", ["400p 400x600", "360p 360x540"]],
  ])("%s keeps its size in a rung of its own", async (size, rungs) => {
    const path = await clipOf(`${size}.mp4`, [...bars(size, 25, 1), ...H264, "-crf", "35"]);
    const { video } = await completed(stage, path);
    expect(video.renditions.map(({ name, width, height }) => `${name} ${width}x${height}`)).toEqual(rungs);
  });

  test("a source between two rungs is copied where it conforms", async () => {
    const path = await clipOf("conforms.mp4", [
      ...[
        ...bars("640x420", 25, 4),
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "30",
        "-pix_fmt",
        "yuv420p",
      ],
      ...["-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-bf", "2"],
      ...tagged({ primaries: "bt709", transfer: "bt709", matrix: "bt709" }),
    ]);
    const { video } = await completed(stage, path);
    expect(video.renditions.map(({ name, copied }) => [name, copied])).toEqual([
      ["420p", true],
      ["360p", false],
    ]);
  });

  // The first may be interlaced, as far as its stream says, and goes through the deinterlacer.
  test.each([
    ["H.264", [...H264, "-bf", "0"]],
    ["HEVC", ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:bframes=0"]],
  ])("a frame of another shape gets bars: %s", async (codec, coded) => {
    const half = (size: string, from: number) =>
      clipOf(`${codec}-${size}.ts`, [
        ...["-f", "lavfi", "-i", `color=white:s=${size}:r=25:d=2`, ...coded],
        ...["-output_ts_offset", String(from)],
      ]);
    const [wide, tall] = await Promise.all([half("320x180", 0), half("180x320", 2)]);
    const path = await clipOf(`${codec}-turn.ts`, ["-i", wide, "-c", "copy"], {
      recipe: `${wide} and ${tall}`,
      apply: async (file) => writeFile(file, Buffer.concat([await readFile(wide), await readFile(tall)])),
    });
    const { playback } = await completed(stage, path);
    expect(await framesOf(playback.mp4)).toHaveLength(100);
    // 180 x 320 in a height of 180: 101 of 320 columns.
    const columns = [0.05, 0.3, 0.38, 0.5, 0.62, 0.7, 0.95].map((x) => [x, 0.5] as const);
    const bright = async (at: number) =>
      (await coloursAt(playback.mp4, at, columns)).map(([red]) => red > 128);
    expect(await bright(1)).toEqual(Array(7).fill(true));
    expect(await bright(3)).toEqual([false, false, true, true, true, false, false]);
  });
}

/** A WebM as browsers record it: uneven timestamps in whole milliseconds, and no frame durations. */
const recorded = (rate: number) => {
  const shaken = `setpts='(N+floor(N/16))/${rate}/TB+0.004*sin(N*7)/TB'`;
  const input = ["-f", "lavfi", "-i", `${turning(rate, 4)},select='mod(n,17)',settb=1/1000,${shaken}`];
  const coded = [
    "-fps_mode",
    "passthrough",
    "-enc_time_base",
    "1/1000",
    "-c:v",
    "libvpx",
    "-deadline",
    "realtime",
  ];
  return clipOf(`recorded-${rate}.webm`, [...input, ...coded, "-live", "1"], {
    recipe: "no DefaultDuration",
    apply: async (path) => {
      const bytes = await readFile(path);
      const at = bytes.indexOf(Buffer.from("23e383", "hex"));
      // Readers skip an unknown id.
      if (at >= 0) bytes.write("23e38f", at, "hex");
      await writeFile(path, bytes);
    },
  });
};
/** A video in which each frame has another brightness. */
const turning = (rate: number, seconds: number) =>
  `nullsrc=s=64x36:r=${rate}:d=${seconds},geq=lum='mod(N*7,220)+16':cb=128:cr=128`;

/** Frames that repeat the one before them. */
const doublesIn = (frames: Awaited<ReturnType<typeof framesOf>>) =>
  frames.filter(({ luma }, n) => n > 0 && Math.abs(luma - (frames[n - 1]?.luma ?? 0)) < 1).length;

function rateTests(stage: Stage): void {
  test.each([30, 15])("a browser's recording of %d frames a second keeps its rate", async (rate) => {
    const { video, playback } = await completed(stage, await recorded(rate), { contentType: "video/webm" });
    expect([video.source?.frameRate, video.frameRate]).toEqual([rate, rate]);
    const frames = await framesOf(playback.mp4);
    expect(Math.abs(frames.length - 4 * rate)).toBeLessThanOrEqual(2);
    // One frame in seventeen was left out; beyond that one may repeat now and then where the clock was
    // uneven.
    expect(doublesIn(frames)).toBeLessThan(0.12 * frames.length);
  });

  test("a last frame that stands for eight seconds leaves the others their rate", async () => {
    const input = ["-f", "lavfi", "-i", turning(30, 2), ...H264];
    const path = await clipOf("last-stands.mp4", input, {
      recipe: "last frame 8 s longer",
      apply: (file) => lastFrameStands(file, 8),
    });
    const { video, playback } = await completed(stage, path);
    expect([video.source?.frameRate, video.frameRate, video.duration]).toEqual([30, 30, 10]);
    const frames = await framesOf(playback.mp4);
    expect(frames).toHaveLength(300);
    expect(doublesIn(frames.slice(0, 60))).toBe(0);
  });

  test("the source's own rate is told beside the renditions'", async () => {
    const path = await clipOf("fast.mp4", [...bars("64x36", 90, 1), ...H264]);
    const { video, playback } = await completed(stage, path);
    expect([video.source?.frameRate, video.frameRate]).toEqual([90, 45]);
    expect(await framesOf(playback.mp4)).toHaveLength(45);
  });

  test.each([
    ["25/2", 26, 2.08],
    ["49/6", 17, 102 / 49],
  ])("the last frame of %s a second has its length", async (rate, frames, seconds) => {
    const path = await clipOf(`${rate.replace("/", "-")}.mp4`, [...bars("64x36", rate, 2.08), ...H264]);
    const { playback } = await completed(stage, path);
    expect(await framesOf(playback.mp4)).toHaveLength(frames);
    expect(await secondsOf(playback.mp4)).toBeCloseTo(seconds, 3);
  });
}

export function videoTests(stage: Stage): void {
  describe.concurrent("video: colours", () => colourTests(stage));
  describe.concurrent("video: sizes", () => sizeTests(stage));
  describe.concurrent("video: rates", () => rateTests(stage));
}
