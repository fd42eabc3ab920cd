/**
 * Captions through the whole path: files as tools write them, text tracks of sources, and CEA-608 in the
 * video stream.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { addedCaptionsSchema } from "@storagex/contract/videos/captions";
import type { PlayablePlayback } from "@storagex/contract/videos/playback";
import { describe, expect, test } from "vitest";
import { addCaptions, at, ERASE, popOn, SHOW } from "../../transcode-node/src/testing/cea608.ts";
import { expectJson, playback, problemOf } from "../testing/account.ts";
import { clipOf, H264, waves } from "../testing/media-clips.ts";
import { completed, type Stage } from "../testing/whole-path.ts";

const run = promisify(execFile);
const text = async (url: string) => (await fetch(url)).text();

/** Each cue of the track as `start text`, from the file that a player fetches. */
async function cuesOf(track: PlayablePlayback["captions"][number] | undefined): Promise<string[]> {
  const vtt = await text(track?.url ?? "");
  return vtt
    .trim()
    .split("\n\n")
    .slice(1)
    .map((block) => {
      const [times = "", ...words] = block.split("\n");
      return `${times.slice(3, 12)} ${words.join("|")}`;
    });
}

/** Files as tools write them: the cues that are shown of each, and the codes of the reported repairs. */
const FILES = [
  ["clean SRT", "1\n00:00:01,000 --> 00:00:02,000\nGrüße\n", ["00:01.000 Grüße"], []],
  ["Teams", "WEBVTT\n\n0:0:0.500 --> 0:0:1.90\n<v Ann>Hi</v>\n", ["00:00.500 <v Ann>Hi</v>"], ["time_form"]],
  [
    "YouTube",
    "WEBVTT\nKind: captions\n\n00:00:00.000 --> 00:00:01.000 align:start position:0%\n \na<00:00:00.500><c> b</c>\n",
    ["00:00.000 a<c> b</c>"],
    [],
  ],
  [
    "ASS",
    "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Text\nDialogue: 0,0:00:01.50,0:00:02.00,A,{\\pos(1,2)}Hi,\\Nyou\n",
    ["00:01.500 Hi,|you"],
    ["markup"],
  ],
  [
    "out of order, without a length, a number left over",
    "1\n00:00:02,000 --> 00:00:03,000\nb\n\n2\n00:00:01,000 --> 00:00:01,000\na\n\n3\n",
    ["00:01.000 a", "00:02.000 b"],
    ["no_duration", "no_cue", "order"],
  ],
] as const;

const SRT =
  "1\n00:00:00,500 --> 00:00:01,500\nHallo <b>du</b>\n\n2\n00:00:02,000 --> 00:00:02,500\nTschüss\n";
const SOURCES = [
  ["text.mkv", "srt"],
  ["script.mkv", "ass"],
  ["text.mp4", "mov_text"],
] as const;

async function clipWithText(folder: string, name: string, codec: string): Promise<string> {
  const [words, clip] = [join(folder, "words.srt"), join(folder, name)];
  await writeFile(words, SRT);
  const tracks = ["-map", "0:v", "-map", "1:s", ...H264, "-c:s", codec, "-metadata:s:s:0", "language=ger"];
  await run("ffmpeg", [
    "-v",
    "error",
    "-nostdin",
    "-y",
    ...waves("320x180", 25, 3),
    "-i",
    words,
    ...tracks,
    clip,
  ]);
  return clip;
}

async function clipWithClosedCaptions(folder: string): Promise<string> {
  const options = ["-bf", "0", "-x264-params", "slices=1:sliced-threads=0", "-f", "h264"];
  const plain = await clipOf("plain.h264", [...waves("320x180", 25, 3), ...H264, ...options]);
  const [marked, clip] = [join(folder, "marked.h264"), join(folder, "closed.ts")];
  await addCaptions(
    { from: plain, to: marked },
    new Map([...at(0, popOn("Hello")), ...at(25, SHOW), ...at(50, ERASE)]),
  );
  const copy = ["-f", "h264", "-framerate", "25", "-i", marked, "-c", "copy", clip];
  await run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...copy]);
  return clip;
}

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "storagex-captions-"));
  try {
    await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function captionsTests(stage: Stage): void {
  describe.concurrent("captions", () => {
    test("CEA-608 beside the frames becomes a track; the renditions keep none, and HLS says so", async () => {
      await inFolder(async (folder) => {
        const { playback: shown } = await completed(stage, await clipWithClosedCaptions(folder));
        expect(shown.captions).toMatchObject([{ language: null, label: "Closed captions" }]);
        expect(await cuesOf(shown.captions[0])).toEqual(["00:01.000 Hello"]);
        const master = await text(shown.hls);
        const variants = master.match(/#EXT-X-STREAM-INF:.*/g) ?? [];
        expect(variants.length).toBeGreaterThan(0);
        for (const line of variants) expect(line).toContain("CLOSED-CAPTIONS=NONE");
        const sides = ["-v", "error", "-show_entries", "frame_side_data=side_data_type", "-of", "csv"];
        for (const rendition of [shown.hls, shown.mp4])
          expect((await run("ffprobe", [...sides, rendition])).stdout).not.toContain("Closed Captions");
      });
    });

    test.each(SOURCES)("a text track in %s (%s) is kept", async (name, codec) => {
      await inFolder(async (folder) => {
        const { playback: shown } = await completed(stage, await clipWithText(folder, name, codec));
        expect(shown.captions).toMatchObject([{ language: "de" }]);
        expect(await cuesOf(shown.captions[0])).toEqual(["00:00.500 Hallo <b>du</b>", "00:02.000 Tschüss"]);
      });
    });

    test("files as tools write them are taken, and what was mended is said", async () => {
      const path = await clipOf("silent.mp4", [...waves("160x90", 25, 3), ...H264]);
      const { video } = await completed(stage, path);
      const owner = stage.person();
      const add = (content: string) =>
        owner.call("POST", `/v1/videos/${video.id}/captions`, { language: "de", label: "x", content });
      for (const [, content, cues, codes] of FILES) {
        const { id, mended } = addedCaptionsSchema.parse(await expectJson(await add(content), 201));
        expect(mended.map(({ code }) => code).sort()).toEqual([...codes].sort());
        const { captions } = await playback(owner, video.id);
        expect(await cuesOf(captions.find((track) => track.id === id))).toEqual(cues);
      }
      const refused = await problemOf(await add("WEBVTT\n\n00:00:99.000 --> 00:01:00.000\na\n"));
      expect(refused).toMatchObject({
        code: "captions.invalid",
        detail: expect.stringMatching(/^Line 3: "00:00:99/),
      });
    });
  });
}
