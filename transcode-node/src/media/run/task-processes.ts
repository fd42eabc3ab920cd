/** The processes of one task, which its worker stops and continues as a whole, whichever step starts them. */
import { AsyncLocalStorage } from "node:async_hooks";

/** A running process group. */
export type Stoppable = { stop(): void; continue(): void };

export class TaskProcesses {
  /**
   * The nice value of each process at its start: the kernel shares cores by it, also between workers of one
   * machine.
   */
  readonly niceness: number;
  readonly #running = new Set<Stoppable>();
  #stoppedAt: number | null = null;
  #stoppedMs = 0;

  constructor(niceness: number) {
    this.niceness = niceness;
  }

  get isStopped(): boolean {
    return this.#stoppedAt !== null;
  }

  /** Milliseconds stopped so far. */
  stoppedMs(): number {
    return this.#stoppedMs + (this.#stoppedAt === null ? 0 : performance.now() - this.#stoppedAt);
  }

  /** Stops all processes, and each that starts from now on. */
  stop(): void {
    if (this.isStopped) return;
    this.#stoppedAt = performance.now();
    for (const each of this.#running) each.stop();
  }

  continue(): void {
    if (!this.isStopped) return;
    this.#stoppedMs = this.stoppedMs();
    this.#stoppedAt = null;
    for (const each of this.#running) each.continue();
  }

  /** Returns a function that removes it after its end. */
  add(running: Stoppable): () => void {
    this.#running.add(running);
    if (this.isStopped) running.stop();
    return () => void this.#running.delete(running);
  }
}

/**
 * Those of the task that the calling code works for; none where nothing may stop it (an encoder test at
 * start, a unit test).
 */
export const taskProcesses = new AsyncLocalStorage<TaskProcesses>();
