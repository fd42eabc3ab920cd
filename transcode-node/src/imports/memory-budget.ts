/** The memory that imports share: each holds one part at a time. */

export class MemoryBudget {
  readonly #bytes: number;
  readonly #taken = new Map<symbol, number>();

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Whether any bytes are left for another import. */
  get hasLeft(): boolean {
    return this.#sum() < this.#bytes;
  }

  /**
   * Reserves `bytes`, and returns what releases them; undefined where so many are not left. One that is alone gets what it needs, so that
   * no part is too large for all.
   */
  reserve(bytes: number): (() => void) | undefined {
    if (this.#taken.size > 0 && this.#sum() + bytes > this.#bytes) return undefined;
    const key = Symbol();
    this.#taken.set(key, bytes);
    return () => void this.#taken.delete(key);
  }

  #sum(): number {
    return [...this.#taken.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
}
