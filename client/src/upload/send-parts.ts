/** Sends what is missing of a file: several parts side by side, in the order that the server asks for. */
import { type Found, PartFinder } from "./part-finder.ts";
import { isUnderWay, maxSending, nextPart, openParts } from "./part-order.ts";
import type { PartUrls } from "./part-urls.ts";
import { pause, persist } from "./persist.ts";
import { mayPutAgain, PutError, putPart, UnansweredError } from "./put-part.ts";
import type { Source } from "./source.ts";
import { Speed } from "./speed.ts";
import type { Ticket } from "./ticket.ts";

/** A connection that has become free waits so long for what the server wants. Milliseconds. */
const ANSWER_WITHIN = 2_000;
/** A part of which nothing was taken for so long keeps no other waiting. Milliseconds. */
const STANDS_STILL = 2_000;
/** Times that a part is sent as a whole without an answer. */
const MAX_UNANSWERED = 3;

export type Sending = {
  source: Source;
  ticket: Ticket;
  urls: PartUrls;
  /** Has the server look for new parts; says which it found, and which it wants next. */
  findParts: () => Promise<Found>;
  connections: number;
  /** Ends what is on the way. */
  signal: AbortSignal;
  /** Bytes that are stored or sent. */
  onProgress: (sent: number) => void;
};

/**
 * Resolves when all parts are stored; `ticket.stored` says which are, also where it rejects. Then parts may still be on
 * the way, until the signal ends.
 */
export const sendParts = (sending: Sending): Promise<void> => new PartSender(sending).done;

class PartSender {
  readonly done: Promise<void>;
  readonly #sending: Sending;
  readonly #finder: PartFinder;
  /** Sent bytes of the parts on the way. */
  readonly #running = new Map<number, number>();
  /** Connections in use, by a part or by one that waits for what the server wants next. */
  #busy = 0;
  /** The part begun last, until enough of it is sent for another beside it. */
  #starting: number | undefined;
  readonly #speed = new Speed();
  #bytesPerSecond = 0;
  #settle: (error?: unknown) => void = () => undefined;
  #isOver = false;

  constructor(sending: Sending) {
    this.#sending = sending;
    const { findParts, signal, ticket } = sending;
    this.done = new Promise((resolve, reject) => {
      this.#settle = (error) => {
        this.#isOver = true;
        if (error === undefined) resolve();
        else reject(error);
      };
    });
    this.#finder = new PartFinder({
      findParts,
      signal,
      onAnswer: () => this.#fill(),
      onFailure: this.#settle,
    });
    this.#report();
    // What an earlier run has stored may not have been found yet.
    if (ticket.stored.size > 0) void this.#finder.askAbout(ticket.stored);
    this.#fill();
  }

  /** Parts that nobody has sent or is sending. */
  #parts() {
    const { partCount: count, stored } = this.#sending.ticket;
    return { count, stored, sending: this.#running, wanted: this.#finder.wanted };
  }

  #max(): number {
    const { ticket, connections } = this.#sending;
    const speed = this.#finder.isAnswered ? this.#bytesPerSecond : undefined;
    return maxSending(speed, ticket.partSize, connections);
  }

  /** Starts parts while connections are free and some are left. */
  #fill(): void {
    if (this.#isOver) return;
    const { stored, partCount } = this.#sending.ticket;
    if (stored.size === partCount) this.#settle();
    while (this.#starting === undefined && this.#busy < this.#max()) {
      const number = nextPart(this.#parts());
      if (number === undefined) return;
      void this.#send(number).catch(this.#settle);
    }
  }

  async #send(number: number): Promise<void> {
    const { signal, ticket } = this.#sending;
    this.#busy += 1;
    this.#running.set(number, 0);
    this.#starting = number;
    let unanswered = 0;
    const mayPass = (error: unknown) => {
      if (error instanceof UnansweredError) unanswered += 1;
      return unanswered < MAX_UNANSWERED && mayPutAgain(error);
    };
    try {
      await persist(() => this.#put(number), mayPass, signal);
      ticket.stored.add(number);
    } finally {
      this.#running.delete(number);
      this.#hasStarted(number);
      this.#report();
    }
    if (ticket.stored.size < ticket.partCount)
      await Promise.race([this.#finder.askAbout([number]), pause(ANSWER_WITHIN, signal)]);
    this.#busy -= 1;
    this.#fill();
  }

  async #put(number: number): Promise<void> {
    const { source, ticket, urls, signal } = this.#sending;
    const from = (number - 1) * ticket.partSize;
    const body = source.part(from, from + this.#lengthOf(number));
    const next = () => {
      this.#hasStarted(number);
      this.#fill();
    };
    const url = await urls.get(number, openParts(this.#parts()));
    let timer = setTimeout(next, STANDS_STILL);
    const onProgress = (sent: number) => {
      clearTimeout(timer);
      this.#running.set(number, sent);
      this.#report();
      if (this.#starting !== number) return;
      if (isUnderWay(sent, body.size, this.#max())) next();
      else timer = setTimeout(next, STANDS_STILL);
    };
    try {
      await putPart({ url, body, signal, onProgress });
    } catch (error) {
      if (error instanceof PutError && error.status === 403) urls.forget(number);
      signal.throwIfAborted();
      // A file that is gone looks like a lost connection.
      await source.requireUnchanged();
      // The others need not wait for its next try.
      if (mayPutAgain(error)) next();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #hasStarted(number: number): void {
    if (this.#starting === number) this.#starting = undefined;
  }

  #lengthOf(number: number): number {
    const { source, ticket } = this.#sending;
    return Math.min(ticket.partSize, source.size - (number - 1) * ticket.partSize);
  }

  #report(): void {
    let sent = 0;
    for (const number of this.#sending.ticket.stored) sent += this.#lengthOf(number);
    for (const bytes of this.#running.values()) sent += bytes;
    this.#bytesPerSecond = this.#speed.note(sent, Date.now());
    this.#sending.onProgress(sent);
  }
}
