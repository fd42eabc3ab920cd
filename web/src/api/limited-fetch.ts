/** A fetch that ends: a connection that is dead without having said so would keep its call for ever. */

/** From the request to the last byte of the answer. Milliseconds. */
const ANSWER_WITHIN = 60_000;
/** Of a body that is sent, in so many bytes a millisecond at least: 200 kbit/s. */
const SLOWEST = 25;

/** Rejects as `fetch` does, as its answer's body does, and with an AbortError where not all of it comes in time. */
export function limitedFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const { body, signal } = init;
  const late = new AbortController();
  // Not cleared: the body is read later, and of an answer that is read it ends nothing.
  setTimeout(() => late.abort(), ANSWER_WITHIN + (typeof body === "string" ? body.length / SLOWEST : 0));
  return fetch(input, { ...init, signal: AbortSignal.any(signal ? [signal, late.signal] : [late.signal]) });
}
