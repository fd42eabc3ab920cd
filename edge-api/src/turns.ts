/**
 * Runs blocking work in turns: one step at a time, with time for others after each. A turn is only a time and
 * never needs releasing: a request that is cancelled while it waits leaves nothing locked.
 */

type Rules = {
  /** How long others have the isolate after a step, as a multiple of the step's own time. */
  rest: number;
  /** Milliseconds between two checks whether the pause is over. */
  pollMs: number;
  /**
   * The next step may start after this long even if the current one has not ended. Normally a step ends
   * earlier; it matters only if a request is cancelled within its step.
   */
  maxStepMs: number;
};

export type Turns = ReturnType<typeof makeTurns>;

export function makeTurns({ rest, pollMs, maxStepMs }: Rules) {
  /** The end of the queue. */
  let nextFree = 0;
  let restUntil = 0;
  return {
    /** Milliseconds that a new caller would wait. */
    lineMs: (): number => Math.max(0, nextFree - Date.now()),

    /** Takes a place at the end of the queue for work of `ms`. Returns the milliseconds until it begins. */
    take(ms: number): number {
      const now = Date.now();
      const begin = Math.max(now, nextFree);
      nextFree = begin + ms;
      return begin - now;
    },

    /**
     * Runs `step` once the pause after the last one is over. Returns its value and the milliseconds of the
     * step and the pause after it. Throws what it throws, and what `late` returns, which is called at each
     * check.
     */
    async run<T>(
      step: () => T | Promise<T>,
      late?: () => Error | undefined,
    ): Promise<{ value: T; ms: number }> {
      while (Date.now() < restUntil) {
        const refused = late?.();
        if (refused) throw refused;
        await sleep(pollMs);
      }
      const began = Date.now();
      restUntil = began + maxStepMs;
      try {
        const value = await step();
        return { value, ms: await measured(began) };
      } catch (error) {
        await measured(began);
        throw error;
      }
    },
  };

  /** Starts the pause. */
  async function measured(began: number): Promise<number> {
    // The Worker's clock stands still while it computes; a timer advances it.
    await sleep(0);
    const ended = Date.now();
    restUntil = ended + (ended - began) * rest;
    nextFree = Math.max(nextFree, restUntil);
    return restUntil - began;
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
