/**
 * A lost report: the next attempt adopts what the dead one left, or does the work where that cannot be used.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useEncoder } from "../media/encoders/in-use.ts";
import { software } from "../media/encoders/software.ts";
import { makeMetrics } from "../observe/metrics.ts";
import { type Store, startStore } from "../testing/store.ts";
import { makeApi } from "./api.ts";
import { makeAttempt } from "./attempt.ts";
import { makeScratchSpace } from "./scratch/scratch-space.ts";
import { type ApiStandIn, startApiStandIn } from "./testing/api-stand-in.ts";
import { makeTurns } from "./turns/turns.ts";

const LATER = "2100-01-01T00:00:00.000Z";
let store: Store;
let stand: ApiStandIn;
let scratch: string;
let taskId: string;
let performed: number;
const key = (attempt: number) => `${taskId}-${attempt}/result.json`;

beforeEach(async () => {
  store = await startStore();
  stand = await startApiStandIn();
  scratch = await mkdtemp(join(tmpdir(), "storagex-adopt-"));
  taskId = randomUUID();
  performed = 0;
  stand.leaves = (_, attempt) => ({
    outputs: [{ name: "result.json", url: store.url(key(attempt)), expiresAt: LATER }],
    left: Array.from({ length: attempt - 1 }, (_each, n) => attempt - 1 - n).map((earlier) => ({
      attempt: earlier,
      url: store.url(key(earlier)),
    })),
  });
});
afterEach(async () => {
  await stand.close();
  await store[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

/**
 * Claims the task and runs one attempt, whose own result has `cpuSeconds`. Returns how its message was
 * settled.
 */
async function attempt(cpuSeconds: number): Promise<string[]> {
  const api = makeApi({ baseUrl: stand.url, credential: "w1.0123456789abcdef" });
  const claim = await api.claim(taskId, { worker: "w1", redelivered: true, readsParts: true });
  if (claim.outcome !== "leased") throw new Error(claim.outcome);
  const log = pino({ level: "silent" });
  const run = makeAttempt({
    api,
    metrics: makeMetrics(1),
    shutdown: new AbortController().signal,
    scratch,
    tools: { ffmpeg: "ffmpeg", ffprobe: "ffprobe", h264: useEncoder(software) },
    turns: makeTurns({ places: 1, memory: 2 ** 32, log }),
    space: makeScratchSpace({
      scratch: scratch,
      log,
      shutdown: new AbortController().signal,
      onLacking: () => undefined,
    }),
    perform: async (): Promise<TaskResult> => {
      performed += 1;
      return resultOf(cpuSeconds);
    },
  });
  const acts: string[] = [];
  const note = (act: string) => () => void acts.push(act);
  await run(
    claim.lease,
    {
      body: Buffer.alloc(0),
      redelivered: true,
      parked: 0,
      unanswered: [],
      ack: note("ack"),
      freePlace: () => undefined,
      deadLetter: note("dead letter"),
      park: async (step) => note(`parked ${step}`)(),
    },
    log,
  );
  return acts;
}

/** The stand-in's leases are plans. */
const resultOf = (cpuSeconds: number): TaskResult => ({
  kind: "plan",
  plan: {
    source: {
      ...{ container: "mov", codec: "h264", width: 16, height: 16, duration: 1 },
      ...{
        frameRate: { num: 25, den: 1 },
        variableFrameRate: false,
        bitDepth: 8,
        interlaced: false,
        hdr: null,
      },
      ...{ bitrate: 0, decoders: ["h264"], videoStream: 0, audio: [], text: [] },
    },
    grid: { rate: { num: 25, den: 1 }, segmentFrames: 50, totalFrames: 25, preRoll: 1 },
    rungs: [{ name: "16p", codec: "h264", width: 16, height: 16, crf: 24, maxrate: 1000 }],
    preset: "veryfast",
    chunks: [{ index: 0, firstFrame: 0, frames: null }],
    audioPieceSeconds: 30,
    mezzanine: null,
  },
  mezzanine: null,
  cpuSeconds,
  wallSeconds: 1,
});
const left = (more: object = {}) =>
  Buffer.from(JSON.stringify({ taskId, generation: 1, result: { ...resultOf(11), notes: [] }, ...more }));
const reported = () => stand.succeeded.map(({ result, adopted }) => [result.cpuSeconds, adopted]);

test("a result is left before it is reported, and the next attempt of the task reports it as its own", async () => {
  await attempt(11);
  expect(store.objects.get(key(1))?.equals(left())).toBe(true);
  expect(await attempt(22)).toEqual(["ack"]);
  expect(performed).toBe(1);
  expect(reported()).toEqual([
    [11, undefined],
    [11, 1],
  ]);
});

test("the newest that is there counts", async () => {
  await attempt(11);
  store.objects.delete(key(1));
  await attempt(22);
  await attempt(33);
  expect(performed).toBe(2);
  expect(reported().at(-1)).toEqual([22, 2]);
});

test.each([
  ["of another generation", () => left({ generation: 2 })],
  ["of another task", () => left({ taskId: randomUUID() })],
  ["of another kind", () => left({ result: { kind: "audio", pieces: 1, cpuSeconds: 11, wallSeconds: 1 } })],
  ["cut off", () => left().subarray(0, 300)],
  ["without end", () => Buffer.alloc(5 * 2 ** 20, " ")],
])("one that is %s is ignored: the work is done again", async (_, bytes) => {
  await attempt(11);
  store.put(key(1), bytes());
  expect(await attempt(22)).toEqual(["ack"]);
  expect(performed).toBe(2);
  expect(reported().at(-1)).toEqual([22, undefined]);
});

test("one that the API refuses is ignored; an API that is away is waited for", async () => {
  await attempt(11);
  stand.refusesAdopted = true;
  await attempt(22);
  expect(reported().at(-1)).toEqual([22, undefined]);
  stand.refusesAdopted = false;
  store.fault = (request) => {
    if (request.method === "GET") {
      stand.broken.status = 503;
      setTimeout(() => {
        stand.broken.status = null;
      }, 300);
    }
    return false;
  };
  expect(await attempt(33)).toEqual(["ack"]);
  expect(performed).toBe(2);
  expect(reported().at(-1)).toEqual([22, 2]);
});

test("a storage that takes no result costs nothing but the adoption", async () => {
  store.fault = (request, response) => {
    if (request.method !== "PUT") return false;
    response.writeHead(503).end();
    return true;
  };
  expect(await attempt(11)).toEqual(["ack"]);
  expect(reported()).toEqual([[11, undefined]]);
});
