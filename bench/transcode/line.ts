/** A line to the object store that carries so many bytes a second, whatever is sent over it at once. */
import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const PIECE = 64 * 1024;

export class Line {
  readonly #bytesPerSecond: number;
  /** Until when it is occupied; milliseconds of `performance.now()`. */
  #until = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /**
   * PUTs `body` over plain HTTP; `onProgress` is called with the bytes that are sent. Rejects when storage refuses
   * it, or with the signal's reason.
   */
  async put(
    url: string,
    body: Blob,
    { signal, onProgress }: { signal: AbortSignal; onProgress: (sent: number) => void },
  ): Promise<void> {
    const headers = { "content-length": body.size };
    const put = request(url, { method: "PUT", headers, signal });
    const answered = once(put, "response");
    // A PUT that is aborted rejects below, where it is sent.
    answered.catch(() => undefined);
    for (let from = 0; from < body.size; from += PIECE) {
      const piece = new Uint8Array(await body.slice(from, from + PIECE).arrayBuffer());
      await this.#carry(piece.length, signal);
      if (!put.write(piece)) await once(put, "drain", { signal });
      onProgress(from + piece.length);
    }
    put.end();
    const [answer] = await answered;
    answer.resume();
    if (answer.statusCode !== 200) throw new Error(`storage answered ${answer.statusCode}`);
  }

  async #carry(bytes: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#until = Math.max(now, this.#until) + (1000 * bytes) / this.#bytesPerSecond;
    await sleep(this.#until - now, undefined, { signal });
  }
}
