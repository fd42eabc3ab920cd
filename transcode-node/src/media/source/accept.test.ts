/** What is accepted, and the facts that are read from a probe. */
import { describe, expect, test } from "vitest";
import { accept } from "./accept.ts";
import type { Probed, ProbedStream } from "./probe.ts";

const video: ProbedStream = {
  index: 0,
  codec_type: "video",
  codec_name: "h264",
  width: 1920,
  height: 1080,
  pix_fmt: "yuv420p",
  r_frame_rate: "25/1",
  avg_frame_rate: "25/1",
  disposition: {},
  tags: {},
  side_data_list: [],
};
const sound: ProbedStream = {
  index: 1,
  codec_type: "audio",
  codec_name: "aac",
  channels: 6,
  disposition: { default: 1 },
  tags: { language: "deu", title: "Ton\u202e\u0000 <b>" },
  side_data_list: [],
};
const cover: ProbedStream = { ...video, index: 2, codec_name: "mjpeg", disposition: { attached_pic: 1 } };
const probed = (...streams: ProbedStream[]): Probed => ({ streams, format: { format_name: "mov" } });
const measured = {
  ...{ container: "mov", size: 1e9, start: 0, duration: 1, frames: null },
  ends: new Map<number, number>(),
};
const facts = (stream: Partial<ProbedStream>, duration: number | null = 60) =>
  accept(probed({ ...video, ...stream }), { ...measured, duration });

describe("displayed size", () => {
  test.each([
    ["square pixels", {}, [1920, 1080]],
    ["anamorphic DV", { width: 720, height: 576, sample_aspect_ratio: "16:11" }, [1047, 576]],
    ["tall pixels", { width: 720, height: 480, sample_aspect_ratio: "8:9" }, [720, 540]],
    ["a quarter turn", { side_data_list: [{ rotation: -90 }] }, [1080, 1920]],
    ["a half turn", { side_data_list: [{ rotation: 180 }] }, [1920, 1080]],
    ["odd sides", { width: 853, height: 479 }, [853, 479]],
    ["no aspect said", { sample_aspect_ratio: "0:1" }, [1920, 1080]],
  ])("%s", (_, stream, [width, height]) => {
    expect(facts(stream)).toMatchObject({ width, height });
  });
});

test("cover art is passed over, wherever it stands", () => {
  expect(accept(probed(cover, video), measured).videoStream).toBe(1);
  expect(() => accept(probed(cover, sound), measured)).toThrow("none moving");
});

test.each([
  ["said by its count", { nb_frames: 1 }, 1],
  ["said by Matroska's statistics", { tags: { NUMBER_OF_FRAMES: "1" } }, 1],
  ["one a second, uncounted", { avg_frame_rate: "1/1" }, 1],
  ["a film in Motion JPEG", { nb_frames: 500 }, 0],
])("an image without the flag of a cover: %s", (_, more, at) => {
  const image: ProbedStream = { ...video, codec_name: "mjpeg", ...more };
  expect(accept(probed(image, video), measured).videoStream).toBe(at);
});

test("sound tracks keep language and a clean label", () => {
  const odd = { ...sound, codec_name: "qdm2" };
  expect(accept(probed(video, odd, sound), measured).audio).toEqual([
    { stream: 1, codec: "aac", channels: 6, layout: null, language: "de", label: "Ton <b>", default: true },
  ]);
});

test.each([
  ["SoundHandler", null],
  ["SoundHandle", null],
  ["Core Media Audio", null],
  ["Mainconcept MP4 Sound Media Handler", null],
  ["Commentary of the director", "Commentary of the director"],
])("a track that its muxer calls %s has the label %s", (handler_name, label) => {
  const { audio } = accept(probed(video, { ...sound, tags: { handler_name } }), measured);
  expect(audio[0]?.label).toBe(label);
});

