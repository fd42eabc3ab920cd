/** Tells the server that parts are stored, and keeps what it wants next: so a video is encoded while it uploads. */
import { pause } from "./persist.ts";

/** The server looks at most once a second. Milliseconds. */
const GAP = 1_100;

type Found = { parts: readonly unknown[]; wanted: readonly number[] };

export class Arrivals {
  readonly #look: () => Promise<Found>;
  readonly #signal: AbortSignal;
  readonly #onFailure: (error: unknown) => void;
  #wanted: readonly number[] = [];
  #running: Promise<void> | undefined;
  #isDue = false;

  /** `look` is `POST …/upload/stored`; what it rejects with is given to `onFailure`. */
  constructor(look: () => Promise<Found>, signal: AbortSignal, onFailure: (error: unknown) => void) {
    this.#look = look;
    this.#signal = signal;
    this.#onFailure = onFailure;
  }

  /** Parts to send next, as the server last said. */
  get wanted(): readonly number[] {
    return this.#wanted;
  }

  /** Something is stored. Resolves with the server's answer; while another call runs or rests, at once. */
  async note(): Promise<void> {
    this.#isDue = true;
    if (this.#running) return;
    this.#isDue = false;
    this.#running = this.#ask();
    const answered = this.#running;
    void answered.then(() => this.#rest());
    await answered;
  }

  async #ask(): Promise<void> {
    try {
      this.#wanted = (await this.#look()).wanted;
    } catch (error) {
      this.#onFailure(error);
    }
  }

  async #rest(): Promise<void> {
    try {
      await pause(GAP, this.#signal);
      this.#running = undefined;
      if (this.#isDue) await this.note();
    } catch {
      // The upload is over.
    }
  }
}
