/** How long a stream may be silent. */

/** The server pings every 4 s: a longer silence is a dead connection. Milliseconds. */
export const SILENCE = 40_000;

/**
 * Ends a stream (by `signal`) that is silent while it is read. What the reader does between two events takes as long
 * as it takes.
 */
export class SilenceLimit {
  readonly #silence = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly signal = this.#silence.signal;

  begin(): void {
    this.pause();
    this.#timer = setTimeout(() => this.#silence.abort(), SILENCE);
  }

  heard(): void {
    if (this.#timer) this.begin();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  end(): void {
    this.pause();
    this.#silence.abort();
  }
}
