/** A source in parts, read from an object store while parts come, go, and become one object. */
import { randomBytes } from "node:crypto";
import type { PartGrant, SourceGrant } from "@storagex/contract/tasks/grants";
import type { Lease } from "@storagex/contract/tasks/lease";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Store, startStore } from "../../testing/store.ts";
import { type Renewable, readRange, streamRange } from "../../transfer/object-read.ts";
import type { PartSpan } from "./lease.ts";
import { partReads } from "./part-reads.ts";

const PART = 1000;
const file = randomBytes(3 * PART + 1);
const LATER = "2100-01-01T00:00:00.000Z";
let store: Store;
/** Parts that the API grants, and whether it grants them from the whole source. */
let arrived: Set<number>;
let isWhole: boolean;
let asked: number[][];

beforeEach(async () => {
  store = await startStore();
  arrived = new Set();
  isWhole = false;
  asked = [];
});
afterEach(() => store[Symbol.asyncDispose]());

function arrive(...numbers: number[]): void {
  for (const number of numbers) {
    store.put(`part ${number}`, file.subarray((number - 1) * PART, number * PART));
    arrived.add(number);
  }
}

function becomeWhole(): void {
  store.put("source", file);
  for (const number of arrived) store.objects.delete(`part ${number}`);
  isWhole = true;
}

const grantOf = (partNumber: number): PartGrant =>
  isWhole
    ? { ...store.grant("source"), partNumber, skip: (partNumber - 1) * PART }
    : { ...store.grant(`part ${partNumber}`), partNumber, skip: 0 };

/** The source of a lease of `kind`, and what the task was given back for. */
function sourceOf(kind: Lease["kind"]): Renewable & { givenBack: PartSpan[] } {
  const grant: SourceGrant = {
    ...{ url: store.url("source"), etag: "", size: file.length, expiresAt: LATER },
    parts: { partSize: PART },
  };
  const givenBack: PartSpan[] = [];
  const ask = async ({ sourceParts: numbers = [] }: { sourceParts?: number[] }) => {
    asked.push(numbers);
    const sourceParts = numbers.filter((number) => arrived.has(number)).map(grantOf);
    return { outcome: "held" as const, outputs: [], source: null, sourceParts, inputs: null };
  };
  const parts = partReads({ kind, source: grant }, ask, (span) => {
    givenBack.push(span);
    throw new Error("given back");
  });
  return { current: () => grant, renew: async () => grant, parts, givenBack };
}

const signal = AbortSignal.timeout(300_000);

test("is read over the borders of its parts, which are asked for together", async () => {
  arrive(1, 2, 3, 4);
  const source = sourceOf("encode");
  expect((await readRange(source, 900, 3 * PART, signal)).equals(file.subarray(900))).toBe(true);
  expect(asked).toEqual([[1, 2, 3, 4]]);
  expect((await readRange(source, 0, 10 * PART, signal)).equals(file)).toBe(true);
  expect(asked).toHaveLength(1);
});

test("audio waits for the next part, and goes on with it", async () => {
  arrive(1);
  const source = sourceOf("audio");
  const read: Uint8Array[] = [];
  for await (const bytes of streamRange(source, 0, 2 * PART - 1, signal)) {
    read.push(bytes);
    if (bytes.length === 0) arrive(2);
  }
  expect(Buffer.concat(read).equals(file.subarray(0, 2 * PART))).toBe(true);
  expect(source.givenBack).toEqual([]);
});

test("audio that waits for a part is given back after a minute, however far it wants to read", async () => {
  arrive(1);
  for (const isSought of [true, false]) {
    const { parts, givenBack } = sourceOf("audio");
    parts?.missing(2, 59_999, isSought);
    expect(givenBack).toEqual([]);
    expect(() => parts?.missing(2, 60_000, isSought)).toThrow("given back");
    expect(givenBack).toEqual([{ from: 2, to: 2 }]);
  }
});

test("a chunk reads on into what has not come, and is given back only where it wants exactly that", async () => {
  arrive(1);
  const source = sourceOf("encode");
  let waits = 0;
  for await (const bytes of streamRange(source, 500, 2 * PART, signal))
    if (bytes.length === 0 && ++waits === 2) break;
  expect([waits, source.givenBack]).toEqual([2, []]);
  const wanted = streamRange(source, PART, 2 * PART, signal);
  await expect(wanted.next()).rejects.toThrow("given back");
  expect(source.givenBack).toEqual([{ from: 2, to: 2 }]);
});

test("a plan that reads everything is given back for all parts unless all are there", async () => {
  arrive(1, 2, 3);
  const source = sourceOf("plan");
  await expect(source.parts?.requireWhole()).rejects.toThrow("given back");
  expect(source.givenBack).toEqual([{ from: 1, to: 4 }]);
  arrive(4);
  await source.parts?.requireWhole();
});

test("parts that became one object are read there, also where they are gone already", async () => {
  arrive(1, 2, 3, 4);
  const source = sourceOf("encode");
  expect((await readRange(source, 0, 99, signal)).equals(file.subarray(0, 100))).toBe(true);
  becomeWhole();
  expect((await readRange(source, 0, 4 * PART, signal)).equals(file)).toBe(true);
});

test("a part that has other bytes now fails the read, in whatever it lies", async () => {
  arrive(1, 2);
  const source = sourceOf("encode");
  await readRange(source, 0, 99, signal);
  const pinned = grantOf(1);
  store.put("part 1", randomBytes(PART));
  arrived.delete(1);
  const stale = {
    ...source,
    parts: source.parts && {
      ...source.parts,
      find: async () => ({ current: () => pinned, renew: async () => pinned }),
    },
  };
  await expect(readRange(stale, 0, 99, signal)).rejects.toMatchObject({ code: "source.changed" });
});
