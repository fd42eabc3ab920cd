import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Clock } from "./pace.ts";
import { putPart } from "./put-part.ts";

/** Takes what is sent; answers but for `/silent`. */
let received: { length: string | undefined; bytes: Buffer }[] = [];
const storage = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  received.push({ length: request.headers["content-length"], bytes: Buffer.concat(pieces) });
  if (request.url !== "/silent") response.writeHead(received.length === 1 ? 503 : 200).end();
});
let base = "";
beforeAll(async () => {
  storage.listen(0, "127.0.0.1");
  await once(storage, "listening");
  base = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;
});
afterAll(() => {
  storage.closeAllConnections();
  storage.close();
});
beforeEach(() => {
  received = [];
});

const MIB = 1024 * 1024;
const pieces = Array.from({ length: 40 }, (_, at) => Buffer.alloc(MIB / 8, at));
const { signal } = new AbortController();

test("pieces are sent as one body of their length, and again as a whole where it was not taken", async () => {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => 0,
    wait: (ms, until) => {
      waits.push(ms);
      // The wait between two tries is over at once; that of a PUT ends with it.
      if (ms < 1_000) return Promise.resolve();
      return new Promise((resolve) => until.addEventListener("abort", () => resolve(), { once: true }));
    },
  };
  await putPart(pieces, async () => `${base}/part`, { clock, signal });
  const whole = Buffer.concat(pieces);
  expect(received.map(({ length }) => length)).toEqual([String(5 * MIB), String(5 * MIB)]);
  expect(received.every(({ bytes }) => bytes.equals(whole))).toBe(true);
  // As long as 2 Mbit/s need, and five minutes.
  expect(waits).toEqual([320_972, 500, 320_972]);
});

test("a store that answers nothing in that time is our own failure", async () => {
  const clock: Clock = {
    now: () => 0,
    wait: async () => {
      while (received.length === 0) await new Promise((resolve) => setImmediate(resolve));
      received = [];
    },
  };
  const put = putPart(pieces.slice(0, 1), async () => `${base}/silent`, {
    clock: { ...clock, wait: (ms, until) => (ms < 10_000 ? Promise.resolve() : clock.wait(ms, until)) },
    signal,
  });
  await expect(put).rejects.toThrow("the store took no part");
});
