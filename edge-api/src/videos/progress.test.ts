/** Progress from tasks: one number that matches the timeline, what is playable, and the timeline itself. */
import { expect, test } from "vitest";
import { playableTo, processingOf, progressOf, renditionsOf } from "./progress.ts";
import type { TaskRow, WorkRow } from "./rows.ts";

const TRACK = { stream: 0, codec: "aac", channels: 2, language: null, label: null, default: true };
/** Three chunks at 25 frames per second: 4 s, 8 s, and 8 s up to the end at 20 s. */
const base: WorkRow = {
  id: "v",
  ownerId: "u",
  ownerEmail: "ann@example.test",
  title: "t",
  filename: "f",
  size: 1,
  tags: [],
  visibility: "private",
  externalId: null,
  publicDownload: false,
  origin: "upload",
  import: null,
  uploaded: 1,
  description: "",
  metadata: {},
  chapters: [],
  views: 0,
  status: "processing",
  generation: 1,
  seq: 1,
  revision: 0,
  duration: 20,
  width: 640,
  height: 360,
  errorCode: null,
  errorMessage: null,
  poster: null,
  posters: [],
  posterIndex: 0,
  posterChange: null,
  captions: [],
  profile: { preset: "veryfast", av1: false },
  quality: null,
  notes: [],
  loudness: {},
  cpuSeconds: 0,
  wallSeconds: 0,
  rungs: [{ name: "360p", codec: "h264", width: 640, height: 360, crf: 24, maxrate: 800_000 }],
  grid: { rate: { num: 25, den: 1 }, segmentFrames: 50, totalFrames: 500, preRoll: 1 },
  audio: [TRACK],
  sourceCodec: "h264",
  sourceBitDepth: 8,
  sourceFrameRate: 25,
  createdAt: "",
  updatedAt: "",
  completedAt: null,
  queuePosition: null,
  playable: false,
  doneFrames: 0,
  tasks: null,
  encodedAudio: null,
  openFrame: null,
  chunkCount: 3,
  chunks: null,
};
const CHUNKS = [
  { firstFrame: 0, frames: 100 },
  { firstFrame: 100, frames: 200 },
  { firstFrame: 300, frames: null },
];
const task = (
  kind: TaskRow["kind"],
  index: number,
  state: TaskRow["state"],
  progress = 0,
  speed: number | null = null,
) => ({
  kind,
  index,
  ...((kind === "encode" && CHUNKS[index]) || { firstFrame: null, frames: null }),
  state,
  progress,
  worker: state === "running" ? "w1" : null,
  speed,
  failures: 0,
  uploaded: true,
});
/** The row that the statement returns for the tasks `all`: waiting and succeeded chunks are only counted. */
function row(all: TaskRow[], more: Partial<WorkRow> = {}): WorkRow {
  const encodes = CHUNKS.map(
    (_, index) =>
      all.find(({ kind, index: at }) => kind === "encode" && at === index) ??
      task("encode", index, "waiting"),
  );
  const done = encodes.filter(({ state }) => state === "succeeded");
  return {
    ...base,
    tasks: all.filter(({ kind, state }) => kind !== "encode" || state === "queued" || state === "running"),
    doneFrames: done.reduce((sum, { frames }) => sum + (frames ?? 200), 0),
    openFrame: encodes.find(({ state }) => state !== "succeeded")?.firstFrame ?? null,
    chunks: encodes,
    ...more,
  };
}
const audioOf = (frames: number, pieces = 1, reach = pieces) => [
  { rendition: "audio-0", pieces, reach, frames },
];
const first = task("encode", 0, "succeeded");
const rest = [task("encode", 1, "running", 0.5, 3), task("encode", 2, "running", 0.25, 1)];

test("rises from plan to finish and counts chunks by their length", () => {
  const steps = [
    row([task("plan", 0, "running", 0.5)], { grid: null }),
    row([task("plan", 0, "succeeded"), task("audio", 0, "queued"), task("encode", 0, "running", 0.5)]),
    row([first, task("audio", 0, "queued")]),
    row([first, task("audio", 0, "succeeded")]),
    row([first, ...rest, task("audio", 0, "succeeded")]),
    row([0, 1, 2].map((index) => task("encode", index, "succeeded")).concat(task("audio", 0, "succeeded"))),
    row(
      [0, 1, 2]
        .map((index) => task("encode", index, "succeeded"))
        .concat(task("audio", 0, "succeeded"), task("finish", 0, "running", 0.5)),
    ),
  ].map(progressOf);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(new Set(steps).size).toBe(steps.length);
  expect(steps[2]).toBeCloseTo(0.03 + (0.9 * 4) / 21, 6);
  expect(steps.at(-2)).toBeCloseTo(0.93, 6);
  expect(progressOf(row([], { status: "completed" }))).toBe(1);
  expect(progressOf(row([], { status: "queued" }))).toBe(0);
});

test("can be played as far as frames and audio both reach", () => {
  expect(playableTo(row([first]))).toBe(0);
  expect(playableTo(row([first], { encodedAudio: audioOf(94) }))).toBeCloseTo(2.005, 3);
  expect(playableTo(row([first], { encodedAudio: audioOf(9400) }))).toBe(4);
  expect(playableTo(row([task("encode", 1, "succeeded")], { encodedAudio: audioOf(9400) }))).toBe(0);
  expect(playableTo(row([first], { audio: [] }))).toBe(4);
  expect(playableTo(row([first, task("audio", 0, "succeeded")], { encodedAudio: audioOf(10) }))).toBe(4);
  expect(playableTo(row([first], { encodedAudio: audioOf(9400, 1, 2) }))).toBe(0);
  expect(
    playableTo(row([first, task("encode", 1, "succeeded"), task("encode", 2, "succeeded")], { audio: [] })),
  ).toBe(20);
  expect(playableTo(row([], { audio: [], chunkCount: 0 })), "nothing is planned").toBe(0);
  expect(playableTo(row([], { status: "completed" }))).toBe(20);
  expect(playableTo(row([first], { status: "failed", audio: [] }))).toBe(0);
});

test("the timeline has every chunk, and the time left follows the speed of all workers", () => {
  expect(processingOf(row([first, ...rest]))).toEqual({
    chunks: [
      { index: 0, from: 0, to: 4, state: "done", uploaded: true, worker: null, progress: 1 },
      { index: 1, from: 4, to: 12, state: "running", uploaded: true, worker: "w1", progress: 0.5 },
      { index: 2, from: 12, to: 20, state: "running", uploaded: true, worker: "w1", progress: 0.25 },
    ],
    playableTo: 0,
    speed: 4,
    secondsLeft: 2.5,
    retries: 0,
  });
  const again = { ...task("encode", 1, "queued"), failures: 2 };
  expect(processingOf(row([{ ...first, failures: 1 }, again]))?.retries, "what is done is past").toBe(2);
  expect(processingOf(row([first]))).toMatchObject({ speed: null, secondsLeft: null });
  expect(processingOf(row([], { status: "completed" }))).toBeNull();
});

test("renditions have sizes once the video is completed", () => {
  const quality = { renditions: [{ name: "360p", size: 1000, bitrate: 400, ssim: null }] };
  expect(renditionsOf(row([], { quality }))[0]).toMatchObject({ size: null, bitrate: null });
  expect(renditionsOf(row([], { quality, status: "completed" }))[0]).toMatchObject({
    size: 1000,
    bitrate: 400,
  });
});
