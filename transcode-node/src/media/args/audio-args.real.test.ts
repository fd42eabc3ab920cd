/** The file of one format that a track is first converted to: it fits its limit, whatever the source's samples are. */
import { execFile } from "node:child_process";
import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { evenArgs, evenBytes } from "./audio-args.ts";

test("noise of 24 bits, which no codec compresses", async () => {
  const folder = await mkdtemp(join(tmpdir(), "storagex-even-"));
  const [noise, even] = [join(folder, "noise.mkv"), join(folder, "even.mka")];
  const ffmpeg = (...args: string[]) => promisify(execFile)("ffmpeg", ["-v", "error", ...args]);
  await ffmpeg(
    "-f",
    "lavfi",
    "-i",
    "anoisesrc=r=48000:d=20:a=1:s=1[a];anoisesrc=r=48000:d=20:a=1:s=2[b];[a][b]amerge",
    "-c:a",
    "pcm_s24le",
    noise,
  );
  const source = { demuxer: "matroska", decoders: ["pcm_s24le"], origin: 0 };
  const track = { stream: 0, channels: 2, layout: "stereo" };
  const args = evenArgs({ url: noise, source, track, file: even });
  // What comes before reads from our proxy.
  await ffmpeg("-i", noise, ...args.slice(args.indexOf("-map")));
  const bytesPerSecond = (await stat(even)).size / 20;
  expect(bytesPerSecond).toBeLessThan(200_000);
  expect(bytesPerSecond).toBeLessThan((evenBytes(86_400) - evenBytes(0)) / 86_400);
});
