import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createClient, ProblemError } from "@storagex/client";
import { afterEach, expect, test } from "vitest";
import { askedUntilAnswered, type LiveEvent, liveEvents } from "./live-events.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Collects garbage, as happens by itself while a call waits. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  for (let round = 0; round < 10; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
  }
}

test("events are read over the end of a stream; a signal ends them, also after garbage was collected", async () => {
  const asked: unknown[] = [];
  server = createServer(({ headers }, response) => {
    asked.push(headers["last-event-id"]);
    response.writeHead(200, { "content-type": "text/event-stream" });
    const id = asked.length;
    response.write(`id: ${id}\nevent: video.deleted\ndata: {"id":"v${id}"}\n\nevent: other\ndata: {}\n\n`);
    if (id === 1) response.end();
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = new AbortController();
  const session = { client: createClient({ baseUrl: url, apiKey: "sxk_a" }), url };
  const events = liveEvents(session, stop.signal, async () => []);
  expect((await events.next()).value).toEqual({ event: "video.deleted", data: { id: "v1" } });
  expect((await events.next()).value).toEqual({ event: "video.deleted", data: { id: "v2" } });
  expect(asked).toEqual([undefined, "1"]);
  const end = events.next();
  await collectGarbage();
  stop.abort();
  expect(await end).toEqual({ done: true, value: undefined });
});

test("what happened while no stream was open comes before what a stream tells; where it cannot be read, one is opened again", async () => {
  let [opened, closed] = [0, 0];
  server = createServer((_request, response) => {
    opened += 1;
    response.on("close", () => {
      closed += 1;
    });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`event: video.deleted\ndata: {"id":"told"}\n\n`);
    if (opened === 1) response.end();
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = new AbortController();
  const session = { client: createClient({ baseUrl: url, apiKey: "sxk_a" }), url };
  let reads = 0;
  const catchUp = async (): Promise<LiveEvent[]> => {
    reads += 1;
    if (reads === 2) throw new TypeError("fetch failed");
    return [{ event: "video.deleted", data: { id: `read ${reads}` } }];
  };
  const events = liveEvents(session, stop.signal, catchUp);
  expect((await events.next()).value).toMatchObject({ data: { id: "read 1" } });
  expect((await events.next()).value).toMatchObject({ data: { id: "told" } });
  expect((await events.next()).value).toMatchObject({ data: { id: "read 3" } });
  expect((await events.next()).value).toMatchObject({ data: { id: "told" } });
  expect(reads).toBe(3);
  await expect.poll(() => closed, { message: "the stream that was not read is left" }).toBe(2);
  stop.abort();
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test("where the first reading fails, nothing is listened to", async () => {
  server = createServer((_request, response) =>
    response.writeHead(200, { "content-type": "text/event-stream" }).write(": connected\n\n"),
  );
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const session = { client: createClient({ baseUrl: url, apiKey: "sxk_a" }), url };
  const fails = () => Promise.reject(new TypeError("fetch failed"));
  const events = liveEvents(session, new AbortController().signal, fails);
  await expect(events.next()).rejects.toThrow("fetch failed");
});

test("a call is repeated over outages until it is answered, but not what it can never answer", async () => {
  const { signal } = new AbortController();
  const answers = [
    new TypeError("fetch failed"),
    new ProblemError(new Response(null, { status: 503 }), undefined),
    "read",
  ];
  const ask = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  expect(await askedUntilAnswered(signal, ask)).toBe("read");
  const refused = new ProblemError(new Response(null, { status: 403 }), undefined);
  await expect(askedUntilAnswered(signal, () => Promise.reject(refused))).rejects.toBe(refused);
  expect(await askedUntilAnswered(AbortSignal.abort(), ask)).toBeUndefined();
});
