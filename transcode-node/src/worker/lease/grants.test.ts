import type { Lease } from "@storagex/contract/tasks/lease";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeGrants } from "./grants.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const at = (url: string, lifeMs: number) => ({
  url,
  etag: '"e"',
  size: 1,
  expiresAt: new Date(Date.now() + lifeMs).toISOString(),
});
const base = (lifeMs: number) => ({
  index: 0 as const,
  taskId: "00000000-0000-4000-8000-000000000000",
  videoId: "v",
  generation: 1,
  attempt: 1,
  leaseSecret: "01234567890123456789",
  hardLimitSeconds: 60,
  source: at("http://s3/first", lifeMs),
  outputs: [],
  left: [],
  traceparent: null,
});
const leaseWith = (lifeMs: number): Lease => ({
  ...base(lifeMs),
  kind: "plan",
  profile: { preset: "medium", av1: false },
  workers: 1,
});
const RUNG = { name: "360p", codec: "h264" as const, width: 640, height: 360, crf: 24, maxrate: 800_000 };
const SOURCE = {
  ...{ container: "mov", codec: "h264", width: 640, height: 360, duration: 10, bitrate: 0, bitDepth: 8 },
  ...{ frameRate: { num: 25, den: 1 }, variableFrameRate: false, interlaced: false, hdr: null, decoders: [] },
  ...{ videoStream: 0, audio: [], text: [] },
};
/** A `finish` lease whose source and input grants are valid for these times. */
function finishWith(sourceMs: number, inputMs: number): Lease {
  const piece = { ...at("http://s3/piece", inputMs), initLength: 1, initHash: "h", frames: 250 };
  const grid = { rate: { num: 25, den: 1 }, segmentFrames: 50, totalFrames: 250, preRoll: 0 };
  const chunks = [{ index: 0, firstFrame: 0, frames: null }];
  return {
    ...base(sourceMs),
    kind: "finish",
    plan: {
      ...{ source: SOURCE, grid, rungs: [RUNG], preset: "veryfast", chunks },
      ...{ audioPieceSeconds: 4, mezzanine: null },
    },
    inputs: { video: [piece], audio: [], overview: [piece], samples: [], rung: RUNG, duration: 10 },
  };
}

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const unasked = async () => ({
  outcome: "held" as const,
  outputs: [],
  source: null,
  sourceParts: [],
  inputs: null,
});
const never = (): never => {
  throw new Error("given back");
};

test("a short life is renewed at its half, a long one 15 minutes before its end; asked once in 10 s", () => {
  const short = makeGrants(leaseWith(60_000), unasked, never);
  const long = makeGrants(leaseWith(3 * 3_600_000), unasked, never);
  vi.setSystemTime(START + 29_000);
  expect(short.due()).toBe(false);
  vi.setSystemTime(START + 31_000);
  expect([short.due(), short.due(), long.due()]).toEqual([true, false, false]);
  vi.setSystemTime(START + 42_000);
  expect(short.due()).toBe(true);
  vi.setSystemTime(START + 3 * 3_600_000 - 14 * 60_000);
  expect(long.due()).toBe(true);
});

test("the inputs of a finish count, and nothing else that it names", () => {
  const grants = makeGrants(finishWith(3 * 3_600_000, 60_000), unasked, never);
  vi.setSystemTime(START + 29_000);
  expect(grants.due()).toBe(false);
  vi.setSystemTime(START + 31_000);
  expect(grants.due()).toBe(true);
  expect(grants.inputs.overview[0]?.current().url).toBe("http://s3/piece");
});

test("many readers that run out at once cost one report, and read the new address", async () => {
  let asked = 0;
  const grants = makeGrants(
    leaseWith(60_000),
    async () => {
      asked += 1;
      await Promise.resolve();
      const source = at("http://s3/second", 60_000);
      const answer = { outcome: "held" as const, outputs: [], source, sourceParts: [], inputs: null };
      grants.take(answer);
      return answer;
    },
    never,
  );
  const renewed = await Promise.all([grants.source.renew(), grants.source.renew(), grants.source.renew()]);
  expect(asked).toBe(1);
  expect(new Set(renewed.map((grant) => grant.url))).toEqual(new Set(["http://s3/second"]));
  expect(grants.source.current().url).toBe("http://s3/second");
});
