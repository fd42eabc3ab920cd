import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { within } from "./within.ts";

const never = new AbortController().signal;
/** Ends with its signal only. */
const waits = (signal: AbortSignal) => sleep(60_000, undefined, { signal });

test("a call without an answer ends after its time, whatever it does with its signal", async () => {
  await expect(within(10, never, () => sleep(60_000, undefined, { ref: false }))).rejects.toMatchObject({
    name: "TimeoutError",
  });
  let was: AbortSignal | undefined;
  const call = within(10, never, (signal) => {
    was = signal;
    return waits(signal);
  });
  await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
  expect(was?.aborted).toBe(true);
});

test("a call ends with its signal, and is not begun after it", async () => {
  const stop = new AbortController();
  const call = within(60_000, stop.signal, waits);
  stop.abort(new Error("enough"));
  await expect(call).rejects.toThrow("enough");
  let calls = 0;
  await expect(within(60_000, stop.signal, async () => (calls += 1))).rejects.toThrow("enough");
  expect(calls).toBe(0);
});

test("an answer in time is passed on", async () => {
  expect(await within(60_000, never, async () => "answered")).toBe("answered");
});
