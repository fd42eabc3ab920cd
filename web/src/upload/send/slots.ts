/** The connections of all uploads together. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Whether there was a free one, which is now taken. */
  take(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** Those who wait are called in the order in which they began to, until none is free. */
  give(): void {
    this.#free += 1;
    for (const call of [...this.#waiting]) if (this.#free > 0) call();
  }

  /** Calls `call` whenever one is free, until the returned function is called. */
  wait(call: () => void): () => void {
    this.#waiting.add(call);
    return () => void this.#waiting.delete(call);
  }
}
