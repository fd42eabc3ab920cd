/** The processes of one task, which its worker stops and continues as a whole, wherever a step starts them. */
import { AsyncLocalStorage } from "node:async_hooks";

/** A running process group. */
export type Stoppable = { stop(): void; continue(): void };

export class TaskProcesses {
  /** What each process is niced by when it starts: the kernel shares cores by it, also between workers of one machine. */
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

  /** Returns what takes it out again, after its end. */
  add(running: Stoppable): () => void {
    this.#running.add(running);
    if (this.isStopped) running.stop();
    return () => void this.#running.delete(running);
  }
}

/** Those of the task that the calling code works for; none where nobody may stop it (a proof at start, a test). */
export const taskProcesses = new AsyncLocalStorage<TaskProcesses>();
