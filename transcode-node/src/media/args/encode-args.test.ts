/**
 * The arguments that safety and exactness depend on: restrictions before every input, no text from the
 * uploader, exact cuts.
 */

import type { Plan } from "@storagex/contract/tasks/plan";
import { describe, expect, test } from "vitest";
import { software } from "../encoders/software.ts";
import { levelFor } from "../plan/h264-level.ts";
import { audioArgs, loudnessOf } from "./audio-args.ts";
import { encodeArgs } from "./encode-args.ts";
import { frameFilters, rungFilter } from "./frame-filters.ts";

const plan: Plan = {
  source: {
    container: "mov",
    codec: "h264",
    width: 1280,
    height: 720,
    duration: 60,
    frameRate: { num: 30000, den: 1001 },
    variableFrameRate: false,
    bitDepth: 8,
    interlaced: false,
    hdr: null,
    bitrate: 0,
    decoders: ["h264", "aac"],
    videoStream: 1,
    audio: [],
    text: [],
  },
  grid: { rate: { num: 30000, den: 1001 }, segmentFrames: 60, totalFrames: 1798, preRoll: 1 },
  rungs: [
    { name: "720p", codec: "h264", width: 1280, height: 720, crf: 22, maxrate: 3_000_000 },
    { name: "360p", codec: "h264", width: 640, height: 360, crf: 24, maxrate: 800_000 },
  ],
  preset: "veryfast",
  audioPieceSeconds: 30,
  mezzanine: null,
};
const args = (firstFrame: number, frames: number | null, of = plan) =>
  encodeArgs({
    url: "http://127.0.0.1:1/s/source",
    plan: of,
    chunk: { index: 1, firstFrame, frames },
    pathOf: ({ name }) => `/t/${name}.mp4`,
    encoder: software,
  });
const after = (list: string[], flag: string) => list[list.indexOf(flag) + 1];

describe("a copied rung", () => {
  const own = { ...plan, grid: { ...plan.grid, preRoll: 0 } };
  const [top, low] = plan.rungs.map((rung, n) => ({ ...rung, copied: n === 0 }));
  if (!top || !low) throw new Error("no rungs");

  test("comes from the packets beside the others, which are decoded from the same input", () => {
    const list = args(120, 120, { ...own, rungs: [top, low] });
    const [copy, other] = [list.indexOf("0:v:1"), list.indexOf("[v1]")];
    expect(list.filter((word) => word === "-i").length).toBe(1);
    expect(after(list, "-ss")).toBe("4.004000");
    expect(after(list, "-filter_complex")).not.toContain("[v0]");
    expect(list.slice(copy, other)).toEqual(expect.arrayContaining(["-frames:v", "copy", "/t/720p.mp4"]));
    expect(list.slice(copy, other)).not.toContain("-crf");
    expect(list.slice(other)).toEqual(expect.arrayContaining(["libx264", "/t/360p.mp4"]));
    expect(list).not.toContain("null");
  });

  test("alone is decoded all the same", () => {
    const list = args(120, 120, { ...own, rungs: [top] });
    expect(list).not.toContain("-filter_complex");
    expect(list.slice(-9)).toEqual([
      "-map",
      "0:v:1",
      "-frames:v",
      "120",
      "-fps_mode",
      "passthrough",
      "-f",
      "null",
      "-",
    ]);
  });
});

