/** Retries a check until it passes, for effects that follow a response. */

/** Runs `check` repeatedly; rejects with its last error after `ms`, which only ends a hanging test. */
export async function eventually<T>(check: () => Promise<T>, ms = 300_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
