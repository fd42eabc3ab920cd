/**
 * The part URLs of one upload: kept until they expire, fetched in batches in advance, never the same batch
 * twice at once.
 */
import { PARTS_PER_ANSWER } from "@storagex/contract/uploads/upload-parts";

export type PartUrl = { partNumber: number; url: string; expiresAt: string };
type FetchBatch = (partNumbers: number[]) => Promise<PartUrl[]>;

/**
 * A URL is used only while at least this many milliseconds of its life are left: the PUT must begin in time.
 */
const MARGIN = 120_000;

export class PartUrls {
  #held = new Map<number, PartUrl>();
  #batches = new Map<number, Promise<PartUrl[]>>();
  #fetch: FetchBatch;
  #count: number;
  #now: () => number;

  /** `count` is the number of all parts; `first` are the URLs that come with the ticket. */
  constructor(
    fetch: FetchBatch,
    count: number,
    first: readonly PartUrl[] = [],
    now: () => number = Date.now,
  ) {
    this.#fetch = fetch;
    this.#count = count;
    this.#now = now;
    for (const part of first) this.#held.set(part.partNumber, part);
  }

  /** A URL to which part `number` (1-based) can be sent now. */
  async get(number: number): Promise<string> {
    const held = this.#held.get(number);
    if (held && this.#isGood(held)) return held.url;
    let batch = this.#batches.get(number);
    if (!batch) {
      const numbers = this.#batchFrom(number);
      batch = this.#fetch(numbers).finally(() => {
        for (const each of numbers) this.#batches.delete(each);
      });
      for (const each of numbers) this.#batches.set(each, batch);
    }
    for (const part of await batch) this.#held.set(part.partNumber, part);
    const got = this.#held.get(number);
    if (!got) throw new Error(`the answer held no URL for part ${number}`);
    return got.url;
  }

  /** S3 refused the URL: the next `get` asks for a new one. */
  forget(url: string): void {
    for (const [number, part] of this.#held) if (part.url === url) this.#held.delete(number);
  }

  #isGood(part: PartUrl): boolean {
    return Date.parse(part.expiresAt) - this.#now() > MARGIN;
  }

  #batchFrom(number: number): number[] {
    const numbers: number[] = [];
    for (let next = number; next <= this.#count && numbers.length < PARTS_PER_ANSWER; next += 1) {
      const held = this.#held.get(next);
      if (!(held && this.#isGood(held)) && !this.#batches.has(next)) numbers.push(next);
    }
    return numbers;
  }
}
