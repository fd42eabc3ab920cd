/** A fetch that ends: a connection that is dead without having said so would keep its call for ever. */

/** From the request to the last byte of the answer. Milliseconds. */
const ANSWER_WITHIN = 60_000;
/** Of a body that is sent, in so many bytes a millisecond at least: 200 kbit/s. */
const SLOWEST = 25;
/** Seconds, and times. A server that is busy for no longer is asked again. */
const BUSY_FOR = 15;
const TIMES = 3;

/**
 * Rejects as `fetch` does, as its answer's body does, and with an AbortError where not all of it comes in time. A 429 is
 * passed on only where its Retry-After is more than a person waits for: with it nothing was done.
 */
export async function limitedFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  for (let times = 0; ; times += 1) {
    const answer = await fetchOnce(input, init);
    const seconds = Number(answer.headers.get("retry-after"));
    if (answer.status !== 429 || !seconds || seconds > BUSY_FOR || times === TIMES) return answer;
    void answer.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

function fetchOnce(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
  const { body, signal } = init;
  const late = new AbortController();
  // Not cleared: the body is read later, and of an answer that is read it ends nothing.
  setTimeout(() => late.abort(), ANSWER_WITHIN + (typeof body === "string" ? body.length / SLOWEST : 0));
  return fetch(input, { ...init, signal: AbortSignal.any(signal ? [signal, late.signal] : [late.signal]) });
}
