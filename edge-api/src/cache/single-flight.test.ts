/** Single flight: identical requests share one answer, concurrency is limited, and no slot is lost. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeSingleFlight } from "./single-flight.ts";

const edge = { waitUntil: () => undefined };

/** A request that completes when the test says so. */
function question() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const ask = vi.fn(() => promise);
  return { ask, resolve, reject };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("those who ask the same at once get one answer; who comes later asks anew", async () => {
  const share = makeSingleFlight<string>(2);
  const first = question();
  const both = [share(edge, "a", first.ask), share(edge, "a", first.ask)];
  first.resolve("one");
  expect(await Promise.all(both)).toEqual(["one", "one"]);
  expect(first.ask).toHaveBeenCalledTimes(1);
  expect(await share(edge, "a", async () => "two")).toBe("two");
});

test("a failure reaches all who wait, and is forgotten", async () => {
  const share = makeSingleFlight<string>(2);
  const first = question();
  const both = [share(edge, "a", first.ask), share(edge, "a", first.ask)];
  first.reject(new Error("no"));
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await share(edge, "a", async () => "two")).toBe("two");
});

test("others wait for a place", async () => {
  const share = makeSingleFlight<string>(1);
  const [first, second] = [question(), question()];
  const one = share(edge, "a", first.ask);
  const two = share(edge, "b", second.ask);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(second.ask).not.toHaveBeenCalled();
  first.resolve("one");
  expect(await one).toBe("one");
  await vi.advanceTimersByTimeAsync(100);
  second.resolve("two");
  expect(await two).toBe("two");
});

test("one that never lands is neither joined for ever nor keeps its place", async () => {
  const share = makeSingleFlight<string>(1);
  void share(edge, "a", question().ask);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(await share(edge, "b", async () => "other")).toBe("other");
  expect(await share(edge, "a", async () => "again")).toBe("again");
});
