import type { FoundParts } from "@storagex/contract/uploads/upload";
import { expect, test } from "vitest";
import { type Calls, PartSender } from "./part-sender.ts";
import { PartUrls } from "./part-urls.ts";
import { PutError, type PutOptions, UnansweredError } from "./put-part.ts";
import { Slots } from "./slots.ts";

const LAYOUT = { size: 60, partSize: 10 };
const FILE = new Blob([Uint8Array.from({ length: 60 }, (_, at) => at)]);

type Put = (number: number, options: PutOptions) => Promise<void>;
type FindParts = (arrived: ReadonlyMap<number, number>) => FoundParts;

/** A sender of six parts to a store in memory. */
function setUp({
  put,
  findParts,
  stored = [],
}: {
  put?: Put;
  findParts?: FindParts;
  stored?: number[];
} = {}) {
  const arrived = new Map<number, number>();
  const order: number[] = [];
  const asked: number[][] = [];
  const finds = { count: 0 };
  const progress: number[] = [];
  const urls = new PartUrls(async (numbers) => {
    asked.push(numbers);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    return numbers.map((partNumber) => ({ partNumber, url: `${partNumber}?${asked.length}`, expiresAt }));
  }, 6);
  const calls: Calls = {
    async put(options) {
      const number = Number.parseInt(options.url, 10);
      order.push(number);
      await put?.(number, options);
      const bytes = new Uint8Array(await options.body.arrayBuffer());
      arrived.set(number, bytes[0] ?? -1);
    },
    async findParts() {
      finds.count += 1;
      return findParts?.(arrived) ?? { parts: [], wanted: [] };
    },
    pause: () => new Promise((resolve) => setTimeout(resolve, 1)),
  };
  const sender = new PartSender({
    ...{ file: FILE, layout: LAYOUT, stored, urls, calls, slots: new Slots(5) },
    onProgress: (sent) => void progress.push(sent),
  });
  return { sender, arrived, order, asked, finds, progress };
}

const ALL = new Map([1, 2, 3, 4, 5, 6].map((number) => [number, (number - 1) * 10]));
const never = new AbortController().signal;

test("each part is sent once with its own bytes, the wanted ones early", async () => {
  const found = new Set<number>();
  const findParts: FindParts = (arrived) => {
    const parts = [...arrived.keys()].filter((number) => !found.has(number));
    for (const number of parts) found.add(number);
    return { parts: parts.map((partNumber) => ({ partNumber, size: 10, etag: "e" })), wanted: [5] };
  };
  const { sender, arrived, order, progress } = setUp({ findParts });
  await sender.run(never);
  expect(arrived).toEqual(ALL);
  expect(order.slice(0, 2)).toEqual([1, 6]);
  expect(order.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(order.indexOf(5)).toBeLessThan(order.indexOf(4));
  expect(progress.at(-1)).toBe(60);
});

test("parts do not begin together: the second waits until three quarters of the first are sent, but not while it is tried again", async () => {
  const begun: string[] = [];
  let hasFailed = false;
  const put: Put = async (number, { onProgress }) => {
    begun.push(`${number}`);
    if (number === 1 && !hasFailed) {
      hasFailed = true;
      throw new PutError(503);
    }
    for (const sent of [7, 8, 10]) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      onProgress(sent);
      begun.push(`${number}: ${sent}`);
    }
  };
  await setUp({ put }).sender.run(never);
  // The last part begins beside the first, which waits for its second attempt.
  expect(begun.slice(0, 2)).toEqual(["1", "6"]);

  begun.length = 0;
  await setUp({ put }).sender.run(never);
  expect(begun.indexOf("6")).toBeGreaterThan(begun.indexOf("1: 8"));
  expect(begun.indexOf("6")).toBeLessThan(begun.indexOf("1: 10"));
  expect(begun.indexOf("6")).toBeLessThan(begun.indexOf("2"));
});

test("the server is asked on while it reads the file, which it may refuse", async () => {
  let count = 0;
  const findParts: FindParts = () => {
    count += 1;
    if (count === 3) throw new Error("refused");
    return { parts: count === 1 ? [{ partNumber: 1, size: 10, etag: "e" }] : [], wanted: [6] };
  };
  const put: Put = (number, { signal }) =>
    new Promise((resolve, reject) => {
      if (number === 1) resolve();
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const { sender, arrived } = setUp({ put, findParts });
  await expect(sender.run(never)).rejects.toThrow("refused");
  expect([...arrived.keys()]).toEqual([1]);
});

test("only what is missing is sent, and a part that the server lost again", async () => {
  const { sender, order } = setUp({ stored: [1, 2, 6] });
  await sender.run(never);
  expect(order).toEqual([3, 4, 5]);
  sender.sendAgain([4]);
  await sender.run(never);
  expect(order).toEqual([3, 4, 5, 4]);
});

test("a refused part is sent again, after 403 with a new URL; what cannot pass ends the run", async () => {
  const refusals = [503, 403];
  const put: Put = async (number) => {
    const status = number === 1 ? refusals.shift() : undefined;
    if (status) throw new PutError(status);
  };
  const { sender, arrived, asked } = setUp({ put });
  await sender.run(never);
  expect(arrived).toEqual(ALL);
  expect(asked.filter((numbers) => numbers.includes(1))).toHaveLength(2);

  const refused = setUp({ put: () => Promise.reject(new PutError(400)) });
  await expect(refused.sender.run(never)).rejects.toMatchObject({ status: 400 });
});

test("a part that is sent as a whole without an answer is sent three times, then the run ends", async () => {
  let silences = 2;
  const put: Put = async (number) => {
    if (number !== 2 || silences === 0) return;
    silences -= 1;
    throw new UnansweredError("no answer");
  };
  const { sender, arrived } = setUp({ put });
  await sender.run(never);
  expect(arrived).toEqual(ALL);

  silences = 3;
  const silent = setUp({ put });
  await expect(silent.sender.run(never)).rejects.toMatchObject({ name: "UnansweredError" });
  expect(silent.order.filter((number) => number === 2)).toHaveLength(3);
});

test("a pause stops what is on the way, and the next run sends the rest", async () => {
  const stop = new AbortController();
  const put: Put = async (number, { signal }) => {
    if (number !== 3 || stop.signal.aborted) return;
    queueMicrotask(() => stop.abort(new Error("paused")));
    await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  };
  const { sender, arrived, order } = setUp({ put });
  await expect(sender.run(stop.signal)).rejects.toThrow("paused");
  const before = new Set(arrived.keys());
  expect(before.has(3)).toBe(false);
  await sender.run(never);
  expect(arrived).toEqual(ALL);
  // None that was stored is sent twice; those on the way are.
  for (const number of before) expect(order.filter((each) => each === number)).toHaveLength(1);
});

test("a server that stores no objects is not asked for long, and one that ends the upload ends the run", async () => {
  const { sender, finds } = setUp();
  await sender.run(never);
  expect(finds.count).toBeLessThanOrEqual(3);

  const refused = setUp({
    findParts: () => {
      throw new Error("refused");
    },
  });
  await expect(refused.sender.run(never)).rejects.toThrow("refused");
  expect(refused.arrived.size).toBeLessThan(6);
});