test.each([
  ["cut between characters, never inside one", `${"a".repeat(79)}😀😀`, `${"a".repeat(79)}😀`],
  ["free of half characters", `\ud83d${"a".repeat(79)}\ude00`, "a".repeat(79)],
])("labels are %s", (_, title, label) => {
  const tags = { title };
  const text: ProbedStream = { ...sound, codec_type: "subtitle", codec_name: "subrip", tags };
  const { audio, text: texts } = accept(probed(video, { ...sound, tags }, text), measured);
  expect([audio[0]?.label, texts[0]?.label]).toEqual([label, label]);
});

test("only the decoders of the file's own codecs are allowed", () => {
  expect(accept(probed(video, sound, cover), measured).decoders).toEqual(["h264", "aac"]);
});

test.each([
  [
    "10-bit PQ",
    { pix_fmt: "yuv420p10le", color_transfer: "smpte2084", color_space: "bt2020nc" },
    { bitDepth: 10, hdr: "pq", matrix: "bt2020" },
  ],
  ["HLG", { color_transfer: "arib-std-b67" }, { hdr: "hlg" }],
  ["interlaced", { field_order: "tt" }, { interlaced: true }],
  ["progressive", { field_order: "progressive" }, { interlaced: false }],
  ["SD without a matrix", { width: 640, height: 480 }, { matrix: "bt601" }],
  ["HD without a matrix", {}, { matrix: "bt709" }],
  ["variable", { r_frame_rate: "90000/1", avg_frame_rate: "28/1" }, { variableFrameRate: true }],
])("%s", (_, stream, expected) => {
  expect(facts(stream)).toMatchObject(expected);
});

test.each([
  ["16000 pixels wide", { width: 16000, height: 2 }, 60, "source.too_large_picture"],
  ["41 megapixels", { width: 8000, height: 5200 }, 60, "source.too_large_picture"],
  [
    "pixels that make it too wide",
    { width: 4096, height: 2160, sample_aspect_ratio: "3:1" },
    60,
    "source.too_large_picture",
  ],
  ["no frame size", { width: 0, height: 0 }, 60, "source.damaged"],
  ["a codec off the list", { codec_name: "magicyuv" }, 60, "source.unsupported_codec"],
  [
    "a tag without a codec",
    { codec_name: "unknown", codec_tag_string: "M2V9" },
    60,
    "source.unsupported_codec",
  ],
  [
    "neither tag nor codec",
    { codec_name: "unknown", codec_tag_string: "[0][0][0][0]" },
    60,
    "source.unknown_codec",
  ],
  ["no codec at all", { codec_name: undefined }, 60, "source.unknown_codec"],
  ["25 hours", {}, 25 * 3600, "source.too_long"],
  ["no packets", {}, null, "source.no_media"],
  ["a duration of nothing", {}, 0, "source.damaged"],
  ["an encrypted WebM", { tags: { enc_key_id: "eXM=" } }, 60, "source.encrypted"],
])("%s is refused", (_, stream, duration, code) => {
  expect(() => facts(stream, duration)).toThrow(expect.objectContaining({ code }));
});

test("65 streams are refused", () => {
  const streams = Array.from({ length: 65 }, (_, index) => ({ ...sound, index }));
  expect(() => accept(probed(video, ...streams), measured)).toThrow("66 streams");
});

describe("audio that outlasts the frames", () => {
  const lasting = (audioEnd: number) =>
    accept(probed(video, sound), { ...measured, start: 1.4, duration: 3, ends: new Map([[1, audioEnd]]) });

  test("counts, from the origin that is handed on", () => {
    expect(lasting(20)).toMatchObject({ origin: 1.4, duration: 20 });
  });

  test("counts for nothing where it is what fills an encoder's last packet, or is shorter", () => {
    expect([lasting(3.09).duration, lasting(2).duration]).toEqual([3, 3]);
  });

  test("is of the accepted tracks only", () => {
    const other = { ...sound, codec_name: "magic" };
    expect(accept(probed(video, other), { ...measured, ends: new Map([[1, 20]]) }).duration).toBe(1);
  });
});

test("frames begin where the index says, though the probe stopped before there was one", () => {
  const late = accept(probed({ ...video, start_time: 0 }, sound), {
    ...measured,
    duration: 14,
    framesStart: 10.021,
  });
  expect(late.origin).toBeCloseTo(0.021, 6);
});
