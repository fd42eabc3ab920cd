/**
 * Audio: published in pieces while it is encoded, continued by a second attempt, in sync with the video, and
 * never missing.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { aac, fixture, tone, x264 } from "../../testing/fixtures.ts";
import { onFile, packetTimes } from "../../testing/read-frames.ts";
import { type Store, startStore } from "../../testing/store.ts";
import { toolThat } from "../../testing/tool-that.ts";
import { audio, audioTrack, joined, outputKey, plan, type Walk } from "../../testing/walk.ts";

const walkOf = async (store: Store, name: string, ...steps: string[][]): Promise<Walk> => {
  store.put(name, await readFile(await fixture(name, ...steps)));
  return { store, key: name };
};
const small = (seconds: number) => ["-f", "lavfi", "-i", `testsrc2=size=160x90:rate=10:duration=${seconds}`];
const seconds = async (walk: Walk, pieces: Awaited<ReturnType<typeof audio>>) =>
  ((await packetTimes(joined(walk, pieces), "a")).length * 1024) / 48_000;

/** Loudness of the audio between two times, as RMS of 16-bit samples. */
async function loudness(bytes: Buffer, from: number, to: number): Promise<number> {
  const decode = [
    "-v",
    "error",
    "-i",
    "FILE",
    "-ss",
    `${from}`,
    "-to",
    `${to}`,
    "-ac",
    "1",
    "-f",
    "s16le",
    "pipe:1",
  ];
  const raw = await onFile(bytes, "ffmpeg", decode);
  let squares = 0;
  for (let at = 0; at + 1 < raw.length; at += 2) squares += raw.readInt16LE(at) ** 2;
  return Math.sqrt(squares / (raw.length / 2));
}

test("comes in pieces, the first one short, on one gapless timeline", async () => {
  await using store = await startStore();
  const walk = await walkOf(store, "long.mp4", [...small(100), ...tone(100), ...x264, ...aac]);
  const pieces = await audio(walk, await plan(walk));
  expect(pieces.map((piece) => piece.index)).toEqual([0, 1, 2, 3, 4]);
  const lengths = pieces.map((piece) => (piece.frames * 1024) / 48_000);
  expect(lengths[0]).toBeLessThan(6.1);
  expect(lengths[1]).toBeGreaterThan(29);
  expect(new Set(pieces.map((piece) => piece.initHash)).size).toBe(1);
  expect(pieces[0]).toMatchObject({
    codecs: "mp4a.40.2",
    timescale: 48_000,
    name: "audio-0-0.mp4",
    rendition: "audio-0",
  });
  for (const piece of pieces) {
    const bytes = store.objects.get(outputKey(walk, piece.name)) ?? Buffer.alloc(0);
    expect(bytes.length).toBe(piece.size);
    const last = piece.segments.at(-1);
    expect((last?.offset ?? 0) + (last?.length ?? 0)).toBe(piece.size);
    expect(createHash("sha256").update(bytes.subarray(0, piece.initLength)).digest("hex")).toBe(
      piece.initHash,
    );
  }
  const times = await packetTimes(joined(walk, pieces), "a");
  expect(
    Math.max(...times.slice(1).map((time, n) => Math.abs(time - (times[n] ?? 0) - 1024 / 48_000))),
  ).toBeLessThan(0.0001);
  expect(Math.abs(times.length * (1024 / 48_000) - 100)).toBeLessThanOrEqual(1024 / 48_000 + 0.001);
});

test("a second attempt sends only what no earlier one has pinned, byte for byte the same sound", async () => {
  await using store = await startStore();
  const walk = await walkOf(store, "long.mp4", [...small(100), ...tone(100), ...x264, ...aac]);
  const made = await plan(walk);
  const first = await audio(walk, made);
  const before = first.map((piece) => piece.etag);
  store.hits.length = 0;
  const second = await audio(walk, made, 0, { pieces: 2, initHash: first[0]?.initHash ?? null });
  expect(second.map((piece) => piece.index)).toEqual([2, 3, 4]);
  expect(second.map((piece) => piece.etag)).toEqual(before.slice(2));
  expect(store.hits.filter((hit) => hit.startsWith("PUT"))).toHaveLength(3);
});

test("each track becomes a rendition; surround is mixed down to stereo", async () => {
  await using store = await startStore();
  const surround = [
    "-f",
    "lavfi",
    "-i",
    "sine=frequency=880:duration=10,pan=5.1|FL=0*c0|FR=0*c0|FC=c0|LFE=0*c0|BL=0*c0|BR=0*c0",
  ];
  const maps = [
    "-map",
    "0:v",
    "-map",
    "1:a",
    "-map",
    "2:a",
    "-metadata:s:a:0",
    "language=eng",
    "-metadata:s:a:1",
    "language=deu",
  ];
  const walk = await walkOf(store, "tracks.mkv", [
    ...small(10),
    ...tone(10),
    ...surround,
    ...maps,
    ...x264,
    "-c:a",
    "ac3",
  ]);
  const made = await plan(walk);
  expect(made.source.audio).toMatchObject([
    { stream: 0, channels: 1, language: "en" },
    { stream: 1, channels: 6, language: "de" },
  ]);
  const second = await audio(walk, made, 1);
  expect(second[0]).toMatchObject({ rendition: "audio-1", name: "audio-1-0.mp4" });
  expect(await loudness(joined(walk, second), 2, 4)).toBeGreaterThan(500);
});

