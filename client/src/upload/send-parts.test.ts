import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Arrivals } from "./arrivals.ts";
import { PartUrls } from "./part-urls.ts";
import { sendParts } from "./send-parts.ts";
import { blobSource } from "./source.ts";

const PART = 100;
const SIZE = 4 * PART + 30;

/** A storage that takes what it is sent, and answers as `answers` says: statuses by path, the next first. */
let base = "";
let received: { path: string; length: string | undefined; bytes: string }[] = [];
let answers: Record<string, number[]> = {};
const storage = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
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
  const ticket = { videoId: "v", partSize: PART, partCount: 5, stored: new Set(stored), urls: [] };
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
  const onFailure = (error: unknown) => {
    throw error;
  };
  return {
    ...{ asked, progress, ticket, signal: never, connections: 1 },
    source: blobSource(new Blob([text]), undefined),
    urls: new PartUrls(fetchUrls, []),
    arrivals: new Arrivals(async () => ({ parts: [], wanted }), never, onFailure),
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