describe("encode", () => {
  test("the fences stand before the input, the output's options after it", () => {
    const list = args(120, 120);
    const input = list.indexOf("-i");
    for (const flag of [
      "-protocol_whitelist",
      "-format_whitelist",
      "-codec_whitelist",
      "-max_pixels",
      "-noaccurate_seek",
      "-copyts",
    ]) {
      expect(list.indexOf(flag), flag).toBeGreaterThanOrEqual(0);
      expect(list.indexOf(flag), flag).toBeLessThan(input);
    }
    expect(after(list, "-protocol_whitelist")).toBe("http,tcp");
    expect(after(list, "-format_whitelist")).not.toMatch(/hls|dash|concat|image2|sdp/);
    expect(after(list, "-codec_whitelist")).toBe("h264,aac");
    expect(list.filter((word) => word === "-map_metadata")).toHaveLength(2);
  });

  test("a chunk seeks its pre-roll and ends by a frame count", () => {
    const list = args(120, 60);
    expect(after(list, "-ss")).toBe("3.004000");
    expect(list.filter((word) => word === "-frames:v")).toHaveLength(2);
    expect(after(list, "-frames:v")).toBe("60");
    expect(after(list, "-filter_complex")).toContain("fps=30000/1001:start_time=4.004000");
    expect(after(list, "-filter_complex")).toMatch(/^\[0:v:1\]/);
  });

  test("the first chunk does not seek, the last has no limit", () => {
    expect(args(0, 60)).not.toContain("-ss");
    expect(args(1740, null)).not.toContain("-frames:v");
    // The last frame is held to the audio's end, and no further.
    const held = { ...plan, grid: { ...plan.grid, heldFrames: 5 } };
    expect(after(args(1740, null, held), "-frames:v")).toBe("58");
  });

  test("a pre-roll longer than what lies before starts at the beginning", () => {
    expect(args(120, 60, { ...plan, grid: { ...plan.grid, preRoll: 10 } })).not.toContain("-ss");
  });
});

describe("one zero of time", () => {
  const placed = (origin: number) => ({ ...plan, source: { ...plan.source, origin } });

  test("is put by every run itself, a microsecond off what FFmpeg would take for its own", () => {
    const list = args(0, 60, placed(1.4));
    expect(after(list, "-itsoffset")).toBe("-1.399999");
    expect(list).not.toContain("-start_at_zero");
    expect(after(args(0, 60, placed(-0.5)), "-itsoffset")).toBe("0.500001");
    expect(after(args(0, 60, placed(0)), "-itsoffset")).toBe("0.000001");
  });

  test("does not depend on where a run finds the container's start", () => {
    const list = args(120, 60, placed(100));
    expect(after(list, "-seek_timestamp")).toBe("1");
    expect(after(list, "-ss")).toBe("103.004000");
  });

  test("is that of the first release in its plans", () => {
    const list = args(120, 60);
    expect(list).toContain("-start_at_zero");
    expect(list).not.toContain("-seek_timestamp");
  });
});

test("the last chunk alone holds its last frame while the audio goes on", () => {
  const held = { ...plan, grid: { ...plan.grid, heldFrames: 90 } };
  expect(after(args(1740, null, held), "-filter_complex")).toMatch(
    /fps=[^,]*,tpad=stop=90:stop_mode=clone,split/,
  );
  expect(after(args(0, 60, held), "-filter_complex")).not.toContain("tpad");
  expect(after(args(1740, null), "-filter_complex")).not.toContain("tpad");
});

test("one decode feeds every rung", () => {
  const list = args(0, 60);
  expect(list.filter((word) => word === "-i")).toHaveLength(1);
  expect(after(list, "-filter_complex")).toContain("split=2[s0][s1];");
  expect(list).toContain("/t/720p.mp4");
  expect(list).toContain("/t/360p.mp4");
});

test("interlaced frames are woven before the grid, HDR is mapped at the largest rung's size", () => {
  expect(frameFilters({ ...plan, source: { ...plan.source, interlaced: true } }, 0)).toMatch(
    /^scale,bwdif=mode=send_frame:deint=interlaced,settb=.*,fps=/,
  );
  const fields = { ...plan.source, deinterlace: { by: "content", to: "fields" } as const };
  expect(frameFilters({ ...plan, source: fields }, 0)).toMatch(
    /^scale,idet,bwdif=mode=send_field:deint=interlaced,/,
  );
  expect(frameFilters(plan, 0)).not.toContain("bwdif");
  // What follows the first filter has the first frame's pixel aspect in FFmpeg 7: bars are made before it.
  const shaped = { ...plan.source, aspect: 16 / 9, frame: { width: 1440, height: 1080 } };
  expect(frameFilters({ ...plan, source: { ...shaped, interlaced: true } }, 0)).toMatch(
    /^scale=w='if\(eq\(iw,1440\)\*eq\(ih,1080\),1440,.*:eval=frame,pad=1440:1080:-1:-1:eval=frame,bwdif=/,
  );
  const hdr = { ...plan.source, hdr: "pq" as const };
  expect(frameFilters({ ...plan, source: hdr }, 0)).toMatch(
    /fps=.*scale=1280:720.*zscale=t=linear.*tonemap=.*zscale=t=bt709/,
  );
  expect(
    rungFilter({ name: "360p", codec: "h264", width: 640, height: 360, crf: 24, maxrate: 1 }, plan.source),
  ).toContain("640:360");
});

