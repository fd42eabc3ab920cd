/** A worker that calls the internal routes with objects of its own making, without FFmpeg. */

import { type ClaimAnswer, claimAnswerSchema, type Lease } from "@storagex/contract/tasks/lease";
import type { CutPlan } from "@storagex/contract/tasks/plan";
import {
  type MediaObject,
  progressAnswerSchema,
  reportAnswerSchema,
  type TaskResult,
} from "@storagex/contract/tasks/report";
import { WORKER_CREDENTIAL } from "./harness.ts";

export type Worker = ReturnType<typeof makeWorker>;
type Proof = { attempt: number; leaseSecret: string };
const RATE = { num: 25, den: 1 };
const SEGMENT_FRAMES = 50;
const EFFORT = { cpuSeconds: 1, wallSeconds: 1 };

/** A plan of `chunks` chunks of two segments (4 s) each, 720p and 360p, with `tracks` audio tracks. */
export function planOf(chunks: number, tracks = 1): CutPlan {
  const frames = 2 * SEGMENT_FRAMES;
  const rung = { codec: "h264" as const, crf: 22 };
  return {
    source: {
      container: "mov",
      codec: "h264",
      width: 1280,
      height: 720,
      duration: chunks * 4,
      frameRate: RATE,
      variableFrameRate: false,
      bitDepth: 8,
      interlaced: false,
      hdr: null,
      bitrate: 2_000_000,
      decoders: ["h264", "aac"],
      videoStream: 0,
      audio: Array.from({ length: tracks }, (_, stream) => ({
        stream,
        codec: "aac",
        channels: 2,
        language: stream === 0 ? "en" : "de",
        label: null,
        default: stream === 0,
      })),
      text: [],
    },
    grid: { rate: RATE, segmentFrames: SEGMENT_FRAMES, totalFrames: chunks * frames, preRoll: 1 },
    rungs: [
      { ...rung, name: "720p", width: 1280, height: 720, maxrate: 3_000_000 },
      { ...rung, name: "360p", width: 640, height: 360, maxrate: 800_000 },
    ],
    preset: "veryfast",
    chunks: Array.from({ length: chunks }, (_, index) => ({
      index,
      firstFrame: index * frames,
      frames: index === chunks - 1 ? null : frames,
    })),
    audioPieceSeconds: 4,
    mezzanine: null,
  };
}

/** The lease of a claim's answer; throws if there is none. */
export function leased(answer: ClaimAnswer): Lease {
  if (answer.outcome !== "leased") throw new Error(`not leased but ${answer.outcome}`);
  return answer.lease;
}

