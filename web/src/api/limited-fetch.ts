/** A fetch that ends: a connection that is dead without having said so would keep its call for ever. */

/** From the request to the last byte of the answer. Milliseconds. */
const ANSWER_WITHIN = 60_000;
/** Of a body that is sent, in so many bytes a millisecond at least: 200 kbit/s. */
const SLOWEST = 25;
/** Seconds. A server that is busy for no longer is asked again, as often as it takes until that much was waited. */
const BUSY_FOR = 15;
const WAIT_IN_ALL = 30;

/**
 * Rejects as `fetch` does, as its answer's body does, and with an AbortError where not all of it comes in time. A 429 is
 * passed on only where its Retry-After is more than a person waits for: with it nothing was done.
 */
export async function limitedFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  for (let waited = 0; ; ) {
    const answer = await fetchOnce(input, init);
    const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
    if (answer.status !== 429 || !(seconds <= BUSY_FOR) || waited >= WAIT_IN_ALL) return answer;
    const wait = Math.max(1, seconds);
    waited += wait;
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    if (init.signal?.aborted) return answer;
    void answer.body?.cancel();
  }
}

function fetchOnce(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
  const { body, signal } = init;
  const late = new AbortController();
  // Not cleared: the body is read later, and of an answer that is read it ends nothing.
  setTimeout(() => late.abort(), ANSWER_WITHIN + (typeof body === "string" ? body.length / SLOWEST : 0));
  return fetch(input, { ...init, signal: AbortSignal.any(signal ? [signal, late.signal] : [late.signal]) });
}
