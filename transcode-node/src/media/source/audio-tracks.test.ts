import { describe, expect, test } from "vitest";
import { mixOf } from "../args/audio-mix.ts";
import { chooseAudio } from "./audio-tracks.ts";
import { type ProbedStream, videoStream } from "./probe.ts";

const stream = (index: number, more: Partial<ProbedStream>): ProbedStream => ({
  index,
  disposition: {},
  tags: {},
  side_data_list: [],
  ...more,
});
const video = stream(0, { codec_type: "video", codec_name: "h264" });
const mono = (index: number, more: Partial<ProbedStream> = {}) =>
  stream(index, {
    codec_type: "audio",
    codec_name: "pcm_s24le",
    channels: 1,
    channel_layout: "mono",
    sample_rate: 48_000,
    ...more,
  });
const choose = (audio: ProbedStream[], programs?: number[][]) =>
  chooseAudio(
    {
      streams: [video, ...audio],
      format: { format_name: "mov" },
      ...(programs && {
        programs: programs.map((indexes) => ({ streams: indexes.map((index) => ({ index })) })),
      }),
    },
    video,
  );
const codes = (audio: ProbedStream[]) => choose(audio).notes.map(({ code }) => code);

describe("mono tracks of a master", () => {
  test("two are left and right of one, and it is said", () => {
    const { tracks, notes } = choose([mono(1, { disposition: { default: 1 } }), mono(2)]);
    expect(tracks).toMatchObject([{ stream: 0, right: 1, channels: 2, default: true }]);
    expect(notes).toEqual([{ code: "audio.paired", values: { left: "1", right: "2" } }]);
  });

  test("four are two pairs", () => {
    const { tracks } = choose([1, 2, 3, 4].map((index) => mono(index)));
    expect(tracks.map(({ stream: left, right }) => [left, right])).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test("left and right by name are a pair in any codec", () => {
    const side = (index: number, name: string) =>
      mono(index, { codec_name: "aac", channel_layout: `1 channels (${name})` });
    expect(codes([side(1, "FL"), side(2, "FR")])).toEqual(["audio.paired"]);
    expect(codes([side(1, "FR"), side(2, "FL")])).toEqual([]);
    expect(codes([side(1, "FL"), side(2, "LFE")])).toEqual([]);
  });

  test.each([
    ["a language", [mono(1, { tags: { language: "eng" } }), mono(2)]],
    ["a name", [mono(1), mono(2, { tags: { title: "Boom" } })]],
    ["a purpose", [mono(1), mono(2, { disposition: { visual_impaired: 1 } })]],
    ["another rate", [mono(1), mono(2, { sample_rate: 44_100 })]],
    ["another codec", [mono(1), mono(2, { codec_name: "pcm_s16le" })]],
    ["coded audio", [mono(1, { codec_name: "aac" }), mono(2, { codec_name: "aac" })]],
    ["a third track", [mono(1), mono(2), mono(3)]],
    ["a stereo track", [mono(1), mono(2, { channels: 2 })]],
    ["a track left out", [mono(1), mono(2), mono(3, { codec_name: "ac4" })]],
  ])("%s keeps them apart", (_, audio) => {
    expect(choose(audio).tracks.some(({ right }) => right !== undefined)).toBe(false);
  });
});

describe("what is left out", () => {
  test("is told by number and the name that people know", () => {
    const { tracks, notes } = choose([
      mono(1, { codec_name: "aac", channels: 2 }),
      stream(2, { codec_type: "audio", codec_tag_string: "ac-4", channels: 2 }),
      stream(3, {
        codec_type: "audio",
        codec_name: "qdm2",
        codec_long_name: "QDesign Music Codec 2",
        channels: 2,
      }),
      stream(4, { codec_type: "audio", codec_name: "pcm_s16le", channels: 128 }),
    ]);
    expect(tracks.map(({ stream: at }) => at)).toEqual([0]);
    expect(notes.map(({ values }) => [values.track, values.codec])).toEqual([
      ["2", "Dolby AC-4"],
      ["3", "QDesign Music 2"],
      ["4", "PCM 16 bit, 128 channels"],
    ]);
  });

  test("is the audio of other programmes, but none that no programme names", () => {
    const three = [1, 2, 3].map((index) => mono(index, { codec_name: "mp2" }));
    const { tracks, notes } = choose(three, [[1], [0, 2]]);
    expect(tracks.map(({ stream: at }) => at)).toEqual([1, 2]);
    expect(notes).toEqual([{ code: "audio.other_programme", values: { count: "1" } }]);
    expect(choose(three, [[1], [2]]).tracks).toHaveLength(3);
  });

  test("the video is that of the programme with the largest frames, then of the first", () => {
    const video = (index: number, width: number, height: number) =>
      stream(index, { codec_type: "video", codec_name: "h264", width, height });
    const streams = [video(0, 160, 90), video(1, 1280, 720), mono(2), video(3, 1280, 720)];
    const among = (...programs: number[][]) =>
      videoStream({
        ...{ streams, format: { format_name: "mpegts" } },
        programs: programs.map((indexes) => ({ streams: indexes.map((index) => ({ index })) })),
      })?.index;
    expect(among([0], [2], [1], [3])).toBe(1);
    expect(among([3], [0], [1])).toBe(3);
    // Two videos of one programme, or none listed: the first one.
    expect(among([0, 1])).toBe(0);
    expect(among()).toBe(0);
  });

  test("is what comes after the eighth", () => {
    const many = Array.from({ length: 11 }, (_, at) => mono(at + 1, { codec_name: "aac", channels: 2 }));
    const { tracks, notes } = choose(many);
    expect(tracks).toHaveLength(8);
    expect(notes).toEqual([{ code: "audio.too_many", values: { taken: "8", left: "3" } }]);
  });
});

describe("channels without names", () => {
  const mix = (channels: number, layout: string | null = null) => mixOf({ stream: 0, channels, layout });

  test("three and more go left and right by turns, and it is said", () => {
    expect(mix(4).filter).toBe("pan=stereo|c0=0.7071*c0+0.7071*c2|c1=0.7071*c1+0.7071*c3");
    expect(mix(3).filter).toBe("pan=stereo|c0=0.7071*c0+0.7071*c2|c1=0.7071*c1+0.7071*c2");
    expect(mix(64).note?.code).toBe("audio.mixed");
    expect(mix(3, "3 channels (FL+FR+BC)").note?.code).toBe("audio.mixed");
  });

  test("six and eight are taken as surround, and it is said", () => {
    expect(mix(6)).toMatchObject({ filter: mix(6, "5.1").filter, note: { values: { layout: "5.1" } } });
    expect(mix(6, "5.1(side)").note).toBeNull();
  });

  test("one and two are what they are", () => {
    expect(mix(1).note).toBeNull();
    expect(mix(2)).toEqual(mix(2, "stereo"));
    expect(mix(1, "1 channels (FL)").filter).toBe("pan=stereo|c0=c0|c1=c0");
  });
});
