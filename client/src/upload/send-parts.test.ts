import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { PartUrls } from "./part-urls.ts";
import { sendParts } from "./send-parts.ts";
import { blobSource, type Source } from "./source.ts";

const PART = 100;
const SIZE = 4 * PART + 30;

/** A storage that takes what it is sent, and answers as `answers` says: statuses by path, the next first. */
let base = "";
let received: { path: string; length: string | undefined; bytes: string }[] = [];
let answers: Record<string, number[]> = {};
const storage = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    // The upload was ended.
    return;
  }
  const path = request.url ?? "";
  received.push({ path, length: request.headers["content-length"], bytes: Buffer.concat(chunks).toString() });
  response.writeHead(answers[path]?.shift() ?? 200).end();
});
beforeAll(async () => {
  await new Promise<void>((listening) => storage.listen(0, "127.0.0.1", listening));
  base = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;
});
afterAll(() => storage.close());
beforeEach(() => {
  received = [];
  answers = {};
});

const text = Array.from({ length: SIZE }, (_, at) => String.fromCharCode(97 + (at % 26))).join("");
const never = new AbortController().signal;

/** Five parts to that storage, one at a time. `generation` is in the URLs: it counts the calls for them. */
function setting(stored: number[], wanted: number[]) {
  const ticket = {
    videoId: "v",
    token: undefined,
    partSize: PART,
    partCount: 5,
    stored: new Set(stored),
    urls: [],
  };
  const asked: number[][] = [];
  const fetchUrls = async (numbers: number[]) => {
    asked.push(numbers);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    return numbers.map((partNumber) => ({
      partNumber,
      url: `${base}/${partNumber}/${asked.length}`,
      expiresAt,
    }));
  };
  const progress: number[] = [];
  return {
    ...{ asked, progress, ticket, signal: never, connections: 1 },
    source: blobSource(new Blob([text]), undefined),
    urls: new PartUrls(fetchUrls, []),
    findParts: async () => ({ parts: [], wanted }),
    onProgress: (sent: number) => progress.push(sent),
  };
}

const numbers = () => received.map(({ path }) => Number(path.split("/")[1]));

test("the first part and the last, then what is wanted, then the rest; whole, and each of its length", async () => {
  const sending = setting([], [4, 5]);
  await sendParts(sending);
  expect(numbers().slice(0, 2).sort()).toEqual([1, 5]);
  expect(numbers().slice(2)).toEqual([4, 2, 3]);
  for (const { path, length, bytes } of received) {
    const number = Number(path.split("/")[1]);
    expect(bytes).toBe(text.slice((number - 1) * PART, number * PART));
    expect(length).toBe(String(bytes.length));
  }
  expect(sending.progress.at(-1)).toBe(SIZE);
  // URLs are asked for together.
  expect(sending.asked.flat().sort()).toEqual([1, 2, 3, 4, 5]);
  expect(sending.asked.length).toBeLessThan(3);
});

test("what is stored is not sent again, and counts from the beginning", async () => {
  const sending = setting([1, 2, 5], []);
  await sendParts(sending);
  expect(numbers()).toEqual([3, 4]);
  expect(sending.progress[0]).toBe(2 * PART + 30);
});

test("a failed part is sent again, after 403 to another URL; another refusal ends the upload", async () => {
  const sending = setting([1, 4, 5], []);
  answers = { "/2/1": [503], "/3/1": [403] };
  await sendParts(sending);
  expect(received.map(({ path }) => path)).toEqual(["/2/1", "/2/1", "/3/1", "/3/2"]);

  answers = { "/2/1": [411] };
  const refused = setting([1, 5], []);
  await expect(sendParts(refused)).rejects.toMatchObject({ name: "PutError", status: 411 });
});

/**
 * A source whose parts come in two pieces, the first of `share` of the part; `between` is awaited before the second.
 * `events` gets what is read of which part.
 */
function inPieces(share: number, events: string[], between: (number: number) => Promise<void>): Source {
  const part = (from: number, to: number) => {
    const number = from / PART + 1;
    const cut = from + (to - from) * share;
    async function* pieces() {
      events.push(`${number} is read`);
      yield Buffer.from(text.slice(from, cut));
      await between(number);
      yield Buffer.from(text.slice(cut, to));
    }
    const stream = () => {
      events.push(`${number} begins`);
      return Readable.toWeb(Readable.from(pieces())) as ReadableStream<Uint8Array>;
    };
    return { size: to - from, stream };
  };
  return { ...blobSource(new Blob([text]), undefined), part };
}

test("parts do not begin together: the second waits until three quarters of the first are sent", async () => {
  const events: string[] = [];
  let isBeside: boolean | undefined;
  const source = inPieces(0.75, events, async (number) => {
    if (number !== 1) return;
    // Turns and no time: a part that stands still would let the next begin after a while.
    for (let turn = 0; turn < 200; turn += 1) await new Promise((done) => setImmediate(done));
    isBeside ??= events.includes("5 begins");
  });
  await sendParts({ ...setting([], []), connections: 4, source });
  expect(isBeside).toBe(true);
  expect(events.slice(0, 3)).toEqual(["1 begins", "1 is read", "5 begins"]);
  expect(events.indexOf("3 begins")).toBeGreaterThan(events.indexOf("2 is read"));
  expect(numbers().sort()).toEqual([1, 2, 3, 4, 5]);
});

test("a part that stands still before that keeps no other waiting", async () => {
  const events: string[] = [];
  const source = inPieces(0.4, events, async (number) => {
    if (number === 2) await expect.poll(numbers, { timeout: 20_000 }).toEqual([3, 4]);
  });
  await sendParts({ ...setting([1, 5], []), connections: 2, source });
  expect(numbers()).toEqual([3, 4, 2]);
  expect(events.filter((event) => event === "2 begins")).toHaveLength(1);
});

test("the server is asked on while it reads the file, and what it answers then ends the upload", async () => {
  let asked = 0;
  const findParts = async () => {
    asked += 1;
    if (asked === 3) throw new Error("refused");
    return { parts: asked === 1 ? [{ partNumber: 1 }] : [], wanted: [5] };
  };
  const stop = new AbortController();
  // The last part does not end before the upload does.
  const source = inPieces(0.75, [], (number) =>
    number === 5
      ? new Promise((resolve) => stop.signal.addEventListener("abort", () => resolve()))
      : Promise.resolve(),
  );
  const sending = { ...setting([], []), connections: 2, source, findParts, signal: stop.signal };
  await expect(sendParts(sending).finally(() => stop.abort())).rejects.toThrow("refused");
});
