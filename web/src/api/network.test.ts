import { expect, test } from "vitest";
import { ApiError, unreachable } from "./api-error.ts";
import { isStorageAway, throughOutages, tryNow, UnreachedError, waiting } from "./network.ts";

/** Calls `tryNow` as soon as somebody waits. */
async function wakeOnce(): Promise<void> {
  while (waiting() === 0) await new Promise((resolve) => setImmediate(resolve));
  tryNow();
}

test("a call goes on through lost networks, a server that is away, and a session that has ended", async () => {
  const failures = [
    unreachable(),
    new ApiError(503, "database.unavailable", "away"),
    new ApiError(401, "auth.required", "Sign in first."),
  ];
  const call = throughOutages(async () => {
    const failure = failures.shift();
    if (failure) throw failure;
    return "answered";
  });
  for (let left = 3; left > 0; left -= 1) await wakeOnce();
  expect(await call).toBe("answered");
  expect(waiting()).toBe(0);
});

test("what a call waits for is known: a server that is busy is no storage that is away", async () => {
  for (const [failure, isStorage] of [
    [new ApiError(429, "request.too_many", "later"), false],
    [new UnreachedError("storage was not reached"), true],
  ] as const) {
    let isOver = false;
    const call = throughOutages(async () => {
      if (!isOver) throw failure;
    });
    while (waiting() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(isStorageAway()).toBe(isStorage);
    isOver = true;
    tryNow();
    await call;
  }
});

test("a refusal is thrown at once", async () => {
  let calls = 0;
  const refused = throughOutages(async () => {
    calls += 1;
    throw new ApiError(409, "upload.incomplete", "parts are missing");
  });
  await expect(refused).rejects.toMatchObject({ code: "upload.incomplete" });
  expect(calls).toBe(1);
});

test("waiting ends with the signal", async () => {
  const ended = new AbortController();
  const call = throughOutages(async () => {
    throw unreachable();
  }, ended.signal);
  while (waiting() === 0) await new Promise((resolve) => setImmediate(resolve));
  ended.abort(new Error("cancelled"));
  await expect(call).rejects.toThrow("cancelled");
  expect(waiting()).toBe(0);
});

test("an answer that comes after the signal's end is not lost; nothing is asked again", async () => {
  const ended = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string>();
  const call = throughOutages(() => promise, ended.signal);
  ended.abort(new Error("cancelled"));
  resolve("made");
  expect(await call).toBe("made");
  let calls = 0;
  const again = throughOutages(async () => {
    calls += 1;
  }, ended.signal);
  await expect(again).rejects.toThrow("cancelled");
  expect(calls).toBe(0);
});
