/**
 * Work that stops the isolate, in turns: one step at a time, and time for others after each. A turn is only a time, nothing to
 * give back: a request that is cancelled while it waits leaves nothing locked.
 */

type Rules = {
  /** How long others have the isolate after a step, as a share of the step's own time. */
  rest: number;
  /** Milliseconds between two looks whether the rest is over. */
  pollMs: number;
  /** Held while a step runs and is measured; only a request that is cancelled within it lets this pass. */
  maxStepMs: number;
};

export type Turns = ReturnType<typeof makeTurns>;

export function makeTurns({ rest, pollMs, maxStepMs }: Rules) {
  /** The end of the line. */
  let nextFree = 0;
  let restUntil = 0;
  return {
    /** Milliseconds that whoever comes now would wait. */
    lineMs: (): number => Math.max(0, nextFree - Date.now()),

    /** Takes a place at the end of the line for work of `ms`. Returns the milliseconds until it begins. */
    take(ms: number): number {
      const now = Date.now();
      const begin = Math.max(now, nextFree);
      nextFree = begin + ms;
      return begin - now;
    },

    /**
     * Runs `step` once the rest after the last one is over. Returns its value and what it took with its own rest, in
     * milliseconds. Throws what it throws, and what `late` returns, which is asked at each look.
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

  /** Begins the rest. */
  async function measured(began: number): Promise<number> {
    // The Worker's clock stands still while it computes: a timer lets it go on.
    await sleep(0);
    const ended = Date.now();
    restUntil = ended + (ended - began) * rest;
    nextFree = Math.max(nextFree, restUntil);
    return restUntil - began;
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