test("sound that begins late is filled up, so it stays in step", async () => {
  await using store = await startStore();
  const late = [...small(12), "-itsoffset", "3", ...tone(9), "-map", "0:v", "-map", "1:a", ...x264, ...aac];
  const walk = await walkOf(store, "late.mkv", late);
  const pieces = await audio(walk, await plan(walk));
  expect(await seconds(walk, pieces)).toBeGreaterThan(11.9);
  const bytes = joined(walk, pieces);
  expect(await loudness(bytes, 0.5, 2.5)).toBeLessThan(20);
  expect(await loudness(bytes, 4, 8)).toBeGreaterThan(500);
});

test("a hole in the sound is filled", async () => {
  await using store = await startStore();
  const holed = [
    ...small(20),
    ...tone(20),
    "-af",
    "aselect='not(between(t,5,9))'",
    ...x264,
    "-c:a",
    "pcm_s16le",
  ];
  const walk = await walkOf(store, "holed.mkv", holed);
  const pieces = await audio(walk, await plan(walk));
  expect(Math.abs((await seconds(walk, pieces)) - 20)).toBeLessThan(0.1);
});

test("a track without any sound becomes silence of the video's length", async () => {
  await using store = await startStore();
  const empty = ["-i", "PREVIOUS", "-map", "0", "-c", "copy", "-bsf:a", "noise=drop=1"];
  const walk = await walkOf(store, "empty.mkv", [...small(10), ...tone(10), ...x264, ...aac], empty);
  const pieces = await audio(walk, await plan(walk));
  expect(Math.abs((await seconds(walk, pieces)) - 10)).toBeLessThan(0.1);
});

test("sound that changes from mono to stereo and its rate midway stays one timeline", async () => {
  await using store = await startStore();
  const part = (name: string, frequency: number, more: string[]) => {
    const sine = ["-f", "lavfi", "-i", `sine=frequency=${frequency}:duration=10`];
    return fixture(name, [...small(10), ...sine, ...x264, "-g", "10", "-c:a", "ac3", ...more]).then((path) =>
      readFile(path),
    );
  };
  const first = await part("mono.ts", 440, ["-ac", "1", "-ar", "48000"]);
  const second = await part("stereo.ts", 880, ["-ac", "2", "-ar", "44100", "-output_ts_offset", "10"]);
  store.put("both.ts", Buffer.concat([first, second]));
  const walk: Walk = { store, key: "both.ts" };
  const pieces = await audio(walk, await plan(walk));
  expect(pieces.map((piece) => piece.index)).toEqual(pieces.map((_, n) => n));
  expect(Math.abs((await seconds(walk, pieces)) - 20)).toBeLessThan(0.15);
  const bytes = joined(walk, pieces);
  expect(await loudness(bytes, 2, 8)).toBeGreaterThan(500);
  expect(await loudness(bytes, 12, 18)).toBeGreaterThan(500);
});

test("a track that gives a little and then cannot be decoded becomes silence from its beginning on", async () => {
  await using store = await startStore();
  const damaged = "noise=amount=if(lt(mod(n\\,10)\\,8)\\,1\\,0)";
  const walk = await walkOf(
    store,
    "mostly-damaged.mkv",
    [...small(2), ...tone(2), ...x264, ...aac],
    ["-i", "PREVIOUS", "-map", "0", "-c", "copy", "-bsf:a", damaged],
  );
  const pieces = await audio(walk, await plan(walk));
  expect(await seconds(walk, pieces)).toBeCloseTo(2, 0);
  expect(await loudness(joined(walk, pieces), 0, 2)).toBe(0);
});

test("a track of which only the beginning can be decoded is heard that far, and it is told", async () => {
  await using store = await startStore();
  const walk = await walkOf(
    store,
    "begins-well.mkv",
    [...small(40), ...tone(40), ...x264, ...aac],
    ["-i", "PREVIOUS", "-map", "0", "-c", "copy", "-bsf:a", "noise=amount=if(lt(n\\,450)\\,0\\,1)"],
  );
  const { pieces, result } = await audioTrack(walk, await plan(walk));
  expect(result.notes).toEqual([{ code: "audio.damaged", values: { track: "1" } }]);
  const bytes = joined(walk, pieces);
  expect(await loudness(bytes, 1, 9)).toBeGreaterThan(500);
});

