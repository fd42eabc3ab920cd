/**
 * Audio as in the source: level, channels, track and name, in MP4 and HLS; what differs is reported in notes.
 */
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { expectJson } from "../testing/account.ts";
import { openTracks } from "../testing/hls-tracks.ts";
import { levelOf, samplesOf, toneLevel } from "../testing/measure.ts";
import { bars, clipOf, H264, tone } from "../testing/media-clips.ts";
import { completed, type Stage } from "../testing/whole-path.ts";

const SMALL = bars("160x90", 25, 2);
/** A second from its middle: encoders fade in at the very start. */
const middle = (samples: Float32Array) => samples.subarray(24_000, 72_000);
/** RMS of a sine of this amplitude, in dB of full scale. */
const sineLevel = (amplitude: number) => 20 * Math.log10(amplitude / Math.SQRT2);

type Heard = { left: Float32Array; right: Float32Array };

async function measuredIn(path: string): Promise<Heard> {
  const [left, right] = await samplesOf(path);
  if (!left || !right) throw new Error("no samples");
  return { left: middle(left), right: middle(right) };
}

/** Measurements of the MP4 and of the default track of the HLS presentation. */
async function measuredOf(playback: { mp4: string; hls: string }): Promise<Heard[]> {
  await using tracks = await openTracks(playback.hls);
  if (!tracks.audio) throw new Error("no audio in HLS");
  return [await measuredIn(playback.mp4), await measuredIn(tracks.audio.path)];
}

