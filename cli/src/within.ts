/** A time limit of one call. The client has the same, which is no part of what its package offers. */

/**
 * What `act` resolves with. Rejects with the signal's reason, or after so many milliseconds with a TimeoutError.
 *
 * By a timer of its own, and whatever `act` does with its signal: Node forgets an `AbortSignal.timeout` that was given to
 * `AbortSignal.any` (20) or to a Request (20 and 24) with the next garbage collection.
 */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const end = () => over.abort(signal.reason);
  const late = () => over.abort(new DOMException(`no answer within ${milliseconds} ms`, "TimeoutError"));
  const timer = setTimeout(late, milliseconds);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await new Promise<T>((resolve, reject) => {
      over.signal.addEventListener("abort", () => reject(over.signal.reason), { once: true });
      act(over.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
