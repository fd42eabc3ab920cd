/**
 * Takes a source through plan, encode, audio and finish as the API and a worker would, with a test object
 * store instead of S3.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { overviewRung } from "@storagex/contract/media/ladder";
import type { MediaNote } from "@storagex/contract/media/note";
import type { Deinterlace } from "@storagex/contract/settings/settings";
import type { OutputGrant, ReadGrant, Sample } from "@storagex/contract/tasks/grants";
import type { Lease, LeaseOf } from "@storagex/contract/tasks/lease";
import type { CutPlan, Plan } from "@storagex/contract/tasks/plan";
import type { MediaObject, TaskResult } from "@storagex/contract/tasks/report";
import { pino } from "pino";
import { type EncoderInUse, useEncoder } from "../media/encoders/in-use.ts";
import { software } from "../media/encoders/software.ts";
import { endLeftovers } from "../media/run/ffmpeg.ts";
import { performStep } from "../steps/dispatch.ts";
import type { StepContext } from "../steps/step.ts";
import type { Store } from "./store.ts";

const LATER = "2100-01-01T00:00:00.000Z";
const PART = 5 * 2 ** 20;

export type Walk = {
  store: Store;
  key: string;
  log?: StepContext["log"];
  signal?: AbortSignal;
  workers?: number;
  av1?: boolean;
  h264?: EncoderInUse;
  deinterlace?: Deinterlace;
  /** A program that replaces FFmpeg. */
  ffmpeg?: string;
  /** Of every lease; 1 and 300 where it says nothing. */
  attempt?: number;
  hardLimitSeconds?: number;
  /** False as after a copy that proved unfit. */
  copy?: false;
};

/**
 * A program of this process's PATH: tools run without any environment, and would be another version than the
 * one that makes the tests' files.
 */
const onPath = (name: string): string =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? name;

const base = (walk: Walk) => ({
  taskId: "00000000-0000-4000-8000-000000000000",
  videoId: "v",
  generation: 1,
  attempt: walk.attempt ?? 1,
  leaseSecret: "0123456789abcdef0123",
  hardLimitSeconds: walk.hardLimitSeconds ?? 300,
  source: walk.store.grant(walk.key),
  outputs: [],
  left: [],
  traceparent: null,
});

/** The key of an attempt's output in the object store. */
export const outputKey = (walk: Walk, name: string): string => `out/${walk.key}/${name}`;

/** Runs one lease; every output is granted on demand, audio pieces are collected in `pieces`. */
export async function perform(walk: Walk, lease: Lease, pieces: MediaObject[] = []): Promise<TaskResult> {
  const scratch = await mkdtemp(join(tmpdir(), "storagex-walk-"));
  const grantFor = (name: string, size: number | null): OutputGrant => {
    const url = walk.store.url(outputKey(walk, name));
    if (size === null) return { name, url, expiresAt: LATER };
    const parts = Array.from({ length: Math.ceil(size / PART) }, (_, n) => ({
      partNumber: n + 1,
      url: `${url}.${n}`,
    }));
    return { name, uploadId: "u", partSize: PART, parts, expiresAt: LATER };
  };
  const readable = (key: string) => ({
    current: () => walk.store.grant(key),
    renew: async () => walk.store.grant(key),
  });
  const right = ({ url }: ReadGrant) => readable(decodeURIComponent(new URL(url).pathname.slice(1)));
  const inputs = lease.kind === "finish" ? lease.inputs : { video: [], audio: [], overview: [], samples: [] };
  const notes: MediaNote[] = [];
  try {
    const result = await performStep(lease, {
      scratch,
      signal: walk.signal ?? AbortSignal.timeout(400_000),
      log: walk.log ?? pino({ level: "silent" }),
      tools: {
        ...{ ffmpeg: walk.ffmpeg ?? onPath("ffmpeg"), ffprobe: onPath("ffprobe") },
        h264: walk.h264 ?? useEncoder(software),
        deinterlace: walk.deinterlace ?? "frames",
      },
      source: readable(walk.key),
      inputs: {
        video: inputs.video.map(right),
        audio: inputs.audio.map(right),
        overview: inputs.overview.map(right),
        samples: inputs.samples.flatMap(({ renditions }) => renditions.map(right)),
      },
      progress: () => {},
      note: (note) => notes.push(note),
      report: async (extra) => {
        pieces.push(...(extra.pieces ?? []));
        const outputs = (extra.want ?? []).map(({ name, size }) => grantFor(name, size));
        return { outcome: "held", outputs, source: null, sourceParts: [], inputs: null };
      },
    });
    return { ...result, notes };
  } finally {
    await endLeftovers(scratch);
    await rm(scratch, { recursive: true, force: true });
  }
}

