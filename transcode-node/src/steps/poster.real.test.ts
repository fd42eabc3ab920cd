/** A poster of one's own: exactly the frame that was asked for, and images of any kind made harmless. */
import { readFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { fixture, picture, x264 } from "../testing/fixtures.ts";
import { countersOf, onFile } from "../testing/read-frames.ts";
import { type Store, startStore } from "../testing/store.ts";
import { encode, finish, outputKey, perform, plan, type Walk } from "../testing/walk.ts";

const SIZE = "320x180";

/** A whole video of 3 s at 30 frames a second with numbered frames; returns what poster tasks need. */
async function video(store: Store) {
  const source = await fixture("numbered.mp4", [
    ...picture("30000/1001", 3, SIZE),
    ...x264,
    "-g",
    "50",
    "-bf",
    "2",
  ]);
  store.put("numbered", await readFile(source));
  const walk: Walk = { store, key: "numbered" };
  const made = await plan(walk);
  const chunks = [];
  for (const { index } of made.chunks) chunks.push(...(await encode(walk, made, index)));
  await finish(walk, made, chunks, []);
  // The upload of the MP4 is one part.
  store.put("mp4", store.objects.get(`${outputKey(walk, "video.mp4")}.0`) ?? Buffer.alloc(0));
  return made;
}

/** Makes a poster of what lies under `key`; at a time of the video, or of an image. */
async function poster(store: Store, made: Awaited<ReturnType<typeof plan>>, key: string, at: number | null) {
  const walk: Walk = { store, key };
  const base = { taskId: "00000000-0000-4000-8000-000000000000", videoId: "v", generation: 1, attempt: 1 };
  const rest = { leaseSecret: "0123456789abcdef0123", hardLimitSeconds: 60, outputs: [], left: [] };
  const lease = { ...base, ...rest, source: store.grant(key), traceparent: null, plan: made, index: 0 };
  const result = await perform(walk, { ...lease, kind: "poster", at });
  expect(result).toMatchObject({ kind: "poster", poster: { name: "poster-0.jpg" } });
  return store.objects.get(outputKey(walk, "poster-0.jpg")) ?? Buffer.alloc(0);
}

const sizeOf = async (image: Buffer): Promise<string> => {
  const ask = [
    "-v",
    "error",
    "-show_entries",
    "stream=codec_name,width,height,pix_fmt",
    "-of",
    "csv=p=0",
    "FILE",
  ];
  return (await onFile(image, "ffprobe", ask)).toString().trim();
};

/** The colour of one pixel, red, green, blue. */
const pixel = async (image: Buffer, x: number, y: number): Promise<number[]> => [
  ...(await onFile(image, "ffmpeg", [
    ...["-v", "error", "-i", "FILE", "-vf", `format=rgb24,crop=1:1:${x}:${y}`, "-f", "rawvideo", "pipe:1"],
  ])),
];

test("the frame shown at a time becomes the poster, as large as the others", async () => {
  await using store = await startStore();
  const made = await video(store);
  const rate = 30_000 / 1_001;
  // Within a frame, at its very begin (a rounding error before it), at the beginning, and after the last one.
  const cases: [at: number, frame: number][] = [
    [20.5 / rate, 20],
    [41 / rate, 41],
    [Math.floor((67 / rate) * 1e4) / 1e4, 67],
    [0, 0],
    [3.2, 89],
  ];
  for (const [at, frame] of cases) {
    const image = await poster(store, made, "mp4", at);
    expect(await countersOf(image), `at ${at}`).toEqual([frame]);
    expect(await sizeOf(image)).toBe("mjpeg,320,180,yuvj420p");
  }
});

const RED = [254, 0, 0];
const isNear = (found: number[], wanted: number[]) =>
  expect(
    found.every((value, n) => Math.abs(value - (wanted[n] ?? 0)) < 12),
    `${found} is not ${wanted}`,
  ).toBe(true);

/** A JPEG of 200 × 100, red on the left and blue on the right. */
const halves = ["-f", "lavfi", "-i", "color=red:size=100x100[a];color=blue:size=100x100[b];[a][b]hstack"];

test("an image of another shape is shown whole on black, turned as it says, without what else it says", async () => {
  await using store = await startStore();
  const made = await video(store);
  const jpeg = await readFile(await fixture("halves.jpg", [...halves, "-frames:v", "1", "-q:v", "2"]));
  store.put("jpeg", turned(jpeg, "Somewhere 48.2 N"));
  const image = await poster(store, made, "jpeg", null);
  expect(await sizeOf(image)).toBe("mjpeg,320,180,yuvj420p");
  // Turned by 90°: 90 × 180 in the middle, red above blue.
  isNear(await pixel(image, 160, 30), RED);
  isNear(await pixel(image, 160, 150), [0, 0, 254]);
  isNear(await pixel(image, 60, 90), [0, 0, 0]);
  expect(image.includes("Exif")).toBe(false);
  expect(image.includes("Somewhere")).toBe(false);

  const clear = ["-f", "lavfi", "-i", "color=red@0.0:size=320x180,format=rgba", "-frames:v", "1"];
  store.put("png", await readFile(await fixture("clear.png", clear)));
  isNear(await pixel(await poster(store, made, "png", null), 160, 90), [0, 0, 0]);
});

test("what is no image, damaged or huge is refused with its reason", async () => {
  await using store = await startStore();
  const made = await video(store);
  const photo = ["-f", "lavfi", "-i", "testsrc2=size=640x360", "-frames:v", "1"];
  const jpeg = await readFile(await fixture("photo.jpg", photo));
  const png = await readFile(await fixture("photo.png", photo));
  const damaged = Buffer.from(png);
  damaged.fill(7, png.length >> 1, (png.length >> 1) + 500);
  const cases: [code: string, bytes: Buffer][] = [
    ["poster.not_image", Buffer.from("GIF89a, or so it says")],
    ["poster.not_image", Buffer.from("#EXTM3U\nfile:///etc/passwd\n")],
    ["poster.not_image", Buffer.from("x")],
    ["poster.image_damaged", jpeg.subarray(0, jpeg.length >> 1)],
    ["poster.image_damaged", png.subarray(0, png.length >> 1)],
    ["poster.image_damaged", damaged],
    ["poster.image_damaged", Buffer.concat([png.subarray(0, 8), Buffer.alloc(1000)])],
    ["poster.image_too_large", pngOf(40_000, 20_000)],
  ];
  for (const [at, [code, bytes]] of cases.entries()) {
    store.put("bad", bytes);
    await expect(poster(store, made, "bad", null), `case ${at}`).rejects.toMatchObject({ code });
  }
});

/** The JPEG with an Exif segment (orientation 6: turn by 90°, and a description) behind its first marker. */
function turned(jpeg: Buffer, description: string): Buffer {
  const text = Buffer.from(`${description}\0`);
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    if (type === 3) bytes.writeUInt16BE(value, 8);
    else bytes.writeUInt32BE(value, 8);
    return bytes;
  };
  const entries = [entry(0x010e, 2, text.length, 8 + 2 + 24 + 4), entry(0x0112, 3, 1, 6)];
  const tiff = Buffer.concat([
    Buffer.from("4d4d002a00000008", "hex"),
    Buffer.from([0, entries.length]),
    ...entries,
    Buffer.alloc(4),
    text,
  ]);
  const body = Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
  const head = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** A grey PNG that is small as a file: `width` × `height` of one bit each. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const body = Buffer.concat([Buffer.from(type), data]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc((width / 8 + 1) * height), { level: 1 });
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
