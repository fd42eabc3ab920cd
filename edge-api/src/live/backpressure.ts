/** Backpressure of a stream: what is sent next waits until its reader has read most of the rest. */
export class Backpressure {
  readonly #maxUnread: number;
  #onPull = (): void => undefined;

  /** `maxUnread`: bytes that may still be unread when more is sent. */
  constructor(maxUnread: number) {
    this.#maxUnread = maxUnread;
  }

  /** To be called by the stream's `pull`. */
  pulled(): void {
    this.#onPull();
  }

  /**
   * Resolves once at most `maxUnread` bytes are unread, of a stream whose `highWaterMark` is given in bytes. Never
   * resolves where the stream has ended with more of them.
   */
  async drained(controller: { desiredSize: number | null }, highWaterMark: number): Promise<void> {
    while ((controller.desiredSize ?? 0) < highWaterMark - this.#maxUnread) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onPull = resolve;
      await promise;
    }
  }
}