export async function plan(walk: Walk): Promise<CutPlan> {
  const profile = { preset: "veryfast" as const, av1: walk.av1 ?? false, copy: walk.copy };
  const lease: Lease = { ...base(walk), kind: "plan", index: 0, profile, workers: walk.workers ?? 1 };
  const result = await perform(walk, lease);
  if (result.kind !== "plan") throw new Error("no plan");
  return result.plan;
}

export const encode = async (walk: Walk, made: CutPlan, index: number): Promise<MediaObject[]> =>
  (await encodeChunkOf(walk, made, index)).objects;

/**
 * Encodes one chunk of a plan and returns the whole result; `outputs` are the names granted from the start.
 */
export async function encodeChunkOf(walk: Walk, made: CutPlan, index: number, outputs: string[] = []) {
  const chunk = made.chunks[index];
  if (!chunk) throw new Error(`no chunk ${index}`);
  const grants = outputs.map((name) => ({
    name,
    url: walk.store.url(outputKey(walk, name)),
    expiresAt: LATER,
  }));
  const lease = { ...base(walk), outputs: grants, kind: "encode" as const, index, plan: made, chunk };
  const result = await perform(walk, lease);
  if (result.kind !== "encode") throw new Error("no chunk");
  return result;
}

export const audio = async (...of: Parameters<typeof audioTrack>): Promise<MediaObject[]> =>
  (await audioTrack(...of)).pieces;

/** Encodes an audio track and returns the whole result. */
export async function audioTrack(
  walk: Walk,
  made: Plan,
  index = 0,
  pinned: LeaseOf<"audio">["pinned"] = { pieces: 0, initHash: null },
) {
  const pieces: MediaObject[] = [];
  const result = await perform(walk, { ...base(walk), kind: "audio", index, plan: made, pinned }, pieces);
  if (result.kind !== "audio") throw new Error("no audio");
  return { pieces, result };
}

/**
 * `video` holds the chunks of all renditions or of some: the first rendition's become the MP4, the smallest
 * one's the stills, all are measured.
 */
export async function finish(
  walk: Walk,
  made: CutPlan,
  video: MediaObject[],
  sound: MediaObject[],
  sampled: readonly number[] = [0],
) {
  const granted = (object: MediaObject) => ({
    ...walk.store.grant(outputKey(walk, object.name)),
    initLength: object.initLength,
    initHash: object.initHash,
    frames: object.frames,
  });
  const rung = made.rungs.find(({ name }) => name === video[0]?.rendition);
  if (!rung) throw new Error("no rung");
  const small = overviewRung(
    made.rungs.filter(({ name }) => video.some(({ rendition }) => rendition === name)),
  );
  const inputs = {
    video: video.filter(({ rendition }) => rendition === rung.name).map(granted),
    overview: video.filter(({ rendition }) => rendition === small.name).map(granted),
    audio: sound.map(granted),
    samples: sampled.map((firstFrame) => sampleAt(walk, made, video, firstFrame)),
    rung,
    duration: made.source.duration,
  };
  const result = await perform(walk, { ...base(walk), kind: "finish", index: 0, plan: made, inputs });
  if (result.kind !== "finish") throw new Error("not finished");
  return result;
}

/** The segments that begin with a frame, as the API grants them. */
function sampleAt(walk: Walk, made: CutPlan, video: MediaObject[], firstFrame: number): Sample {
  const chunk = made.chunks.findLast((each) => each.firstFrame <= firstFrame);
  const into = (firstFrame - (chunk?.firstFrame ?? 0)) / made.grid.segmentFrames;
  const renditions = video.flatMap((object) => {
    const segment = object.index === chunk?.index ? object.segments[into] : undefined;
    if (!segment) return [];
    const { rendition, initLength } = object;
    const { offset, length } = segment;
    return [{ ...walk.store.grant(outputKey(walk, object.name)), rendition, initLength, offset, length }];
  });
  return { firstFrame, renditions };
}

/** An object's bytes; for a rendition's objects, in order, its init segment and all segments as one file. */
export const joined = (walk: Walk, objects: MediaObject[]): Buffer =>
  Buffer.concat(
    objects.map((object, n) => {
      const bytes = walk.store.objects.get(outputKey(walk, object.name)) ?? Buffer.alloc(0);
      return n === 0 ? bytes : bytes.subarray(object.initLength);
    }),
  );
