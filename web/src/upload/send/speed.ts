/** Bytes per second over the last seconds, from a growing count. */

/** Long enough to be steady, short enough to follow a changed network; milliseconds. */
const WINDOW = 5_000;

export class Speed {
  #samples: { at: number; bytes: number }[] = [];

  /**
   * Records the total of `bytes` sent at time `at` (milliseconds); returns bytes per second, or null until
   * enough is known.
   */
  note(bytes: number, at: number): number | null {
    const last = this.#samples.at(-1);
    // A part that is sent again makes the total fall: earlier measurements no longer count.
    if (last && bytes < last.bytes) this.#samples = [];
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) >= WINDOW) this.#samples.shift();
    const first = this.#samples[0];
    if (!first || at - first.at < 500) return null;
    return ((bytes - first.bytes) / (at - first.at)) * 1_000;
  }

  /** After a pause, earlier measurements do not count. */
  reset(): void {
    this.#samples = [];
  }
}
