/** The memory that imports share: each holds one part at a time. */

export class Room {
  readonly #bytes: number;
  readonly #taken = new Map<symbol, number>();

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Whether it is worth while to begin another import. */
  get isFree(): boolean {
    return this.#sum() < this.#bytes;
  }

  /** Room for one who is alone, whatever it needs, so that no part is too large for all; otherwise what is left. */
  take(bytes: number): (() => void) | undefined {
    if (this.#taken.size > 0 && this.#sum() + bytes > this.#bytes) return undefined;
    const key = Symbol();
    this.#taken.set(key, bytes);
    return () => void this.#taken.delete(key);
  }

  #sum(): number {
    return [...this.#taken.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
}