test("a track at which FFmpeg fails twice after its first pieces is silent from there, and it is told", async () => {
  await using store = await startStore();
  const walk = await walkOf(store, "breaks-off.mp4", [...small(40), ...tone(40), ...x264, ...aac]);
  const made = await plan(walk);
  // An FFmpeg that dies in the middle of a track in every run; its silence comes from no file.
  const broken = await toolThat(
    'case "$*" in *anullsrc*) exec ffmpeg "$@";; esac; ffmpeg "$@" | head -c 300000; exit 1',
  );
  const { pieces, result } = await audioTrack({ ...walk, ffmpeg: broken }, made);
  expect(result.notes).toEqual([
    { code: "audio.breaks_off", values: { track: "1", at: expect.stringMatching(/^0:(1\d|2\d)$/) } },
  ]);
  expect(result.loudness).toBeNull();
  expect(pieces.map(({ index }) => index)).toEqual(pieces.map((_, n) => n));
  expect(Math.abs((await seconds(walk, pieces)) - 40)).toBeLessThan(0.1);
  const bytes = joined(walk, pieces);
  expect(await loudness(bytes, 0, 8)).toBeGreaterThan(500);
  expect(await loudness(bytes, 30, 39)).toBe(0);
  // No frame is repeated and none is missing where the silence begins.
  const times = await packetTimes(bytes, "a");
  for (const [n, time] of times.entries()) expect(Math.abs(time - (n * 1024) / 48_000)).toBeLessThan(0.001);
});

test("a track that takes too long is tried again, and then silent: it does not fail the film", async () => {
  await using store = await startStore();
  const walk = await walkOf(store, "stuck.mp4", [...small(3), ...tone(3), ...x264, ...aac]);
  const made = await plan(walk);
  const stuck = await toolThat('case "$*" in *anullsrc*) exec ffmpeg "$@";; esac; exec sleep 600');
  const attempt = (number: number) =>
    audioTrack({ ...walk, ffmpeg: stuck, attempt: number, hardLimitSeconds: 10 }, made);
  const [first, second] = await Promise.allSettled([attempt(1), attempt(2)]);
  expect(first).toMatchObject({ reason: { code: "transcoder.timeout" } });
  if (second.status === "rejected") throw second.reason;
  expect(second.value.result.notes).toEqual([{ code: "audio.silent", values: { track: "1" } }]);
  expect(Math.abs((await seconds(walk, second.value.pieces)) - 3)).toBeLessThan(0.1);
});

test("a machine that fails at a track before its first piece makes no silence of it", async () => {
  await using store = await startStore();
  const walk = await walkOf(store, "machine.mp4", [...small(3), ...tone(3), ...x264, ...aac]);
  const made = await plan(walk);
  const reasonOf = async (does: string, attempt: number) => {
    const ffmpeg = await toolThat(`case "$*" in *anullsrc*) exec ffmpeg "$@";; esac; ${does}`);
    return audioTrack({ ...walk, ffmpeg, attempt }, made).then(
      ({ result }) => result.notes?.[0]?.code,
      (error: { code?: string }) => error.code,
    );
  };
  const full = "echo 'even.mka: No space left on device' >&2; exit 1";
  const uneven = `case "$*" in *flac*) ${full};; esac; echo 'Changing audio frame properties on the fly' >&2; exit 1`;
  expect(await reasonOf("exit 127", 1)).toBe("transcoder.crashed");
  expect(await reasonOf("exit 127", 2)).toBe("transcoder.crashed");
  expect(await reasonOf(uneven, 2)).toBe("transcoder.disk_full");
  // What no words explain is tried again, once.
  expect(await reasonOf("exit 1", 1)).toBe("transcoder.crashed");
  expect(await reasonOf("exit 1", 2)).toBe("audio.silent");
});

test("a track that can be read and holds only silence is told of", async () => {
  await using store = await startStore();
  const quiet = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=3"];
  const walk = await walkOf(store, "quiet.mp4", [...small(3), ...quiet, ...x264, ...aac]);
  const { result } = await audioTrack(walk, await plan(walk));
  expect(result.notes).toEqual([{ code: "audio.nothing_heard", values: { track: "1" } }]);
});

test("holes of two packets each second are filled one by one", async () => {
  await using store = await startStore();
  const walk = await walkOf(
    store,
    "small-holes.mkv",
    [...small(10), ...tone(10), ...x264, ...aac],
    ["-i", "PREVIOUS", "-map", "0", "-c", "copy", "-bsf:a", "noise=drop=lt(mod(n\\,47)\\,2)*gt(n\\,10)"],
  );
  const pieces = await audio(walk, await plan(walk));
  expect(Math.abs((await seconds(walk, pieces)) - 10)).toBeLessThan(0.05);
});
