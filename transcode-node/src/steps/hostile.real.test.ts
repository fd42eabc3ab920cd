/**
 * Malicious and broken sources: each ends with the reason its uploader reads, and none makes FFmpeg send a
 * request elsewhere.
 */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { fastClock } from "../testing/fast-clock.ts";
import { aac, fixture, picture, tone, x264 } from "../testing/fixtures.ts";
import { type Store, startStore } from "../testing/store.ts";
import { encode, plan } from "../testing/walk.ts";
import { StoreAway } from "../transfer/store-away.ts";

const clip = ["clip.mp4", [...picture("25", 10), ...tone(10), ...x264, "-g", "50", ...aac]] as const;
const bytesOf = async (name: string, ...steps: string[][]) => readFile(await fixture(name, ...steps));
const good = () => bytesOf(clip[0], [...clip[1]]);
const cover = () => bytesOf("cover.png", ["-f", "lavfi", "-i", "color=red:size=64x64", "-frames:v", "1"]);

const playlist = (store: Store) =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2,\n${store.url("secret.ts")}\n#EXT-X-ENDLIST\n`;

type Bad = { name: string; code: string; bytes(store: Store): Promise<Buffer> | Buffer };

const BAD: Bad[] = [
  { name: "one byte", code: "source.not_video", bytes: () => Buffer.from([0]) },
  { name: "text", code: "source.not_video", bytes: () => Buffer.from("hello ".repeat(1000)) },
  {
    name: "html",
    code: "source.not_video",
    bytes: () => Buffer.from(`<!doctype html>${"<p>x</p>".repeat(999)}`),
  },
  {
    name: "a JPEG's head",
    code: "source.not_video",
    bytes: () => Buffer.from(`ffd8ffe0${"00".repeat(2000)}`, "hex"),
  },
  { name: "a PNG", code: "source.not_video", bytes: cover },
  { name: "HLS playlist", code: "source.not_video", bytes: (store) => Buffer.from(playlist(store)) },
  {
    name: "ffconcat script",
    code: "source.not_video",
    bytes: (store) => Buffer.from(`ffconcat version 1.0\nfile ${store.url("secret.ts")}\n`),
  },
  {
    name: "playlist behind an ftyp box",
    code: "source.truncated",
    bytes: (store) =>
      Buffer.concat([Buffer.from("00000010667479706d703432000000000a", "hex"), Buffer.from(playlist(store))]),
  },
  {
    name: "playlist behind transport stream sync bytes",
    code: "source.damaged",
    bytes: (store) =>
      Buffer.concat([Buffer.from(`47${"00".repeat(187)}`.repeat(8), "hex"), Buffer.from(playlist(store))]),
  },
  {
    name: "zeros with a Matroska head",
    code: "source.damaged",
    bytes: () => Buffer.from(`1a45dfa3${"00".repeat(5000)}`, "hex"),
  },
  {
    name: "truncated MP4, index last",
    code: "source.truncated",
    bytes: async () => (await good()).subarray(0, 100_000),
  },
  {
    name: "truncated MP4, index first",
    code: "source.truncated",
    bytes: async () =>
      (await bytesOf("first.mp4", [...clip[1], "-movflags", "+faststart"])).subarray(0, 150_000),
  },
  {
    name: "truncated Matroska",
    code: "source.truncated",
    bytes: async () => (await bytesOf("cut.mkv", [...clip[1]])).subarray(0, 150_000),
  },
  {
    name: "sound only",
    code: "source.no_video",
    bytes: () => bytesOf("sound.mp4", [...tone(5), ...aac]),
  },
  {
    name: "sound with a cover",
    code: "source.no_video",
    bytes: async () => {
      const path = await fixture("cover.png", [
        "-f",
        "lavfi",
        "-i",
        "color=red:size=64x64",
        "-frames:v",
        "1",
      ]);
      const maps = ["-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v:0", "attached_pic"];
      return bytesOf("cover.m4a", [...tone(5), "-i", path, ...maps, ...aac, "-f", "mp4"]);
    },
  },
  {
    name: "16000 x 16000",
    code: "source.too_large_picture",
    bytes: () =>
      bytesOf("huge.mkv", [
        "-f",
        "lavfi",
        "-i",
        "color=red:size=16000x16000:rate=1,format=yuvj420p",
        "-frames:v",
        "1",
        "-c:v",
        "mjpeg",
      ]),
  },
  {
    name: "2 x 16000",
    code: "source.too_large_picture",
    bytes: () =>
      bytesOf("tall.mkv", [
        "-f",
        "lavfi",
        "-i",
        "color=red:size=2x16000:rate=1",
        "-frames:v",
        "1",
        "-c:v",
        "mjpeg",
      ]),
  },
  {
    name: "a picture codec that is not on the list",
    code: "source.unsupported_codec",
    bytes: () =>
      bytesOf("odd.avi", ["-f", "lavfi", "-i", "testsrc2=size=64x64:duration=1", "-c:v", "magicyuv"]),
  },
];

describe("refused at plan", () => {
  test.each(BAD)("$name is $code", async ({ name, code, bytes }) => {
    await using store = await startStore();
    store.put("source", await bytes(store));
    await expect(plan({ store, key: "source" }), name).rejects.toMatchObject({ name: "MediaFailure", code });
    expect(store.hits.filter((hit) => hit.includes("secret"))).toEqual([]);
  });
});

describe("found while encoding", () => {
  test("bytes that are gone in the middle of a file with a whole index are source.truncated, not tried again", async () => {
    await using store = await startStore();
    const bytes = await bytesOf("stream.ts", [
      ...picture("25", 20),
      ...tone(20),
      ...x264,
      "-g",
      "50",
      ...aac,
    ]);
    store.put("source", bytes);
    const walk = { store, key: "source" };
    const made = await plan(walk);
    store.put("source", bytes.subarray(0, bytes.length * 0.7));
    await expect(encode(walk, made, made.chunks.length - 1)).rejects.toMatchObject({
      code: "source.truncated",
    });
  });

  test("a storage that stops delivering is source.unreadable", async () => {
    await using store = await startStore();
    store.put("source", await good());
    const walk = { store, key: "source" };
    const made = await plan(walk);
    using clock = fastClock();
    store.fault = (_, response) => {
      clock.jump(130_000);
      response.writeHead(500).end();
      return true;
    };
    const lost: unknown = await encode(walk, made, 0).catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(StoreAway);
    expect(lost).toMatchObject({ code: "source.unreadable" });
  });

  test("another object under the same key is source.changed", async () => {
    await using store = await startStore();
    store.put("source", await good());
    const walk = { store, key: "source" };
    const made = await plan(walk);
    store.fault = (request, response) => {
      if (request.method !== "GET") return false;
      response.writeHead(412).end();
      return true;
    };
    await expect(encode(walk, made, 0)).rejects.toMatchObject({ code: "source.changed" });
  });

  test("a damaged stretch still becomes a video of full length", async () => {
    await using store = await startStore();
    const bytes = Buffer.from(await good());
    bytes.fill(0x55, 60_000, 70_000);
    store.put("source", bytes);
    const walk = { store, key: "source" };
    const made = await plan(walk);
    const objects = [];
    for (const chunk of made.chunks) objects.push(...(await encode(walk, made, chunk.index)));
    expect(objects.reduce((sum, object) => sum + object.frames, 0)).toBe(250);
  });
});