export function makeWorker(url: string, name = "w1") {
  const send = (path: string, body: unknown, credential = WORKER_CREDENTIAL): Promise<Response> =>
    fetch(`${url}/internal/${path}`, {
      method: "POST",
      headers: { authorization: `Worker ${credential}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  async function ask(path: string, body: unknown): Promise<unknown> {
    const answer = await send(path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  const claim = async (
    taskId: string,
    redelivered = false,
    known: { claimId?: string; unanswered?: string[] } = {},
  ): Promise<ClaimAnswer> =>
    claimAnswerSchema.parse(
      await ask(`tasks/${taskId}/claim`, { worker: name, redelivered, readsParts: true, ...known }),
    );
  const progress = async (taskId: string, proof: Proof, more: Record<string, unknown> = {}) =>
    progressAnswerSchema.parse(
      await ask(`tasks/${taskId}/progress`, {
        attempt: proof.attempt,
        leaseSecret: proof.leaseSecret,
        progress: 0.5,
        speed: 2,
        ...more,
      }),
    );
  const succeed = async (taskId: string, proof: Proof, result: TaskResult) =>
    reportAnswerSchema.parse(
      await ask(`tasks/${taskId}/succeed`, {
        attempt: proof.attempt,
        leaseSecret: proof.leaseSecret,
        result,
      }),
    ).outcome;
  const fail = async (taskId: string, proof: Proof, more: Record<string, unknown> = {}) =>
    reportAnswerSchema.parse(
      await ask(`tasks/${taskId}/fail`, {
        attempt: proof.attempt,
        leaseSecret: proof.leaseSecret,
        code: "source.unreadable",
        message: "The storage did not deliver the file.",
        retryable: true,
        ...more,
      }),
    ).outcome;

  /** PUTs `size` bytes under a granted name and returns its ETag. */
  async function put(lease: Lease, name: string, size: number): Promise<string> {
    const grant = lease.outputs.find((output) => output.name === name);
    if (!grant || !("url" in grant)) throw new Error(`no grant for ${name}`);
    const answer = await fetch(grant.url, { method: "PUT", body: new Uint8Array(size) });
    if (!answer.ok) throw new Error(`put: ${answer.status}`);
    return (answer.headers.get("etag") ?? "").replaceAll('"', "");
  }

  /** A media object of two segments, stored and described. */
  async function media(lease: Lease, name: string, rendition: string, index: number): Promise<MediaObject> {
    const isAudio = rendition.startsWith("audio");
    return {
      name,
      rendition,
      index,
      size: 2100,
      etag: await put(lease, name, 2100),
      initLength: 100,
      initHash: "a".repeat(64),
      codecs: isAudio ? "mp4a.40.2" : "avc1.64001f",
      timescale: isAudio ? 48_000 : 25,
      segments: [100, 1100].map((offset) => ({ offset, length: 1000, duration: isAudio ? 96_256 : 50 })),
      frames: isAudio ? 188 : 100,
    };
  }

  const plain = async (lease: Lease, name: string, size: number) => ({
    name,
    size,
    etag: await put(lease, name, size),
    uploadId: null,
  });

  async function resultOf(lease: Lease, plan: CutPlan): Promise<TaskResult> {
    if (lease.kind === "plan") return { kind: "plan", plan, mezzanine: null, ...EFFORT };
    if (lease.kind === "encode") {
      const objects = lease.plan.rungs.map(({ name: rung }) =>
        media(lease, `${rung}-${lease.index}.mp4`, rung, lease.index),
      );
      const isPosterWanted = lease.outputs.some(({ name: output }) => output === "poster-0.jpg");
      const poster = isPosterWanted ? plain(lease, "poster-0.jpg", 50) : null;
      const [posterObject, ...made] = await Promise.all([poster, ...objects]);
      return { kind: "encode", objects: made, poster: posterObject, ...EFFORT };
    }
    if (lease.kind === "audio") {
      const count = plan.chunks.length;
      for (let piece = lease.pinned.pieces; piece < count; piece += 1) await pin(lease, piece);
      return { kind: "audio", pieces: count, loudness: -23.1, ...EFFORT };
    }
    if (lease.kind === "poster")
      return { kind: "poster", poster: await plain(lease, "poster-0.jpg", 70), ...EFFORT };
    return {
      kind: "finish",
      mp4: await putMp4(lease),
      posters: [await plain(lease, "poster-0.jpg", 50)],
      storyboard: {
        sheets: [await plain(lease, "storyboard-0.jpg", 60)],
        columns: 5,
        rows: 3,
        tileWidth: 160,
        tileHeight: 90,
        interval: 5,
        tiles: 2,
      },
      captions: [],
      quality: [{ rendition: "720p", ssim: 0.98 }],
      ...EFFORT,
    };
  }

  /** Uploads and reports one audio piece. */
  async function pin(lease: Lease, piece: number): Promise<void> {
    const output = `audio-${lease.index}-${piece}.mp4`;
    if (!lease.outputs.some((grant) => grant.name === output)) {
      const more = await progress(lease.taskId, lease, { want: [{ name: output, size: null }] });
      if (more.outcome === "held") lease.outputs.push(...more.outputs);
    }
    const pieces = [await media(lease, output, `audio-${lease.index}`, piece)];
    const { outcome } = await progress(lease.taskId, lease, { pieces });
    if (outcome !== "held") throw new Error("the piece was not pinned");
  }

  /** Uploads the MP4 as a multipart upload that the API completes. */
  async function putMp4(lease: Lease) {
    const size = 5000;
    const answer = await progress(lease.taskId, lease, { want: [{ name: "video.mp4", size }] });
    if (answer.outcome !== "held") throw new Error("gone");
    const [grant] = answer.outputs;
    if (!grant || !("uploadId" in grant)) throw new Error("no multipart");
    for (const { url: address } of grant.parts)
      await fetch(address, { method: "PUT", body: new Uint8Array(size) });
    return { name: "video.mp4", size, etag: null, uploadId: grant.uploadId };
  }

  /** Claims and completes one task; returns the report's outcome. */
  async function work(taskId: string, plan: CutPlan): Promise<"done" | "gone"> {
    const lease = leased(await claim(taskId));
    return succeed(taskId, lease, await resultOf(lease, plan));
  }

  return { send, claim, progress, succeed, fail, put, media, resultOf, pin, work };
}
