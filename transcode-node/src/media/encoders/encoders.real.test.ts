/** Test and choice of encoders on this machine's FFmpeg, whether it has a device or not. */
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Rung } from "@storagex/contract/media/ladder";
import type { Plan } from "@storagex/contract/tasks/plan";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseEncoder } from "./choose.ts";
import type { Encoder } from "./encoder.ts";
import { waysOf } from "./hardware.ts";
import { PROOF, prove } from "./prove.ts";
import { software, softwareBesideHardware } from "./software.ts";

let scratch = "";
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "storagex-prove-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** x264 with the value of one of its options changed. */
const but = (flag: string, value: string): Encoder => ({
  ...software,
  args: (rung: Rung, plan: Plan) =>
    software.args(rung, plan).map((word, n, all) => (all[n - 1] === flag ? value : word)),
});

test("an encoder that keeps the rules passes; its files are gone afterwards", async () => {
  expect(await prove(softwareBesideHardware, "ffmpeg", scratch)).toBeNull();
  expect(await readdir(scratch)).toEqual([]);
});

test.each([
  ["keyframes off the grid", but("-g", "5"), /segment 0: 5 frames/],
  ["another profile", but("-profile:v", "main"), /1080p: avc1\.4d.* instead of avc1\.640028/],
  ["an unknown option", but("-preset", "nonsense"), /preset/],
])("%s does not pass", async (_, encoder, why) => {
  expect(await prove(encoder, "ffmpeg", scratch)).toMatch(why);
});

test("hardware that is not there is refused by name, and software takes its place", async () => {
  const nodes = ["/nowhere/renderD128"];
  for (const wanted of ["qsv", "vaapi"] as const) {
    const { encoder, line } = await chooseEncoder(wanted, { tool: "ffmpeg", scratch, nodes });
    expect(encoder.name).toBe("software");
    expect(line).toMatch(new RegExp(`^${wanted} cannot be used \\(.*renderD128.*\\); H\\.264 by software`));
    expect(line).not.toContain("\n");
  }
});

test("auto ends with an encoder that works, and says why not of those before it", async () => {
  const { encoder, refused } = await chooseEncoder("auto", { tool: "ffmpeg", scratch, nodes: [] });
  expect(await prove(encoder, "ffmpeg", scratch)).toBeNull();
  // Without a render node the only hardware that can pass is NVIDIA's.
  expect(Object.keys(refused)).toEqual(encoder.name === "nvenc" ? [] : ["nvenc", "qsv", "vaapi"]);
  for (const why of Object.values(refused)) expect(why).toMatch(/\S/);
});

/** Options of every encoder (AVCodecContext), which its own help does not list. */
const COMMON = [
  "c",
  "b",
  "g",
  "bf",
  "maxrate",
  "bufsize",
  "level",
  "profile",
  "pix_fmt",
  "bsf",
  "global_quality",
];
const COLOURS = ["color_primaries", "color_trc", "colorspace", "color_range"];

test.each(["nvenc", "qsv", "vaapi"] as const)("this FFmpeg knows every option that %s is given", (name) => {
  const help = execFileSync("ffmpeg", ["-hide_banner", "-h", `encoder=h264_${name}`]).toString();
  // A build without it is no fault: it is refused at start.
  if (!help.includes(`Encoder h264_${name}`)) return;
  const known = new Set([...help.matchAll(/^ +-([\w-]+) /gm)].flatMap(([, option]) => option ?? []));
  const used = waysOf(name, ["/dev/dri/renderD128"])
    .flatMap((way) => PROOF.rungs.flatMap((rung) => way.args(rung, PROOF)))
    .filter((word) => word.startsWith("-"))
    .map((word) => word.slice(1).split(":")[0] ?? "");
  expect(used.filter((option) => ![...known, ...COMMON, ...COLOURS].includes(option))).toEqual([]);
});
