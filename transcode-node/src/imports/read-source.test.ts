/** When a server that sends is cut as too slow, and when it is our own store that takes its time. */
import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clock, LULL_MS } from "./pace.ts";
import { emptyParts } from "./parts.ts";
import { readSource } from "./read-source.ts";

const PART = 1_000;
let answering: ServerResponse | undefined;
/** Sends its first part; the rest when the test says so. */
const server = createServer((_request, response) => {
  answering = response;
  response.writeHead(200, { "content-length": 2 * PART });
  response.write(Buffer.alloc(PART));
});
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Stands still until the test ends a wait. */
function stillClock() {
  const ends: (() => void)[] = [];
  const clock: Clock = { now: () => 0, wait: () => new Promise((resolve) => ends.push(resolve)) };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    async pass(): Promise<void> {
      while (ends.length === 0) await settled();
      ends.shift()?.();
      await settled();
    },
  };
}

async function reading(store: () => Promise<void>) {
  const { port } = server.address() as AddressInfo;
  const request = get({ port, host: "127.0.0.1" });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  request.on("error", () => undefined);
  const source = { answer, at: 0, size: 2 * PART, validator: null, hasRanges: false };
  const parts = emptyParts(source, PART);
  const { clock, pass } = stillClock();
  const read = readSource(source, parts, {
    ...{ clock, signal: new AbortController().signal, isOver: () => false },
    async store(of) {
      await store();
      of.stored.add(of.number);
      of.pieces = [];
      of.filled = 0;
    },
  });
  return { read, pass };
}

test(`a store that takes longer than three times ${LULL_MS} ms is not the server's fault`, async () => {
  const stored = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { read, pass } = await reading(() => {
    begun.resolve();
    return stored.promise;
  });
  await begun.promise;
  for (let whiles = 0; whiles < 3; whiles += 1) await pass();
  stored.resolve();
  // The while in which it ended is excused, too.
  await new Promise((resolve) => setImmediate(resolve));
  await pass();
  answering?.end(Buffer.alloc(PART));
  expect(await read).toBe("whole");
});

test("a server that sends nothing for a while is cut", async () => {
  const { read, pass } = await reading(async () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  for (let whiles = 0; whiles < 2; whiles += 1) await pass();
  expect(await read).toBe("cut");
});
