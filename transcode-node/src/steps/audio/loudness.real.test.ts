/**
 * Integrated loudness of a track, against EBU R128's value for sines: 1 kHz at a peak of x dBFS on both sides
 * is x LUFS.
 */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fixture, x264 } from "../../testing/fixtures.ts";
import { startStore } from "../../testing/store.ts";
import { audioTrack, plan, type Walk } from "../../testing/walk.ts";

const small = (seconds: number) => ["-f", "lavfi", "-i", `testsrc2=size=160x90:rate=10:duration=${seconds}`];
const sine = (amplitude: string, seconds: number, layout = "mono") => {
  const wave = `${amplitude}*sin(1000*2*PI*t)`;
  return [
    "-f",
    "lavfi",
    "-i",
    `aevalsrc=exprs=${layout === "mono" ? wave : `${wave}|${wave}`}:s=48000:d=${seconds}`,
  ];
};
/** LUFS of parts of equal length, none of which is quiet enough for the gate to leave it out. */
const together = (...amplitudes: number[]) =>
  10 * Math.log10(amplitudes.reduce((sum, amplitude) => sum + amplitude ** 2, 0) / amplitudes.length);

test("is that of the whole track, also where an earlier attempt has pinned its beginning", async () => {
  await using store = await startStore();
  const parts = [...small(16), ...sine("'if(lt(t,8),0.25,0.125)'", 16), ...x264, "-c:a", "flac"];
  store.put("parts.mkv", await readFile(await fixture("parts.mkv", parts)));
  const walk: Walk = { store, key: "parts.mkv" };
  const made = await plan(walk);
  const first = await audioTrack(walk, made);
  expect(Math.abs((first.result.loudness ?? 0) - together(0.25, 0.125))).toBeLessThanOrEqual(0.15);
  const initHash = first.pieces[0]?.initHash ?? null;
  const second = await audioTrack(walk, made, 0, { pieces: 1, initHash });
  expect(second.pieces.map(({ index }) => index)).toEqual([1]);
  expect(second.result.loudness).toBe(first.result.loudness);
});

test("is that of both forms of a track that changes midway, and mono keeps its level there too", async () => {
  await using store = await startStore();
  const part = async (name: string, layout: string, more: string[]) =>
    readFile(
      await fixture(name, [
        ...small(8),
        ...sine("0.25", 8, layout),
        ...x264,
        "-g",
        "10",
        "-c:a",
        "ac3",
        ...more,
      ]),
    );
  const mono = await part("loud-mono.ts", "mono", []);
  const stereo = await part("loud-stereo.ts", "stereo", ["-ar", "44100", "-output_ts_offset", "8"]);
  store.put("loud.ts", Buffer.concat([mono, stereo]));
  const walk: Walk = { store, key: "loud.ts" };
  const { result } = await audioTrack(walk, await plan(walk));
  expect(Math.abs((result.loudness ?? 0) - together(0.25, 0.25))).toBeLessThanOrEqual(0.3);
});
