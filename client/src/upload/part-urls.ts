/** The part URLs of an upload: fetched in batches, kept until shortly before they end. */
import type { Schemas } from "../create-client.ts";

export type PartUrl = Schemas["PartUrls"]["parts"][number];

/** Most part numbers of one call, as the document says. */
const BATCH = 20;
/** A PUT must begin while its URL is good. Milliseconds. */
const MARGIN = 120_000;

export class PartUrls {
  readonly #kept = new Map<number, PartUrl>();
  readonly #asked = new Map<number, Promise<void>>();
  readonly #fetch: (partNumbers: number[]) => Promise<readonly PartUrl[]>;

  constructor(fetch: (partNumbers: number[]) => Promise<readonly PartUrl[]>, first: readonly PartUrl[]) {
    this.#fetch = fetch;
    this.#keep(first);
  }

  /** A URL for part `number` that is good now; `others` are fetched along where a call is needed. */
  async get(number: number, others: Iterable<number>): Promise<string> {
    if (!this.#isGood(number)) {
      const asked = this.#asked.get(number) ?? this.#ask(number, others);
      await asked;
    }
    const url = this.#kept.get(number)?.url;
    if (!url) throw new Error(`there is no URL for part ${number}`);
    return url;
  }

  /** The storage has refused it. */
  forget(number: number): void {
    this.#kept.delete(number);
  }

  #ask(number: number, others: Iterable<number>): Promise<void> {
    const batch = [number];
    for (const other of others) {
      if (batch.length === BATCH) break;
      if (other !== number && !this.#isGood(other) && !this.#asked.has(other)) batch.push(other);
    }
    const asked = this.#fetch(batch)
      .then((urls) => this.#keep(urls))
      .finally(() => {
        for (const each of batch) this.#asked.delete(each);
      });
    for (const each of batch) this.#asked.set(each, asked);
    return asked;
  }

  #keep(urls: readonly PartUrl[]): void {
    for (const each of urls) this.#kept.set(each.partNumber, each);
  }

  #isGood(number: number): boolean {
    const kept = this.#kept.get(number);
    return kept !== undefined && Date.parse(kept.expiresAt) - Date.now() > MARGIN;
  }
}
