/** What a part of the stack is: a program that is one process, how it shows that it serves, and how it ends. */

export type Service = {
  /** Its name in pid file, log and messages: `postgres`, `worker-1` … */
  readonly name: string;
  /** Program and arguments. Wrappers must replace themselves (exec), so that the pid is the program's own. */
  readonly command: readonly [string, ...string[]];
  /** All that the program gets from us beside the few names of `inherited` in config.ts. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs before each start, also after a crash. */
  readonly prepare?: () => Promise<void>;
  /** One probe, bounded in time by itself; throws or answers false while the part does not serve yet. */
  readonly isReady: () => Promise<boolean>;
  /** How long it may take from its start until it serves, in milliseconds. */
  readonly readyWithinMs: number;
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take to end after the signal, in milliseconds; then it is killed. */
  readonly stopWithinMs: number;
};
