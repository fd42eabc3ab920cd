import { expect, test, vi } from "vitest";
import { ApiError } from "./api-error.ts";
import { keepTrying } from "./retry.ts";

/** Fails `times` times with `error`, then succeeds; counts its calls. */
function failing(times: number, error: Error) {
  const act = vi.fn(async () => {
    if (act.mock.calls.length <= times) throw error;
    return "done";
  });
  return act;
}
const away = new ApiError("no answer", null);

const soon = (ms: number) => ({ until: performance.now() + ms });

test.each([
  ["an API that is away and comes back is asked until it answers", away, 2],
  ["a refusal of the body is final", new ApiError("422", 422), 1],
  ["a credential that is not known yet is tried again", new ApiError("401", 401), 2],
])("%s", async (_, error, calls) => {
  const act = failing(1, error);
  const outcome = await keepTrying(act, soon(5_000)).catch(() => "gave up");
  expect(act).toHaveBeenCalledTimes(calls);
  expect(outcome).toBe(calls === 1 ? "gave up" : "done");
});

test("the end of the time and an abort end it with the last error", async () => {
  const late = keepTrying(failing(1_000, away), soon(100));
  const stopping = new AbortController();
  const stopped = keepTrying(failing(1_000, away), { ...soon(600_000), signal: stopping.signal });
  stopping.abort();
  expect(await Promise.allSettled([late, stopped])).toMatchObject([
    { status: "rejected", reason: away },
    { status: "rejected", reason: away },
  ]);
});
