import type { Lease } from "@storagex/contract/task";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeGrants } from "./grants.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const at = (url: string, lifeMs: number) => ({
  url,
  etag: '"e"',
  size: 1,
  expiresAt: new Date(Date.now() + lifeMs).toISOString(),
});
const leaseWith = (lifeMs: number): Lease => ({
  kind: "plan",
  index: 0,
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
  profile: { preset: "medium", av1: false },
  workers: 1,
});

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a short life is renewed at its half, a long one 15 minutes before its end; asked once in 10 s", () => {
  const short = makeGrants(leaseWith(60_000), async () => undefined);
  const long = makeGrants(leaseWith(3 * 3_600_000), async () => undefined);
  vi.setSystemTime(START + 29_000);
  expect(short.due()).toBe(false);
  vi.setSystemTime(START + 31_000);
  expect([short.due(), short.due(), long.due()]).toEqual([true, false, false]);
  vi.setSystemTime(START + 42_000);
  expect(short.due()).toBe(true);
  vi.setSystemTime(START + 3 * 3_600_000 - 14 * 60_000);
  expect(long.due()).toBe(true);
});

test("many readers that run out at once cost one report, and read the new address", async () => {
  let asked = 0;
  const grants = makeGrants(leaseWith(60_000), async () => {
    asked += 1;
    await Promise.resolve();
    grants.take({ outcome: "held", outputs: [], source: at("http://s3/second", 60_000), inputs: null });
  });
  const renewed = await Promise.all([grants.source.renew(), grants.source.renew(), grants.source.renew()]);
  expect(asked).toBe(1);
  expect(new Set(renewed.map((grant) => grant.url))).toEqual(new Set(["http://s3/second"]));
  expect(grants.source.current().url).toBe("http://s3/second");
});
