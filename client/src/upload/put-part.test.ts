import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { putPart, UnansweredError } from "./put-part.ts";
import { blobSource } from "./source.ts";

/** Takes all that is sent, and answers when the test says so. */
const taken: ServerResponse[] = [];
const storage = createServer(async (request, response) => {
  for await (const _ of request);
  taken.push(response);
});
let url = "";
beforeAll(async () => {
  storage.listen(0, "127.0.0.1");
  await once(storage, "listening");
  url = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/`;
});
afterAll(() => {
  storage.closeAllConnections();
  storage.close();
});
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const body = blobSource(new Blob(["film"]), undefined).part(0, 4);
async function sending() {
  const put = putPart({ url, body, signal: new AbortController().signal, onProgress: () => undefined }).catch(
    (error: unknown) => error,
  );
  while (taken.length === 0) await new Promise((resolve) => setImmediate(resolve));
  return { put, answer: taken.pop() };
}

test("a storage that answers three minutes after the last byte has stored the part", async () => {
  const { put, answer } = await sending();
  vi.advanceTimersByTime(180_000);
  answer?.writeHead(200).end();
  expect(await put).toBeUndefined();
});

test("a storage that never answers has an end of its own", async () => {
  const { put } = await sending();
  vi.advanceTimersByTime(241_000);
  expect(await put).toBeInstanceOf(UnansweredError);
});
