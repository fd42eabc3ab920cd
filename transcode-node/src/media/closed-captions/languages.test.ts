/** Languages of captions, as an ATSC program map declares them. */
import { expect, test } from "vitest";
import type { ProbedStream } from "../source/probe.ts";
import { captionLanguagesOf, servicesIn } from "./languages.ts";

const service = (language: string, flags: number) => [...Buffer.from(language), flags, 0x3f, 0xff];
const descriptor = (...services: number[][]) => {
  const body = [0xe0 | services.length, ...services.flat()];
  return [0x86, body.length, ...body];
};
const length = (high: number, bytes: number) => [high | (bytes >> 8), bytes & 0xff];

/** A packet with a program map: H.264 in PID 0x31 and AC-3 in PID 0x34. */
function packet({ programme = [], video = [] }: { programme?: number[]; video?: number[] }): Buffer {
  const streams = [
    ...[0x1b, 0xe0, 0x31, ...length(0xf0, video.length), ...video],
    ...[0x81, 0xe0, 0x34, ...length(0xf0, 0)],
  ];
  const head = [0, 1, 0xc1, 0, 0, 0xe0, 0x31, ...length(0xf0, programme.length), ...programme];
  const body = [...head, ...streams, 0, 0, 0, 0];
  const bytes = [0x47, 0x40, 0x30, 0x10, 0, 0x02, ...length(0xb0, body.length), ...body];
  return Buffer.concat([Buffer.from(bytes), Buffer.alloc(188 - bytes.length, 0xff)]);
}
const nothing = Buffer.concat([Buffer.from([0x47, 0x01, 0x00, 0x10]), Buffer.alloc(184)]);

test.each([
  [
    "of line 21, by field",
    { video: descriptor(service("eng", 0x3e), service("spa", 0x3f)) },
    { CC1: "en", CC3: "es" },
  ],
  ["of the programme", { programme: descriptor(service("fra", 0x3e)) }, { CC1: "fr" }],
  [
    "of digital services",
    { video: descriptor(service("ENG", 0xc1), service("spa", 0xc2), service("fra", 0xc3)) },
    { CC1: "en", CC3: "es" },
  ],
  [
    "of line 21 before digital ones",
    { video: descriptor(service("eng", 0x3e), service("deu", 0xc1)) },
    { CC1: "en" },
  ],
  ["none", {}, {}],
  ["of a language that is not known", { video: descriptor(service("und", 0x3e)) }, {}],
])("services %s", (_, tables, languages) => {
  expect(servicesIn(Buffer.concat([nothing, nothing, packet(tables), nothing]), 0x31)).toEqual(languages);
});

test("another programme's, and what is cut off, say nothing", () => {
  const whole = packet({ video: descriptor(service("eng", 0x3e)) });
  expect(servicesIn(whole, 0x99)).toEqual({});
  for (let end = 0; end < 60; end++) expect(servicesIn(whole.subarray(0, end), 0x31)).toEqual({});
});

test("elsewhere the frames' track says it", async () => {
  const stream = (codec_name: string): ProbedStream => ({
    ...{ index: 0, codec_name, disposition: {}, side_data_list: [], tags: { language: "ger" } },
  });
  const read = async () => Buffer.alloc(0);
  expect(await captionLanguagesOf("mov", stream("h264"), read)).toEqual({ CC1: "de" });
  expect(await captionLanguagesOf("mov", stream("vp9"), read)).toEqual({});
});
