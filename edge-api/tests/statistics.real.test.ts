/**
 * Statistics: what was stored about a completed video is returned to those who may see it; and what `finish`
 * may read for it.
 */
import { statisticsSchema } from "@storagex/contract/videos/statistics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemOf } from "./support/client.ts";
import { locked } from "./support/locked.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { leased, planOf } from "./support/worker.ts";

let edge: Pipeline;
beforeAll(async () => {
  edge = await startPipeline();
});
afterAll(() => edge?.stop());

const PLAN = planOf(3);

test("a completed video's quality, bitrates and cost are answered, to its owner and nobody else", async () => {
  const [ann, bob] = [await edge.person(), await edge.person()];
  const early = await edge.planned(ann, PLAN);
  expect(await problemOf(await ann.call("GET", `/v1/videos/${early}/statistics`))).toMatchObject({
    status: 409,
    code: "video.wrong_status",
  });
  const id = await edge.completed(ann, PLAN);
  expect((await bob.call("GET", `/v1/videos/${id}/statistics`)).status).toBe(404);

  const answer = await ann.call("GET", `/v1/videos/${id}/statistics`);
  expect(answer.status).toBe(200);
  const statistics = statisticsSchema.parse(await answer.json());
  // Six segments of 1,000 bytes in two seconds; inits count towards the size only.
  const rates = { size: 6300, averageBitrate: 4200, peakBitrate: 4000 };
  expect(statistics).toMatchObject({ duration: 12, interval: 2 });
  expect(statistics.renditions).toEqual([
    {
      name: "720p",
      codec: "h264",
      width: 1280,
      height: 720,
      copied: false,
      ...rates,
      ssim: 0.98,
      bitrates: Array(6).fill(4000),
    },
    {
      name: "360p",
      codec: "h264",
      width: 640,
      height: 360,
      copied: false,
      ...rates,
      ssim: null,
      bitrates: Array(6).fill(4000),
    },
  ]);
  expect(statistics.sound).toMatchObject([
    { name: "audio-0", codec: "mp4a.40.2", language: "en", size: 6300, loudness: -23.1 },
  ]);
  expect((await ann.video(id)).source?.audioTracks).toEqual([
    { name: "English", codec: "aac", channels: 2, language: "en", default: true, loudness: -23.1 },
  ]);
  expect(statistics.stages.map(({ stage, tasks, cpuSeconds }) => [stage, tasks, cpuSeconds])).toEqual([
    ["plan", 1, 1],
    ["encode", 3, 3],
    ["audio", 1, 1],
    ["finish", 1, 1],
  ]);
  for (const { elapsedSeconds } of statistics.stages) expect(elapsedSeconds).toBeGreaterThan(0);
  expect(statistics.spans).toEqual(
    [0, 4, 8].map((from) => ({ from, to: from + 4, cpuSeconds: 1, wallSeconds: 1, speed: 4 })),
  );
});

test("segments longer than an interval count by their share, and a short rest is no peak", async () => {
  const ann = await edge.person();
  const id = await edge.completed(ann, PLAN);
  // One object of 5 s, 1 s and a keyframe's 0.04 s, as if the source's own segment boundaries had been kept.
  const segments = [
    { offset: 100, length: 5000, duration: 125 },
    { offset: 5100, length: 2000, duration: 25 },
    { offset: 7100, length: 1000, duration: 1 },
  ];
  await edge.sql.query("DELETE FROM media_objects WHERE video_id = $1 AND rendition = '720p' AND index > 0", [
    id,
  ]);
  await edge.sql.query("UPDATE media_objects SET segments = $2 WHERE video_id = $1 AND rendition = '720p'", [
    id,
    JSON.stringify(segments),
  ]);
  const answer = await ann.call("GET", `/v1/videos/${id}/statistics`);
  const { renditions } = statisticsSchema.parse(await answer.json());
  // 8 kbit/s for 5 s, then 16: the third interval contains a second of each, the last one only the rest.
  expect(renditions.find(({ name }) => name === "720p")).toMatchObject({
    peakBitrate: 8000,
    bitrates: [8000, 8000, 12_000, 200_000],
  });
});

test("many at once ask the database once, and what was answered is asked no more", async () => {
  const ann = await edge.person();
  const id = await edge.completed(ann, PLAN);
  const ask = () => ann.call("GET", `/v1/videos/${id}/statistics`);
  await using media = await locked(edge.sql, "media_objects");
  const many = Array.from({ length: 30 }, ask);
  await media.waiting(1);
  // Other calls still get a connection: PostgreSQL's pool here has 20.
  expect((await ann.call("GET", "/v1/me")).status).toBe(200);
  await media.release();
  const answers = await Promise.all(many);
  expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200));
  const texts = new Set(await Promise.all(answers.map((answer) => answer.text())));
  await using again = await locked(edge.sql, "media_objects");
  texts.add(await (await ask()).text());
  await again.release();
  expect(texts.size).toBe(1);
  await ann.call("DELETE", `/v1/videos/${id}`);
  expect((await ask()).status).toBe(404);
});

test("finish is granted the segments of every rendition at which quality is sampled", async () => {
  const ann = await edge.person();
  const id = await edge.planned(ann, PLAN);
  for (const kind of ["encode", "audio"] as const) {
    for (const index of kind === "encode" ? [0, 1, 2] : [0])
      await edge.worker.work((await edge.task(id, kind, index)).id, PLAN);
  }
  const { id: taskId } = await edge.task(id, "finish");
  const lease = leased(await edge.worker.claim(taskId));
  if (lease.kind !== "finish") throw new Error("not a finish");
  // They show the worker whether one encoder made all chunks.
  expect(lease.inputs.video.map(({ initHash }) => initHash)).toEqual(
    ["a", "a", "a"].map((of) => of.repeat(64)),
  );
  // Six segments of 50 frames: the second, the fourth, the sixth.
  expect(
    lease.inputs.samples.map(({ firstFrame, renditions }) => [
      firstFrame,
      renditions.map(({ rendition, initLength, offset, length }) => [rendition, initLength, offset, length]),
    ]),
  ).toEqual(
    [50, 150, 250].map((firstFrame) => [
      firstFrame,
      ["360p", "720p"].map((rendition) => [rendition, 100, 1100, 1000]),
    ]),
  );
  const [sample] = lease.inputs.samples;
  for (const { url, size } of sample?.renditions ?? []) {
    const read = await fetch(url, { headers: { range: "bytes=1100-2099" } });
    expect([read.status, (await read.arrayBuffer()).byteLength, size]).toEqual([206, 1000, 2100]);
  }
  const renewed = await edge.worker.progress(taskId, lease, { renew: true });
  if (renewed.outcome !== "held") throw new Error("gone");
  expect(renewed.inputs?.samples).toHaveLength(6);
});
