/** A `fetch` that waits for as long as a server asks (429, Retry-After), and over short outages. */
import { setTimeout as sleep } from "node:timers/promises";
import { within } from "../within.ts";

/** Before the next tries, where the server does not say for how long. Milliseconds. */
const WAITS = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000];
/** A server that asks for longer is not waited for. Milliseconds. */
const MAX_WAIT = 20 * 60_000;
/** Milliseconds. */
const ANSWER_WITHIN = 60_000;

export type Fetch = (request: Request) => Promise<Response>;

/** Each request is sent again after 429, 5xx and where nothing answered; `signal` ends all waiting. */
export function politeFetch(signal: AbortSignal): Fetch {
  /** Until when a server wants to hear nothing, by its origin. */
  const quietUntil = new Map<string, number>();

  async function attempt(request: Request): Promise<Response> {
    const quiet = (quietUntil.get(new URL(request.url).origin) ?? 0) - Date.now();
    if (quiet > 0) await sleep(quiet, undefined, { signal });
    return within(ANSWER_WITHIN, signal, async (limit) => {
      const answer = await fetch(request, { signal: limit });
      // Read here: a body that stops coming is no answer, either. None of them is large.
      const { status, statusText, headers } = answer;
      const body = await answer.arrayBuffer();
      return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
    });
  }

  return async (request) => {
    for (const wait of WAITS) {
      const answer = await attempt(request.clone()).catch(() => undefined);
      signal.throwIfAborted();
      if (answer && answer.status !== 429 && answer.status < 500) return answer;
      const asked = answer ? waitAskedBy(answer) : 0;
      if (answer && asked > MAX_WAIT) return answer;
      // Who calls beside this one waits, too.
      if (asked > 0) quietUntil.set(new URL(request.url).origin, Date.now() + asked);
      else await sleep(wait, undefined, { signal });
    }
    return attempt(request);
  };
}

/** Milliseconds; Retry-After is a number of seconds or a date (RFC 9110, section 10.2.3). */
export function waitAskedBy({ headers }: Response, now = Date.now()): number {
  const asked = headers.get("retry-after") ?? "";
  const until = /^\d+$/.test(asked) ? now + Number(asked) * 1_000 : Date.parse(asked);
  return Number.isNaN(until) ? 0 : Math.max(0, until - now);
}
