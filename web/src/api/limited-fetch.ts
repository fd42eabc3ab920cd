/** A fetch that ends: a connection that is dead without having said so would keep its call for ever. */

/** From the request to the last byte of the answer. Milliseconds. */
const ANSWER_WITHIN = 60_000;
/** Of a body that is sent, in so many bytes a millisecond at least: 200 kbit/s. */
const SLOWEST = 25;

/** Rejects as `fetch` does, and with an AbortError where no whole answer comes in time. */
export async function limitedFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const late = new AbortController();
  const { body, signal } = init;
  const sending = typeof body === "string" ? body.length / SLOWEST : 0;
  const timer = setTimeout(() => late.abort(), ANSWER_WITHIN + sending);
  try {
    const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    const answer = await fetch(input, { ...init, signal: either });
    const { status, statusText, headers } = answer;
    // Read while the time runs, because a body may stand still, too.
    const bytes = await answer.arrayBuffer();
    return new Response(bytes.byteLength > 0 ? bytes : null, { status, statusText, headers });
  } finally {
    clearTimeout(timer);
  }
}
