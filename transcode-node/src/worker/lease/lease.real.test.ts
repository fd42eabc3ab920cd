/** A lease's hard limit is time that the machine was awake, whatever its clock says meanwhile. */
import { setTimeout as delay } from "node:timers/promises";
import { leaseSchema } from "@storagex/contract/tasks/lease";
import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { makeApi } from "../api.ts";
import { planMessage, startApiStandIn } from "../testing/api-stand-in.ts";
import { holdLease } from "./lease.ts";

test("a clock that jumps by hours ends no lease", async () => {
  const stand = await startApiStandIn();
  stand.hardLimitSeconds = 3;
  const api = makeApi({ baseUrl: stand.url, credential: `w1.${"s".repeat(32)}` });
  const claim = await api.claim(planMessage().taskId, { worker: "w1", redelivered: false, readsParts: true });
  if (claim.outcome !== "leased") throw new Error(claim.outcome);
  const log = pino({ level: "silent" });
  const shutdown = new AbortController().signal;
  // As a machine that sleeps and wakes while the lease's timer waits.
  let asleepMs = 0;
  const now = Date.now.bind(Date);
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now() + asleepMs);
  let stoppedMs = 0;
  const held = holdLease(leaseSchema.parse(claim.lease), { api, log, shutdown, stoppedMs: () => stoppedMs });
  try {
    asleepMs = 8 * 3_600_000;
    stoppedMs = 2_000;
    await delay(3_500);
    expect(held.ended()).toBeNull();
    await expect.poll(() => held.ended()?.why).toBe("time");
  } finally {
    clock.mockRestore();
    await held.release();
    await stand.close();
  }
});
