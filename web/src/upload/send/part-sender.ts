/**
 * Sends the parts of one file: several at once, in the order that the server asks for, each retried, and tells
 * the server what has arrived. Knows no page and no network: what it calls is given to it.
 */

import type { FoundParts } from "@storagex/contract/uploads/upload";
import { type PartLayout, partCountOf, partLength } from "@storagex/contract/uploads/upload-parts";
import { PartFinder } from "./part-finder.ts";
import { isUnderWay, maxSending, nextPart } from "./part-order.ts";
import type { PartUrls } from "./part-urls.ts";
import { PutError, type PutOptions, UnansweredError } from "./put-part.ts";
import type { Slots } from "./slots.ts";
import { Speed } from "./speed.ts";

/** What a sender calls; each waits through an outage by itself, until its signal ends. */
export type Calls = {
  /** Stores one part. Throws PutError and UnansweredError. */
  put(options: PutOptions): Promise<unknown>;
  /** Has the server look for new parts; says which it found, and which it wants next. */
  findParts(signal: AbortSignal): Promise<FoundParts>;
  /** Resolves after so many milliseconds, or earlier. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
};

/** Waits before a refused part is sent again, in milliseconds. */
const RETRY_DELAYS = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];
/** Times that a part is sent as a whole without an answer. */
const MAX_UNANSWERED = 3;
/** A connection that has become free waits so long for what the server wants. Milliseconds. */
const ANSWER_WITHIN = 2_000;

type Options = {
  file: Blob;
  layout: PartLayout;
  /** Numbers of parts that are stored already. */
  stored: Iterable<number>;
  urls: PartUrls;
  calls: Calls;
  slots: Slots;
  /** Bytes that are stored or sent. */
  onProgress(sent: number): void;
};

type Run = { signal: AbortSignal; settle: (error?: unknown) => void; finder: PartFinder };

export class PartSender {
  readonly #options: Options;
  readonly #count: number;
  readonly #stored: Set<number>;
  /** Sent bytes of the parts on the way. */
  readonly #sending = new Map<number, number>();
  /** The part begun last, until enough of it is sent for another beside it. */
  #starting: number | undefined;
  readonly #speed = new Speed();
  #bytesPerSecond: number | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#count = partCountOf(options.layout);
    this.#stored = new Set(options.stored);
  }

  /**
   * Resolves when every part is stored. Rejects with what `findParts` or a part failed with, or with the signal's
   * reason; may be called again then, and goes on with what is missing.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { calls, slots } = this.#options;
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    let leave: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        either.addEventListener("abort", () => reject(either.reason));
        either.throwIfAborted();
        const settle = (error?: unknown) => (error === undefined ? resolve() : reject(error));
        const finder = new PartFinder(calls, either, () => this.#fill(run), settle);
        const run: Run = { signal: either, settle, finder };
        leave = slots.wait(() => this.#fill(run));
        this.#report();
        // What was stored before a reload may not have been found yet.
        if (this.#stored.size > 0) void finder.askAbout(this.#stored);
        this.#fill(run);
      });
    } finally {
      leave?.();
      stop.abort();
      this.#speed.reset();
    }
  }

  /** These are not stored after all: the next run sends them again. */
  sendAgain(numbers: readonly number[]): void {
    for (const number of numbers) this.#stored.delete(number);
  }

  /** Starts parts while connections are free and some are left. */
  #fill(run: Run): void {
    if (run.signal.aborted) return;
    if (this.#stored.size === this.#count) run.settle();
    while (this.#starting === undefined && this.#sending.size < this.#max(run)) {
      const { wanted } = run.finder;
      const number = nextPart({ count: this.#count, stored: this.#stored, sending: this.#sending, wanted });
      if (number === undefined || !this.#options.slots.take()) return;
      void this.#send(number, run);
    }
  }

  #max({ finder }: Run): number {
    const { partSize } = this.#options.layout;
    return maxSending(finder.isAnswered ? (this.#bytesPerSecond ?? 0) : undefined, partSize);
  }

  async #send(number: number, run: Run): Promise<void> {
    this.#sending.set(number, 0);
    this.#starting = number;
    const failure = await this.#put(number, run).then(
      () => undefined,
      (error: unknown) => error ?? new Error(`part ${number} was not sent`),
    );
    if (failure === undefined) this.#stored.add(number);
    this.#sending.delete(number);
    this.#hasStarted(number);
    this.#report();
    if (failure === undefined && this.#stored.size < this.#count) {
      const { calls } = this.#options;
      await Promise.race([run.finder.askAbout([number]), calls.pause(ANSWER_WITHIN, run.signal)]);
    }
    if (failure !== undefined) run.settle(failure);
    this.#options.slots.give();
    this.#fill(run);
  }

  #hasStarted(number: number): void {
    if (this.#starting === number) this.#starting = undefined;
  }

  async #put(number: number, run: Run): Promise<void> {
    const { signal } = run;
    const { file, layout, urls, calls } = this.#options;
    const from = (number - 1) * layout.partSize;
    const body = file.slice(from, from + partLength(layout, number));
    const onProgress = (loaded: number) => {
      if (signal.aborted) return;
      this.#sending.set(number, loaded);
      this.#report();
      if (this.#starting !== number || !isUnderWay(loaded, body.size, this.#max(run))) return;
      this.#hasStarted(number);
      this.#fill(run);
    };
    let [refused, unanswered] = [0, 0];
    /** Undefined where it is not tried again. */
    const delayAfter = (error: unknown): number | undefined => {
      if (error instanceof UnansweredError) {
        unanswered += 1;
        return unanswered < MAX_UNANSWERED ? 0 : undefined;
      }
      if (!(error instanceof PutError) || !error.mayPass) return undefined;
      refused += 1;
      return RETRY_DELAYS[refused - 1];
    };
    for (;;) {
      const url = await unlessAborted(urls.get(number), signal);
      try {
        await calls.put({ url, body, signal, onProgress });
        return;
      } catch (error) {
        const delay = delayAfter(error);
        if (delay === undefined) throw error;
        if (error instanceof PutError && error.status === 403) urls.forget(url);
        // The others need not wait for it.
        this.#hasStarted(number);
        this.#fill(run);
        await calls.pause(delay, signal);
      }
    }
  }

  #report(): void {
    const { layout, onProgress } = this.#options;
    let sent = 0;
    for (const number of this.#stored) sent += partLength(layout, number);
    for (const loaded of this.#sending.values()) sent += loaded;
    this.#bytesPerSecond = this.#speed.note(sent, Date.now());
    onProgress(sent);
  }
}

/** Rejects with the signal's reason as soon as it ends. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
