/**
 * The hardware's arguments: the grid's keyframes and no others, the rung's cap, and software where no device
 * supports the size.
 */
import type { Plan } from "@storagex/contract/tasks/plan";
import { describe, expect, test } from "vitest";
import { encodeArgs } from "../args/encode-args.ts";
import type { Encoder } from "./encoder.ts";
import { renderNodes, waysOf } from "./hardware.ts";

const NODE = "/dev/dri/renderD128";
const WAYS = [...waysOf("nvenc", []), ...waysOf("qsv", [NODE]), ...waysOf("vaapi", [NODE])];
const rung = { codec: "h264" as const, crf: 22, maxrate: 3_000_000 };
const plan: Plan = {
  source: {
    ...{ container: "mov", codec: "h264", width: 1280, height: 720 },
    ...{ duration: 60, frameRate: { num: 25, den: 1 }, variableFrameRate: false, bitDepth: 8 },
    ...{ interlaced: false, hdr: null, bitrate: 0, decoders: ["h264"], videoStream: 0, audio: [], text: [] },
  },
  grid: { rate: { num: 25, den: 1 }, segmentFrames: 50, totalFrames: 1500, preRoll: 1 },
  rungs: [{ ...rung, name: "720p", width: 1280, height: 720 }],
  preset: "veryfast",
  audioPieceSeconds: 30,
  mezzanine: null,
};
const argsOf = (encoder: Encoder, of = plan) => {
  const pathOf = ({ name }: { name: string }) => `/t/${name}.mp4`;
  const chunk = { index: 1, firstFrame: 100, frames: 100 };
  return encodeArgs({ url: "http://127.0.0.1:1/s/source", plan: of, chunk, pathOf, encoder });
};
const after = (list: string[], flag: string) => list[list.indexOf(flag) + 1];

describe.each(WAYS.map((encoder) => ({ name: encoder.label, encoder })))("$name", ({ encoder }) => {
  const list = argsOf(encoder);

  test("keeps the grid and the cap", () => {
    expect(after(list, "-c:v")).toBe(`h264_${encoder.name}`);
    expect(after(list, "-g")).toBe("50");
    expect(after(list, "-bf")).toBe("0");
    expect(after(list, "-profile:v")).toBe("high");
    expect(after(list, "-level:v")).toBe("31");
    expect(after(list, "-maxrate")).toBe("3000000");
    // A mean as high as the cap would select a constant rate.
    expect(Number(after(list, "-b:v"))).toBeLessThan(3_000_000);
    expect(after(list, "-frames:v")).toBe("100");
    expect(after(list, "-color_primaries")).toBe("bt709");
  });

  test("leaves captions of the source's frames out", () => {
    if (encoder.name === "vaapi") expect(after(list, "-sei")).toBe("0");
    else expect(after(list, "-a53cc")).toBe("0");
  });

  test("opens its device before the input, and takes the frames after the scaling", () => {
    for (const word of encoder.init) expect(list.indexOf(word)).toBeLessThan(list.indexOf("-i"));
    expect(after(list, "-filter_complex")).toMatch(new RegExp(`setsar=1${encoder.upload}\\[v0\\]$`));
  });

  test("leaves AV1 and sizes that no device takes to software", () => {
    const small = { ...rung, name: "120p", width: 160, height: 120 };
    const wide = { ...rung, name: "2160p", width: 5120, height: 2160 };
    const av1 = { ...rung, name: "720p-av1", codec: "av1" as const, width: 1280, height: 720 };
    const mixed = argsOf(encoder, { ...plan, rungs: [wide, ...plan.rungs, small, av1] });
    const codecs = mixed.flatMap((word, n) => (word === "-c:v" ? [mixed[n + 1]] : []));
    expect(codecs).toEqual(["libx264", `h264_${encoder.name}`, "libx264", "libsvtav1"]);
    const graph = after(mixed, "-filter_complex") ?? "";
    expect(graph.split(";").filter((chain) => /(nv12|hwupload)\[/.test(chain))).toHaveLength(
      encoder.upload === "" ? 0 : 1,
    );
  });
});

test("without a render node there is no way to QSV or VAAPI", () => {
  expect(renderNodes("/nowhere")).toEqual([]);
  expect([...waysOf("qsv", []), ...waysOf("vaapi", [])]).toEqual([]);
});
