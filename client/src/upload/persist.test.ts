import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProblemError } from "../problem-error.ts";
import { callApi } from "./persist.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refusal = (status: number, headers: Record<string, string> = {}) =>
  new ProblemError(new Response(null, { status, headers }), { code: "some.code", title: "No" });

/** Calls what fails with `errors`, one after the other; the clock runs as fast as it can. */
async function called(...errors: unknown[]) {
  const began = Date.now();
  let calls = 0;
  const result = callApi(async () => {
    const error = errors[calls];
    calls += 1;
    if (error) throw error;
    return "done";
  }, new AbortController().signal).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return { result: await result, calls, seconds: (Date.now() - began) / 1_000 };
}

test("outages and limits are waited for", async () => {
  expect(await called(new TypeError("fetch failed"), refusal(503))).toMatchObject({
    result: "done",
    calls: 3,
  });
  const limited = await called(refusal(429, { "retry-after": "40" }));
  expect(limited).toMatchObject({ result: "done", calls: 2 });
  expect(limited.seconds).toBeGreaterThanOrEqual(40);
});

test("what another try does not mend is said at once", async () => {
  const errors = [
    ...[refusal(404), refusal(429, { "retry-after": "600" }), new Error("a bug")],
    // More than a timer holds: it would end at once.
    refusal(503, { "retry-after": "3000000" }),
  ];
  for (const error of errors)
    expect(await called(error)).toMatchObject({ result: error, calls: 1, seconds: 0 });
});

test("an outage that does not end is given up", async () => {
  const error = new TypeError("fetch failed");
  const { result, calls, seconds } = await called(...Array.from({ length: 20 }, () => error));
  expect({ result, calls }).toEqual({ result: error, calls: 11 });
  expect(seconds).toBeGreaterThan(150);
});
