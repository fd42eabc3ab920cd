/** A service of the stack: a program that is one process, how it shows that it is ready, and how it stops. */

export type Service = {
  /** Its name in the pid file, the log and messages: `postgres`, `worker-1` … */
  readonly name: string;
  /** Program and arguments. A wrapper must replace itself (exec), so that the pid is the program's own. */
  readonly command: readonly [string, ...string[]];
  /** The environment that the program gets, besides the names that `inherited` in config.ts passes on. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs before each start, also after a crash. */
  readonly prepare?: () => Promise<void>;
  /** One probe with its own timeout; throws or returns false while the service is not ready. */
  readonly isReady: () => Promise<boolean>;
  /** Max time from start to ready, in milliseconds. */
  readonly readyWithinMs: number;
  /**
   * Of a service whose start may take any time (it recovers from a crash): what it says that it still does, null
   * where it says nothing like that. It is waited for as long as its process lives and says so. `lastLine` is of
   * its log.
   */
  readonly startingBy?: (lastLine: string) => Promise<string | null>;
  readonly stopSignal: NodeJS.Signals;
  /** Max time from the signal to its end, in milliseconds; then it is killed. */
  readonly stopWithinMs: number;
};
