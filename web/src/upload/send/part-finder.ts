/** Has the server look for the parts of one upload while it runs, and keeps what it wants next. */
import type { FoundParts } from "@storagex/contract/uploads/upload";

/** The server looks at most once a second. Milliseconds. */
const GAP = 1_100;
/** Looks that find nothing of what was sent, until it is taken for found (by another tab), or for no objects. */
const MAX_EMPTY = 3;
/** Looks at the beginning that wait for no further part: the server reads the file meanwhile, and may refuse it. */
const FIRST_LOOKS = 10;

type FinderCalls = {
  findParts(signal: AbortSignal): Promise<FoundParts>;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
};

export class PartFinder {
  readonly #calls: FinderCalls;
  readonly #signal: AbortSignal;
  readonly #onAnswer: () => void;
  readonly #onFailure: (error: unknown) => void;
  /** Stored parts that the server has not found yet. */
  readonly #unfound = new Set<number>();
  #wanted: readonly number[] = [];
  #isAnswered = false;
  /** Whether the parts are objects: a server that stores them in a multipart upload finds none. */
  #isFound = false;
  #empty = 0;
  #count = 0;
  #isOver = false;
  #running: Promise<void> | undefined;
  #isResting = false;

  constructor(
    calls: FinderCalls,
    signal: AbortSignal,
    onAnswer: () => void,
    onFailure: (error: unknown) => void,
  ) {
    this.#calls = calls;
    this.#signal = signal;
    this.#onAnswer = onAnswer;
    this.#onFailure = onFailure;
  }

  /** What the server wants next, as it last said. */
  get wanted(): readonly number[] {
    return this.#wanted;
  }

  /** Whether the server has answered for a part that was stored. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** These parts are stored. Resolves with the server's next answer, or at once where it comes later. */
  askAbout(numbers: Iterable<number>): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    for (const number of numbers) this.#unfound.add(number);
    if (this.#isResting) return Promise.resolve();
    this.#running ??= this.#find().finally(() => {
      this.#running = undefined;
      void this.#rest();
    });
    return this.#running;
  }

  async #find(): Promise<void> {
    try {
      const { parts, wanted } = await this.#calls.findParts(this.#signal);
      for (const { partNumber } of parts) this.#unfound.delete(partNumber);
      this.#wanted = wanted;
      this.#isAnswered = true;
      this.#isFound ||= parts.length > 0 || wanted.length > 0;
      this.#count += 1;
      this.#empty = parts.length > 0 || this.#unfound.size === 0 ? 0 : this.#empty + 1;
      if (this.#empty >= MAX_EMPTY) {
        this.#unfound.clear();
        this.#isOver = !this.#isFound;
      }
      this.#onAnswer();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** The next look comes after a pause, and only where something is left to find or to be told. */
  async #rest(): Promise<void> {
    this.#isResting = true;
    await this.#calls.pause(GAP, this.#signal);
    this.#isResting = false;
    const isBeginning = this.#isFound && this.#count < FIRST_LOOKS;
    if ((this.#unfound.size > 0 || isBeginning) && !this.#signal.aborted) await this.askAbout([]);
  }
}