test("a shape of its own gets bars: both filters look at each frame", () => {
  const rung = plan.rungs[1];
  if (!rung) throw new Error("no rung");
  const filter = rungFilter(rung, { ...plan.source, aspect: 16 / 9 });
  expect(filter).toMatch(
    /^scale=w='.*dar.*':h='.*dar.*':eval=frame:.*,pad=640:360:-1:-1:eval=frame,setsar=1$/,
  );
});

test("other primaries go through zscale once for all rungs", () => {
  const colours = { primaries: "smpte432", transfer: "bt709", matrix: 1, range: "tv" } as const;
  const source = { ...plan.source, colours };
  expect(frameFilters({ ...plan, source }, 0)).toMatch(
    /scale=1280:720:.*,zscale=pin=smpte432:tin=bt709:min=1:rin=tv:p=bt709:t=bt709:m=gbr:r=pc,format=gbrp12le,zscale=m=bt709:r=tv,format=yuv420p$/,
  );
  for (const rung of plan.rungs) expect(rungFilter(rung, source)).not.toContain("zscale");
});

test("an SD video's matrix becomes BT.709", () => {
  const rung = plan.rungs[1];
  if (!rung) throw new Error("no rung");
  expect(rungFilter(rung, { ...plan.source, matrix: "bt601" })).toContain(
    "in_color_matrix=bt601:out_color_matrix=bt709",
  );
});

test("audio keeps the container's timeline and drops the priming packet", () => {
  const list = audioArgs({
    url: "http://127.0.0.1:1/s/source",
    source: plan.source,
    track: { stream: 2, channels: 2 },
  });
  expect(after(list, "-map")).toBe("0:a:2");
  expect(after(list, "-af")).toContain("first_pts=0");
  expect(after(list, "-bsf:a")).toBe("noise=drop=lt(pts\\,0)");
  expect(list.indexOf("-format_whitelist")).toBeLessThan(list.indexOf("-i"));
});

test("left and right of two tracks are placed in time each, then joined", () => {
  const track = { stream: 1, right: 3, channels: 2 };
  const graph = after(audioArgs({ url: "u", source: plan.source, track }), "-filter_complex") ?? "";
  expect(graph.match(/\[0:a:(\d)\]aresample=[^;]*first_pts=0/g)).toHaveLength(2);
  expect(graph).toContain("map=0.0-FL|1.0-FR,ebur128");
});

test("the meter's summary is read, and nothing heard is no number", () => {
  const said = (value: string) =>
    `Summary:\n\n  Integrated loudness:\n    I:         ${value} LUFS\n    Threshold: 0 LUFS\n`;
  expect(loudnessOf(said("-23.1"))).toBe(-23.1);
  expect(loudnessOf(said("1.4"))).toBe(1.4);
  expect(loudnessOf(said("-70.0"))).toBeNull();
  expect(loudnessOf(said("nan"))).toBeNull();
  expect(loudnessOf("")).toBeNull();
});

test.each([
  [{ width: 640, height: 360, frameRate: 30, maxrate: 800_000 }, "3.0"],
  [{ width: 1280, height: 720, frameRate: 30, maxrate: 3_000_000 }, "3.1"],
  [{ width: 1280, height: 720, frameRate: 60, maxrate: 3_900_000 }, "3.2"],
  [{ width: 1920, height: 1080, frameRate: 30, maxrate: 5_500_000 }, "4.0"],
  [{ width: 1080, height: 1920, frameRate: 30, maxrate: 5_500_000 }, "4.0"],
  [{ width: 1920, height: 1080, frameRate: 60, maxrate: 7_150_000 }, "4.2"],
  [{ width: 3840, height: 2160, frameRate: 30, maxrate: 16_000_000 }, "5.1"],
  [{ width: 3840, height: 2160, frameRate: 60, maxrate: 20_800_000 }, "5.2"],
])("level of %o is %s", (rung, level) => {
  expect(levelFor(rung)).toBe(level);
});
