/**
 * CEA-608 captions of a source become a track, equal to what FFmpeg's own reader finds, and are removed from
 * the renditions.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { addCaptions, at, ERASE, popOn, rollUp, SHOW } from "../../testing/cea608.ts";
import { onFile } from "../../testing/read-frames.ts";
import { startStore } from "../../testing/store.ts";
import { toolThat } from "../../testing/tool-that.ts";
import { encode, finish, joined, outputKey, plan } from "../../testing/walk.ts";

const run = promisify(execFile);
const ffmpeg = (...args: string[]) => run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);

const H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-x264-params", "slices=1:sliced-threads=0"];
const MPEG2 = ["-c:v", "mpeg2video", "-q:v", "4"];

/** What else a clip contains, and the resulting language of the captions. */
const SAID = {
  nothing: [],
  "frames in Spanish": ["-metadata:s:v", "language=spa"],
  "audio in French": ["-c:a", "aac", "-metadata:s:a", "language=fra"],
} as const;
const SINE = ["-f", "lavfi", "-i", "sine=duration=4"];

/**
 * A clip of four seconds at 25 frames per second whose first frame shows "Hello" from 1 s to 2 s, then a
 * roll-up line.
 */
async function clipWithCaptions(
  folder: string,
  codec: "h264" | "mpeg2video",
  name: string,
  said: keyof typeof SAID,
): Promise<string> {
  const [plain, marked, clip] = ["plain.es", "marked.es", name].map((file) => join(folder, file));
  if (!plain || !marked || !clip) throw new Error("no names");
  const source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4"];
  await ffmpeg(...source, ...(codec === "h264" ? H264 : MPEG2), "-bf", "0", "-g", "25", "-f", codec, plain);
  const pairs = new Map([
    ...at(0, popOn("Hello <you>")),
    ...at(25, SHOW),
    ...at(50, ERASE),
    ...at(60, rollUp("Rolling")),
    ...at(90, ERASE),
  ]);
  await addCaptions({ from: plain, to: marked, codec }, pairs);
  if (codec === "h264") {
    const beside = said === "audio in French" ? SINE : [];
    const copy = ["-c:v", "copy", ...SAID[said]];
    await ffmpeg("-f", "h264", "-framerate", "25", "-i", marked, ...beside, ...copy, clip);
  } else {
    // A bare MPEG-2 stream has no timestamps: AVI numbers its frames, and the program stream takes the times
    // from there.
    const [counted, timed] = ["counted.avi", "timed.mpg"].map((file) => join(folder, file));
    if (!counted || !timed) throw new Error("no names");
    await ffmpeg("-f", "mpegvideo", "-framerate", "25", "-i", marked, "-c", "copy", counted);
    await ffmpeg("-fflags", "+genpts", "-i", counted, "-c", "copy", timed);
    await ffmpeg("-i", timed, "-c", "copy", clip);
  }
  return clip;
}

const secondsOf = (clock: string) => {
  const [hours = 0, minutes = 0, seconds = 0] = clock.replace(",", ".").split(":").map(Number);
  return 3600 * hours + 60 * minutes + seconds;
};

/** The cues that FFmpeg finds, with a reader and a method that the product does not use. */
async function asFfmpegSees(clip: string): Promise<{ start: number; text: string }[]> {
  const { stdout } = await ffmpeg(
    "-f",
    "lavfi",
    "-i",
    `movie=${clip}[out+subcc]`,
    "-map",
    "0:s",
    "-f",
    "srt",
    "-",
  );
  return stdout
    .split("\n\n")
    .filter((block) => block.trim() !== "")
    .map((block) => {
      const [, times = "", ...text] = block.trim().split("\n");
      const plain = text.join("|").replaceAll(/<\/?font[^>]*>|\{[^}]*\}/g, "");
      return { start: secondsOf(times.slice(0, 12)), text: plain };
    });
}

test.each([
  ["h264", "captions.ts", "nothing", null],
  ["h264", "captions.mp4", "frames in Spanish", "es"],
  ["h264", "captions.mkv", "audio in French", "fr"],
  ["mpeg2video", "captions.ts", "nothing", null],
  ["mpeg2video", "captions.mpg", "nothing", null],
] as const)("%s in %s, %s said", async (codec, name, said, language) => {
  await using store = await startStore();
  const folder = await mkdtemp(join(tmpdir(), "storagex-cea608-"));
  try {
    const clip = await clipWithCaptions(folder, codec, name, said);
    store.put(name, await readFile(clip));
    const walk = { store, key: name };
    const made = await plan(walk);
    expect(made.closedCaptions).toBe("none");
    const video = [];
    for (const chunk of made.chunks) video.push(...(await encode(walk, made, chunk.index)));
    const top = video.filter(({ rendition }) => rendition === made.rungs[0]?.name);
    const { captions } = await finish(walk, made, top, []);
    expect(captions).toMatchObject([
      { language, label: "Closed captions", object: { name: "captions-0.vtt" } },
    ]);
    const vtt = store.objects.get(outputKey(walk, "captions-0.vtt"))?.toString() ?? "";
    const cues = vtt
      .trim()
      .split("\n\n")
      .slice(1)
      .map((cue) => cue.split("\n"));
    expect(cues.map(([, ...text]) => text.join("|"))).toEqual(["Hello ‹you&gt;", "Rolling"]);
    expect(cues[0]?.[0]).toBe("00:00:01.000 --> 00:00:02.000");
    const seen = await asFfmpegSees(clip);
    expect(cues.map(([, ...text]) => text.join("|").replace("‹", "<").replace("&gt;", ">"))).toEqual(
      seen.map(({ text }) => text),
    );
    // In FFmpeg a roll-up line begins with its row, here with its first character.
    for (const [n, [times = ""]] of cues.entries())
      expect(Math.abs(secondsOf(times.slice(0, 12)) - (seen[n]?.start ?? 0))).toBeLessThan(0.2);

    const show = ["-v", "error", "-show_entries", "frame_side_data=side_data_type", "-of", "csv", "FILE"];
    const sides = (await onFile(joined(walk, top), "ffprobe", show)).toString();
    expect(sides).not.toContain("Closed Captions");
    expect((await run("ffprobe", [...show.slice(0, -1), clip])).stdout).toContain("Closed Captions");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each([
  ["killed by the kernel", "kill -KILL $$", "transcoder.crashed"],
  ["on a full disk", "echo 'No space left on device' >&2; exit 1", "transcoder.disk_full"],
])("a reading %s is tried again, and no track is left out", async (_, does, code) => {
  await using store = await startStore();
  const folder = await mkdtemp(join(tmpdir(), "storagex-cea608-"));
  try {
    store.put(
      "captions.ts",
      await readFile(await clipWithCaptions(folder, "h264", "captions.ts", "nothing")),
    );
    const walk = { store, key: "captions.ts" };
    const made = await plan(walk);
    const video = [];
    for (const chunk of made.chunks) video.push(...(await encode(walk, made, chunk.index)));
    const top = video.filter(({ rendition }) => rendition === made.rungs[0]?.name);
    const ffmpeg = await toolThat(`case "$*" in *beside.bin*) ${does};; esac; exec ffmpeg "$@"`);
    await expect(finish({ ...walk, ffmpeg }, made, top, [])).rejects.toMatchObject({ code });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
