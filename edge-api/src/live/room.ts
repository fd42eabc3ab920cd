/** Sends at the reader's pace: waits until a stream's reader has read most of what was sent to it. */
export class Room {
  readonly #maxUnread: number;
  #onRead = (): void => undefined;

  /** `maxUnread`: bytes left to read at which there is room again. */
  constructor(maxUnread: number) {
    this.#maxUnread = maxUnread;
  }

  /** To be called by the stream's `pull`. */
  hasRead(): void {
    this.#onRead();
  }

  /** Resolves once there is room: never, where the stream has ended with more unread. */
  async wait(controller: { desiredSize: number | null }, highWaterMark: number): Promise<void> {
    while ((controller.desiredSize ?? 0) < highWaterMark - this.#maxUnread) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onRead = resolve;
      await promise;
    }
  }
}
