/** What a worker may report and request: renewed URLs of its own uploads, and nothing impossible. */

import type { MultipartGrant } from "@storagex/contract/tasks/grants";
import type { Lease } from "@storagex/contract/tasks/lease";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { expect, test } from "vitest";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { leased, planOf } from "./support/worker.ts";

usePipeline();

const PLAN = planOf(1, 0);
const GIB = 2 ** 30;
async function lease(kind: "plan" | "encode"): Promise<Lease> {
  const id = kind === "plan" ? await ann.uploaded() : await edge.planned(ann, PLAN);
  return leased(await edge.worker.claim((await edge.task(id, kind)).id));
}

async function wanted(held: Lease, size: number, uploadId: string | null): Promise<MultipartGrant | null> {
  const want = [{ name: "mezzanine.mp4", size, uploadId }];
  const answer = await edge.worker.progress(held.taskId, held, { want });
  if (answer.outcome !== "held") throw new Error("gone");
  const [grant] = answer.outputs;
  if (!grant) return null;
  if (!("uploadId" in grant)) throw new Error("no multipart");
  return grant;
}

const sent = async (url = "", size = 0) =>
  (await fetch(url, { method: "PUT", body: new Uint8Array(size) })).status;

test("a large output's URLs are renewed for the same upload, which ends as one object", async () => {
  const held = await lease("plan");
  const size = 16 * 2 ** 20 + 5;
  const begun = await wanted(held, size, null);
  const renewed = await wanted(held, size, begun?.uploadId ?? "");
  expect(renewed?.uploadId).toBe(begun?.uploadId);
  expect(renewed?.parts.length).toBe(2);
  expect(await sent(begun?.parts[0]?.url, 16 * 2 ** 20)).toBe(200);
  expect(await sent(renewed?.parts[1]?.url, 5)).toBe(200);
  const mezzanine = { name: "mezzanine.mp4", size, etag: null, uploadId: renewed?.uploadId ?? null };
  const plan = { ...PLAN, mezzanine: { size } };
  const result: TaskResult = { kind: "plan", plan, mezzanine, cpuSeconds: 1, wallSeconds: 1 };
  expect(await edge.worker.succeed(held.taskId, held, result)).toBe("done");
});

test("URLs for an upload of another key are good for nothing", async () => {
  const other = await wanted(await lease("plan"), 100, null);
  const grant = await wanted(await lease("plan"), 100, other?.uploadId ?? "");
  expect(await sent(grant?.parts[0]?.url, 100)).toBe(404);
});

test("no room is given to an output far larger than all that is stored of the video", async () => {
  const held = await lease("plan");
  expect(await wanted(held, GIB, null)).toBeNull();
  expect((await wanted(held, 64 * 2 ** 20, null))?.parts.length).toBe(4);
});

test.each([
  ["a bigger object than one PUT takes", { size: 6 * GIB }],
  ["a timescale beyond its field", { timescale: 2 ** 32 }],
  ["a year of frames", { frames: 365 * 24 * 3600 * 60 }],
  ["a segment of no place", { segments: [{ offset: 2 ** 53, length: 1000, duration: 50 }] }],
])("%s is refused, and nothing is written", async (_, absurd) => {
  const held = await lease("encode");
  const result = await edge.worker.resultOf(held, PLAN);
  if (result.kind !== "encode") throw new Error("no encode");
  const objects = result.objects.map((object) => ({ ...object, ...absurd }));
  const { attempt, leaseSecret } = held;
  const said = await edge.worker.send(`tasks/${held.taskId}/succeed`, {
    attempt,
    leaseSecret,
    result: { ...result, objects },
  });
  expect(said.status).toBe(422);
  expect(await edge.worker.succeed(held.taskId, held, result)).toBe("done");
});

test.each([{ speed: 1e9 }, { attempt: 2 ** 31 }, { want: [{ name: "mezzanine.mp4", size: 6 * 2 ** 40 }] }])(
  "a progress report with %j is refused",
  async (absurd) => {
    const held = await lease("plan");
    const { attempt, leaseSecret } = held;
    const report = { attempt, leaseSecret, progress: 0.5, speed: 1, ...absurd };
    expect((await edge.worker.send(`tasks/${held.taskId}/progress`, report)).status).toBe(422);
  },
);
