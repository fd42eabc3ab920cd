/** Bytes per second over the last seconds, from a growing count. */

/** Long enough to be steady, short enough to follow a changed network; milliseconds. */
const WINDOW = 5_000;
/** Less than this says nothing; milliseconds. */
const MIN_SPAN = 500;

export class Speed {
  #samples: { at: number; bytes: number }[] = [];

  /** Records the total of `bytes` sent at time `at` (milliseconds); returns bytes per second, 0 until it is known. */
  note(bytes: number, at: number): number {
    // A part that is sent again makes the total fall: earlier measurements no longer count.
    if (bytes < (this.#samples.at(-1)?.bytes ?? 0)) this.#samples = [];
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) >= WINDOW) this.#samples.shift();
    const first = this.#samples[0];
    if (!first || at - first.at < MIN_SPAN) return 0;
    return ((bytes - first.bytes) / (at - first.at)) * 1_000;
  }
}
