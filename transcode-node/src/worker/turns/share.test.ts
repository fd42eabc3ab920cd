import { leaseSchema } from "@storagex/contract/tasks/lease";
import { expect, test } from "vitest";
import { filmPlan } from "../../testing/film-plan.ts";
import { firstRank, memoryOf } from "./share.ts";

const base = {
  ...{ taskId: "00000000-0000-4000-8000-000000000000", videoId: "v", generation: 1, attempt: 1 },
  ...{ leaseSecret: "0123456789abcdef0123", hardLimitSeconds: 60, outputs: [], traceparent: null },
  source: { url: "http://127.0.0.1/", etag: "e", size: 1, expiresAt: "2100-01-01T00:00:00.000Z" },
};
const chunk = (seconds: number, index: number) => {
  const plan = filmPlan(seconds);
  return leaseSchema.parse({ ...base, kind: "encode", index, plan, chunk: plan.chunks[index] });
};
const track = (seconds: number, pieces: number) =>
  leaseSchema.parse({
    ...{ ...base, kind: "audio", index: 0, plan: filmPlan(seconds) },
    pinned: { pieces, initHash: null },
  });

test("the first chunk, and audio until its first piece is there, go before everything", () => {
  expect([chunk(300, 0), chunk(300, 1), chunk(30, 1)].map(firstRank)).toEqual(["express", "bulk", "short"]);
  expect([track(300, 0), track(300, 1), track(30, 1)].map(firstRank)).toEqual(["express", "bulk", "short"]);
});

test("a chunk's memory goes by its largest frame", () => {
  const of = (size: [number, number]) => {
    const plan = filmPlan(60, size);
    return (
      memoryOf(leaseSchema.parse({ ...base, kind: "encode", index: 0, plan, chunk: plan.chunks[0] })) /
      2 ** 30
    );
  };
  expect(of([1920, 1080])).toBeCloseTo(0.51, 2);
  expect(of([3840, 2160])).toBeCloseTo(1.76, 2);
});
