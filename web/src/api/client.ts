/**
 * The typed API client of the dashboard: adds the token, renews it once when it is refused, parses responses.
 */
import { createClient } from "@storagex/contract/client";
import type { Answer } from "../answers/answer.ts";
import { t as common } from "../messages/common.ts";
import { accessToken } from "./access-token.ts";
import { ApiError, failureOf, unreachable } from "./api-error.ts";
import { limitedFetch } from "./limited-fetch.ts";
import { noteReached } from "./network.ts";

const ends = new EventTarget();

/** Calls back when the API says that nobody is signed in any more. */
export const onSessionEnd = (listen: () => void): void => ends.addEventListener("end", listen);

type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** A fetch with the bearer token. Throws ApiError `auth.required` when nobody is signed in. */
const authorized =
  (fetch: Fetch): Fetch =>
  async (input, init = {}) => {
    const token = await accessToken();
    const first = await send(fetch, input, init, token);
    if (first.status !== 401 || !token) return first;
    const renewed = await accessToken(token);
    if (renewed) return send(fetch, input, init, renewed);
    ends.dispatchEvent(new Event("end"));
    return first;
  };

/** For answers without an end: streams. */
export const authorizedFetch: Fetch = authorized((input, init) => fetch(input, init));

async function send(
  fetch: Fetch,
  input: RequestInfo | URL,
  init: RequestInit,
  token: string | undefined,
): Promise<Response> {
  if (!token) {
    ends.dispatchEvent(new Event("end"));
    throw new ApiError(401, "auth.required", common("signInFirst"));
  }
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  return reach(fetch(input, { ...init, headers }), init.signal ?? undefined);
}

/** A fetch whose failure becomes an ApiError; a deliberate abort stays an abort. */
export async function reach<R>(call: Promise<R>, signal?: AbortSignal): Promise<R> {
  try {
    const answer = await call;
    noteReached(true);
    return answer;
  } catch (error) {
    if (signal?.aborted || error instanceof ApiError) throw error;
    noteReached(false);
    throw unreachable();
  }
}

/** Calls that need a signed-in user. */
export const api = createClient("/", { fetch: authorized(limitedFetch) });
/** Calls that need none, or bring a bearer of their own: register, login, setup, logout, uploads by a link. */
export const openApi = createClient("/", { fetch: (input, init) => reach(limitedFetch(input, init)) });

type Reply = { ok: boolean; status: number; json(): Promise<unknown> };

/**
 * The checked body of a successful response; throws ApiError for every other. A promise of the answer loads its
 * schema beside the call, where a page may do without it.
 */
export async function read<T>(answer: Answer<T> | Promise<Answer<T>>, call: Promise<Reply>): Promise<T> {
  const loading = Promise.resolve(answer).catch(() => undefined);
  const response = await call;
  if (!response.ok) throw await failureOf(response);
  const loaded = await loading;
  // What was asked for is done: this is no outage, after which it would be asked for again.
  if (!loaded) throw new ApiError(response.status, "page.outdated", common("pageFailed"));
  const body: unknown = await response.json().catch((error: unknown) => {
    // The rest did not come.
    throw error instanceof SyntaxError ? error : unreachable();
  });
  return loaded.parse(body);
}

/** For responses without a body. */
export async function settle(call: Promise<Reply>): Promise<void> {
  const response = await call;
  if (!response.ok) throw await failureOf(response);
}
