/**
 * The hardware encoders, written from FFmpeg's documentation and sources (5.1 and 7.1): none of them was
 * available for measurement.
 */
import { readdirSync } from "node:fs";
import type { Rung } from "@storagex/contract/media/ladder";
import type { Plan } from "@storagex/contract/tasks/plan";
import { levelNumber } from "../plan/h264-level.ts";
import { bt709, type Encoder, type EncoderName, inBand, levelOf } from "./encoder.ts";

export type HardwareName = Exclude<EncoderName, "software">;

const RENDER_NODES = "/dev/dri";
/**
 * Sizes that every chip of the last ten years supports (NVENC's min is 145 pixels, H.264's max is 4096 on all
 * of them).
 */
const SIDES = { min: 160, max: 4096 } as const;

/** Whether hardware supports a rung's size; software makes the other rungs of a chunk at the same time. */
export const fitsHardware = ({ width, height }: Pick<Rung, "width" | "height">): boolean =>
  Math.min(width, height) >= SIDES.min && Math.max(width, height) <= SIDES.max;

/**
 * Devices name levels by ten times their number: one spelling that all three accept (x264's own is `3.1`).
 */
const deviceLevel = (rung: Rung, plan: Plan) => String(levelNumber(levelOf(rung, plan)));

/** Keyframes every segment, and no B-frames: with them every device numbers its first frame differently. */
const grid = (rung: Rung, plan: Plan) => [
  ...["-profile:v", "high", "-level:v", deviceLevel(rung, plan)],
  ...["-g", String(plan.grid.segmentFrames), "-bf", "0", ...bt709, ...inBand],
];

/**
 * The modes of Intel and VAAPI need a mean beside the cap, and it must be lower: otherwise they select a
 * constant rate.
 */
const MEAN_SHARE = 2 / 3;
const meanAndCap = ({ maxrate }: Rung) => [
  ...["-b:v", String(Math.round(MEAN_SHARE * maxrate))],
  ...["-maxrate", String(maxrate), "-bufsize", String(2 * maxrate)],
];

const nvenc = (): Encoder => ({
  name: "nvenc",
  label: "nvenc",
  // The driver makes its device files accessible to everybody.
  device: null,
  init: [],
  // Takes frames from memory and uploads them itself.
  upload: "",
  args: (rung, plan) => [
    ...["-c:v", "h264_nvenc", "-preset", plan.preset === "medium" ? "p6" : "p4", "-tune", "hq"],
    ...["-pix_fmt", "yuv420p", ...grid(rung, plan)],
    // Constant quality under a cap: with -cq FFmpeg sets mean and buffer to zero and honours -maxrate alone.
    ...["-rc", "vbr", "-cq", String(rung.crf), "-b:v", "0", "-maxrate", String(rung.maxrate)],
    ...["-no-scenecut", "1", "-forced-idr", "1", "-strict_gop", "1"],
    // As in software: captions are separate tracks.
    ...["-a53cc", "0"],
  ],
});

const qsv = (node: string): Encoder => ({
  name: "qsv",
  label: `qsv (QVBR, ${node})`,
  device: node,
  init: ["-init_hw_device", `qsv=hw,child_device=${node}`],
  // Takes nv12 from memory and uploads it itself.
  upload: ",format=nv12",
  args: (rung, plan) => [
    ...["-c:v", "h264_qsv", "-preset", plan.preset === "medium" ? "slower" : "medium", ...grid(rung, plan)],
    // Quality, mean and a higher cap together select QVBR.
    ...["-global_quality", String(rung.crf), ...meanAndCap(rung)],
    // No intra frames except the grid's (GopOptFlag is strict unless -flags cgop says closed), each of them
    // an IDR.
    ...["-adaptive_i", "0", "-forced_idr", "1", "-idr_interval", "0", "-a53cc", "0"],
  ],
});

/** Quality under a cap where the driver supports it (Intel, newer Mesa), else a mean under a cap. */
type VaapiMode = { rate: "QVBR" | "VBR"; lowPower: boolean };
const VAAPI_MODES: readonly VaapiMode[] = [
  { rate: "QVBR", lowPower: false },
  // Newer Intel chips have only the encoder that FFmpeg calls by this name.
  { rate: "QVBR", lowPower: true },
  { rate: "VBR", lowPower: false },
  { rate: "VBR", lowPower: true },
];

const vaapi = (node: string, { rate, lowPower }: VaapiMode): Encoder => ({
  name: "vaapi",
  label: `vaapi (${rate}${lowPower ? ", low power" : ""}, ${node})`,
  device: node,
  init: ["-init_hw_device", `vaapi=hw:${node}`, "-filter_hw_device", "hw"],
  // Decoding and scaling stay in software: the frames are exactly those of the grid, on every worker.
  upload: ",format=nv12,hwupload",
  args: (rung, plan) => [
    ...["-c:v", "h264_vaapi", ...grid(rung, plan), "-idr_interval", "0"],
    ...["-rc_mode", rate, ...(rate === "QVBR" ? ["-global_quality", String(rung.crf)] : [])],
    ...meanAndCap(rung),
    ...(lowPower ? ["-low_power", "1"] : []),
    // Keeps the driver's name and version, and the captions of the source's frames, out of the output.
    ...["-sei", "0"],
  ],
});

/** The render nodes of this machine, in order; none where the folder does not exist. */
export function renderNodes(folder = RENDER_NODES): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => /^renderD\d+$/.test(file))
      .sort()
      .map((file) => `${folder}/${file}`);
  } catch {
    return [];
  }
}

/** Every way of using that hardware, the best first; empty where its device file is missing. */
export function waysOf(name: HardwareName, nodes = renderNodes()): Encoder[] {
  switch (name) {
    case "nvenc":
      return [nvenc()];
    case "qsv":
      return nodes.map(qsv);
    case "vaapi":
      return nodes.flatMap((node) => VAAPI_MODES.map((mode) => vaapi(node, mode)));
  }
}
