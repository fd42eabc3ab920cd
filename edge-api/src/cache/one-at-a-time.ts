/** Work that does all there is to do, and is asked for again and again: one run at a time, and one more for all that asked meanwhile. */

/** A run that the runtime kills never ends. After this time without a sign of it the next who asks begins another. */
const LOST_MS = 15_000;
/** How long one request goes on for others. What is left is found by whoever asks next, or by the sweep. */
const LONGEST_MS = 5_000;

/** Who asks; `config` is one per process that runs the work. */
type Asking = { config: object; waitUntil: (work: Promise<unknown>) => void };
type Running = { seen: number; again: boolean };

/** `act` returns whether there is more to do. Nobody waits for it: a request must not wait for a promise of another. */
export function oneAtATime<E extends Asking>(act: (edge: E) => Promise<boolean>): (edge: E) => void {
  const running = new WeakMap<object, Running>();

  async function run(edge: E, own: Running): Promise<void> {
    const began = Date.now();
    try {
      do {
        own.again = false;
        own.seen = Date.now();
        own.again = (await act(edge)) || own.again;
      } while (own.again && Date.now() - began < LONGEST_MS);
    } finally {
      if (running.get(edge.config) === own) running.delete(edge.config);
    }
  }

  return (edge) => {
    const now = Date.now();
    const other = running.get(edge.config);
    if (other && now - other.seen < LOST_MS) {
      other.again = true;
      return;
    }
    const own = { seen: now, again: false };
    running.set(edge.config, own);
    edge.waitUntil(run(edge, own));
  };
}
