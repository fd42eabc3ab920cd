/**
 * The final report of an attempt that the API refuses: the attempt reports a reason at once and never repeats
 * the refused report.
 */
import { tmpdir } from "node:os";
import { type Lease, leaseSchema } from "@storagex/contract/tasks/lease";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Delivery } from "../broker/consume.ts";
import { useEncoder } from "../media/encoders/in-use.ts";
import { software } from "../media/encoders/software.ts";
import { MediaFailure } from "../media/failure.ts";
import { makeMetrics } from "../observe/metrics.ts";
import { makeApi } from "./api.ts";
import { makeAttempt, type Perform } from "./attempt.ts";
import { makeScratchSpace } from "./scratch/scratch-space.ts";
import { type ApiStandIn, planMessage, startApiStandIn } from "./testing/api-stand-in.ts";
import { makeTurns } from "./turns/turns.ts";

const log = pino({ level: "silent" });
let stand: ApiStandIn;
beforeEach(async () => {
  stand = await startApiStandIn();
});
afterEach(() => stand.close());

/** Claims and attempts a task whose step is `perform`; returns how the delivery was settled. */
async function attempted(perform: Perform): Promise<string> {
  const api = makeApi({ baseUrl: stand.url, credential: `w1.${"s".repeat(32)}` });
  const claim = await api.claim(planMessage().taskId, { worker: "w1", redelivered: false, readsParts: true });
  if (claim.outcome !== "leased") throw new Error(claim.outcome);
  const lease: Lease = leaseSchema.parse(claim.lease);
  let end = "left";
  const note = (how: string) => async () => {
    end = how;
  };
  const delivery: Delivery = {
    ...{ body: Buffer.alloc(0), redelivered: false, parked: 0, unanswered: [] },
    freePlace: () => undefined,
    ...{ ack: note("acknowledged"), park: note("parked"), deadLetter: note("dead") },
  };
  const run = makeAttempt({
    ...{ api, metrics: makeMetrics(1), shutdown: new AbortController().signal, scratch: tmpdir(), perform },
    tools: { ffmpeg: "ffmpeg", ffprobe: "ffprobe", h264: useEncoder(software) },
    turns: makeTurns({ places: 1, memory: 2 ** 32, log }),
    space: makeScratchSpace({
      scratch: tmpdir(),
      log,
      shutdown: new AbortController().signal,
      onLacking: () => undefined,
    }),
  });
  await run(lease, delivery, log);
  return end;
}

const oddResult: Perform = async () => ({ kind: "audio", pieces: -1, cpuSeconds: 0, wallSeconds: 0 });

test("a result that the contract refuses ends the task for good, in one call", async () => {
  expect(await attempted(oddResult)).toBe("acknowledged");
  expect(stand.failed).toMatchObject([{ code: "transcoder.result_refused", retryable: false }]);
});

test("a disk that a task filled by itself, and that has space again, counts as its failure", async () => {
  const fill: Perform = async () => {
    throw new MediaFailure("transcoder.disk_full", "No space left on device");
  };
  expect(await attempted(fill)).toBe("acknowledged");
  expect(stand.failed).toMatchObject([{ code: "transcoder.disk_full", retryable: true, handBack: false }]);
});

test("an object that the store has lost is made once more", async () => {
  stand.refusesWith = "report.object_missing";
  expect(await attempted(async () => ({ kind: "audio", pieces: 1, cpuSeconds: 0, wallSeconds: 0 }))).toBe(
    "acknowledged",
  );
  expect(stand.failed).toMatchObject([
    { code: "transcoder.output_invalid", retryable: true, cause: "object-missing" },
  ]);
});