/** The attributes of the audio lines of the multivariant playlist. */
async function audioLines(url: string): Promise<Record<string, string>[]> {
  const text = await (await fetch(url)).text();
  const lines = text.split("\n").filter((line) => line.startsWith("#EXT-X-MEDIA:TYPE=AUDIO"));
  return lines.map((line) =>
    Object.fromEntries(
      [...line.matchAll(/([A-Z-]+)=(?:"([^"]*)"|([^,]*))/g)].map(([, k, q, v]) => [k, q ?? v]),
    ),
  );
}

/** Tones at a tenth of full scale: channel `n` has 200 + 100 n Hz. */
const tones = (channels: number): string[] => [
  ...["-f", "lavfi", "-i"],
  `aevalsrc=exprs=${Array.from({ length: channels }, (_, n) => `0.1*sin(${200 + 100 * n}*2*PI*t)`).join("|")}:s=48000:d=2`,
];

export function audioTests(stage: Stage): void {
  const upload = (name: string, args: string[], edit?: Parameters<typeof clipOf>[2]) =>
    clipOf(name, [...SMALL, ...args], edit).then((path) => completed(stage, path));

  describe.concurrent("audio", () => {
    test("mono stays at its level, on both sides; the loudness is that of what is played", async () => {
      // FFmpeg's sine has an eighth of full scale; 1 kHz at −23 dBFS on both channels is −23 LUFS by
      // definition (EBU Tech 3341, 2.1).
      const quiet = ["-af", "volume=0.5"];
      const { playback, video } = await upload("mono.mov", [
        ...[...tone(1000, 2), ...quiet, ...H264, "-c:a", "pcm_s16le", "-ac", "1"],
      ]);
      for (const { left, right } of await measuredOf(playback)) {
        for (const side of [left, right])
          expect(Math.abs(levelOf(side) - sineLevel(1 / 16))).toBeLessThan(0.15);
      }
      const [track] = video.source?.audioTracks ?? [];
      // Two equal channels have twice the power of one.
      expect(track?.loudness).toBeCloseTo(sineLevel(1 / 16) + 3.01, 0);
      expect(video.notes).toEqual([]);
    });

    test("a tone of −23 dBFS on both sides measures −23 LUFS, and the statistics say the same", async () => {
      const amplitude = 10 ** (-23 / 20);
      const wave = `${amplitude}*sin(1000*2*PI*t)`;
      const { video } = await upload("loudness.mkv", [
        ...["-f", "lavfi", "-i", `aevalsrc=exprs=${wave}|${wave}:c=stereo:s=48000:d=2`],
        ...[...H264, "-c:a", "flac"],
      ]);
      const loudness = video.source?.audioTracks[0]?.loudness ?? 0;
      expect(Math.abs(loudness + 23)).toBeLessThanOrEqual(0.1);
      const answer = await expectJson(
        await stage.person().call("GET", `/v1/videos/${video.id}/statistics`),
        200,
      );
      expect(answer).toMatchObject({ sound: [{ name: "audio-0", loudness }] });
    });

    test("the dialog of surround is 3 dB down on both sides, as ITU-R BS.775 has it", async () => {
      const { playback, video } = await upload("surround.mkv", [
        ...["-f", "lavfi", "-i", "aevalsrc=exprs=0|0|0.25*sin(1000*2*PI*t)|0|0|0:c=5.1:s=48000:d=2"],
        ...[...H264, "-c:a", "ac3", "-b:a", "448k"],
      ]);
      for (const { left, right } of await measuredOf(playback))
        for (const side of [left, right])
          expect(Math.abs(toneLevel(side, 1000) - (sineLevel(0.25) - 3.01))).toBeLessThan(0.3);
      expect(video.notes).toEqual([]);
    });

    test.each([4, 10, 16, 64])(
      "%i channels without names: each is heard on its side, and it is told",
      async (channels) => {
        // Matroska keeps no names of PCM channels.
        const { playback, video } = await upload(`ch${channels}.mkv`, [
          ...tones(channels),
          ...H264,
          "-c:a",
          "pcm_s16le",
        ]);
        const gain = -10 * Math.log10(channels / 2);
        for (const { left, right } of await measuredOf(playback)) {
          for (const [n, side, other] of [
            [0, left, right],
            [1, right, left],
            [channels - 2, left, right],
            [channels - 1, right, left],
          ] as const) {
            const hertz = 200 + 100 * n;
            expect(Math.abs(toneLevel(side, hertz) - sineLevel(0.1) - gain)).toBeLessThan(1);
            expect(toneLevel(other, hertz)).toBeLessThan(sineLevel(0.1) + gain - 20);
          }
        }
        expect(video.notes.map(({ code }) => code)).toEqual(["audio.mixed"]);
      },
    );

    test("a multiplex gives the programme with the largest picture, and that programme's audio", async () => {
      const { playback, video } = await upload("mobile-radio-and-tv.ts", [
        ...[...tone(440, 2), ...tone(1000, 2), ...bars("128x72", 25, 2)],
        // Programmes: mobile TV with the radio's audio, TV.
        ...["-map", "2", "-map", "3", "-map", "0", "-map", "1", ...H264, "-c:a", "mp2"],
        ...["-program", "title=Mobile:st=0:st=1", "-program", "title=TV:st=2:st=3"],
      ]);
      expect(video).toMatchObject({ width: 160, height: 90 });
      for (const { left } of await measuredOf(playback)) {
        expect(toneLevel(left, 440)).toBeGreaterThan(-25);
        expect(toneLevel(left, 1000)).toBeLessThan(-60);
      }
      expect(await audioLines(playback.hls)).toHaveLength(1);
      expect(video.notes.map(({ code }) => code)).toEqual(["audio.other_programme"]);
    });

    test("MP4 and HLS begin with the source's default track; languages are short tags, names differ", async () => {
      const { playback, video } = await upload("langs.mkv", [
        ...[...tone(440, 2), ...tone(1000, 2), ...tone(2000, 2), ...tone(3000, 2)],
        ...["-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4", ...H264, "-c:a", "aac"],
        ...[
          "-metadata:s:a:0",
          "language=jpn",
          "-metadata:s:a:1",
          "language=eng",
          "-metadata:s:a:2",
          "language=ger",
        ],
        ...["-metadata:s:a:3", "language=ger", "-disposition:a", "0", "-disposition:a:1", "default"],
      ]);
      for (const { left } of await measuredOf(playback)) {
        expect(toneLevel(left, 1000)).toBeGreaterThan(-30);
        expect(toneLevel(left, 440)).toBeLessThan(-60);
      }
      const lines = await audioLines(playback.hls);
      expect(lines.map(({ LANGUAGE, NAME, DEFAULT }) => [LANGUAGE, NAME, DEFAULT])).toEqual([
        ["ja", "Japanese", "NO"],
        ["en", "English", "YES"],
        ["de", "German", "NO"],
        ["de", "German 2", "NO"],
      ]);
      expect(
        video.source?.audioTracks.map(({ language, name, default: chosen }) => [language, name, chosen]),
      ).toEqual(lines.map(({ LANGUAGE, NAME, DEFAULT }) => [LANGUAGE, NAME, DEFAULT === "YES"]));
    });

    test("unnamed mono tracks of a master are left and right", async () => {
      const silence = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=2"];
      const { playback, video } = await upload("mono-tracks.mov", [
        ...[...tone(440, 2), ...tone(1000, 2), ...silence, ...silence],
        ...[
          "-map",
          "0",
          "-map",
          "1",
          "-map",
          "2",
          "-map",
          "3",
          "-map",
          "4",
          ...H264,
          "-c:a",
          "pcm_s24le",
          "-ac",
          "1",
        ],
      ]);
      for (const { left, right } of await measuredOf(playback)) {
        expect(toneLevel(left, 440)).toBeCloseTo(sineLevel(1 / 8), 0);
        expect(toneLevel(left, 1000)).toBeLessThan(-60);
        expect(toneLevel(right, 1000)).toBeCloseTo(sineLevel(1 / 8), 0);
        expect(toneLevel(right, 440)).toBeLessThan(-60);
      }
      expect((await audioLines(playback.hls)).map(({ NAME }) => NAME)).toEqual(["Track 1", "Track 2"]);
      expect(video.notes.map(({ code }) => code)).toEqual([
        ...["audio.paired", "audio.paired", "audio.nothing_heard"],
      ]);
      expect(video.notes.at(-1)?.message).toContain("3 and 4");
    });

    test("a track that nobody here decodes is left out and told, also where it is the only one", async () => {
      // FLAC's sample entry under another name: nothing in the file says any more what it is.
      const unread = {
        recipe: "ac-4 for the last fLaC",
        apply: (path: string) => retagged(path, "fLaC", "ac-4"),
      };
      const flac = ["-strict", "-2", ...H264, "-c:a", "flac"];
      const one = await upload("ac4.mp4", [...tone(440, 2), ...flac], unread);
      expect(one.video.notes).toMatchObject([
        { code: "audio.left_out", message: "Audio track 1 (Dolby AC-4) cannot be decoded and was left out." },
      ]);
      expect(one.video.source?.audioTracks).toEqual([]);
      const both = [...tone(440, 2), ...tone(1000, 2), "-map", "0", "-map", "1", "-map", "2"];
      const two = await upload("flac-ac4.mp4", [...both, ...flac], unread);
      expect(two.video.notes.map(({ message }) => message)).toEqual([
        "Audio track 2 (Dolby AC-4) cannot be decoded and was left out.",
      ]);
      for (const { left } of await measuredOf(two.playback))
        expect(toneLevel(left, 440)).toBeGreaterThan(-30);
    });

    test("a track that FFmpeg decodes but we do not is left out and told", async () => {
      const { video, playback } = await upload("tta.mkv", [
        ...[...tone(440, 2), ...tone(1000, 2), "-map", "0", "-map", "1", "-map", "2", ...H264],
        ...["-c:a:0", "aac", "-c:a:1", "tta"],
      ]);
      expect(video.notes.map(({ message }) => message)).toEqual([
        "Audio track 2 (True Audio) cannot be decoded and was left out.",
      ]);
      for (const { left } of await measuredOf(playback)) expect(toneLevel(left, 440)).toBeGreaterThan(-30);
    });

    test("a track with nothing in it is silent, and it is told", async () => {
      const { video } = await upload("hollow.mkv", [
        ...tone(440, 2),
        ...H264,
        "-c:a",
        "aac",
        "-bsf:a",
        "noise=drop=1",
      ]);
      expect(video.notes.map(({ code }) => code)).toEqual(["audio.silent"]);
      expect(video.source?.audioTracks[0]?.loudness).toBeNull();
    });
  });
}

/** Changes the last sample entry of type `from` to `to`. */
async function retagged(path: string, from: string, to: string): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.lastIndexOf(from);
  if (at < 0) throw new Error(`no ${from} in ${path}`);
  bytes.write(to, at, "latin1");
  await writeFile(path, bytes);
}
