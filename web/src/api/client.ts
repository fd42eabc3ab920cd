/**
 * The typed API client of the dashboard: adds the token, renews it once when it is refused, parses responses.
 */
import { createClient } from "@storagex/contract/client";
import type { z } from "zod";
import { accessToken } from "./access-token.ts";
import { ApiError, failureOf, unreachable } from "./api-error.ts";
import { noteReached } from "./network.ts";

const ends = new EventTarget();

/** Calls back when the API says that nobody is signed in any more. */
export const onSessionEnd = (listen: () => void): void => ends.addEventListener("end", listen);

/** Fetch with the bearer token. Throws ApiError `auth.required` when nobody is signed in. */
export async function authorizedFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const token = await accessToken();
  const first = await send(input, init, token);
  if (first.status !== 401 || !token) return first;
  const renewed = await accessToken(token);
  if (renewed) return send(input, init, renewed);
  ends.dispatchEvent(new Event("end"));
  return first;
}

async function send(
  input: RequestInfo | URL,
  init: RequestInit,
  token: string | undefined,
): Promise<Response> {
  if (!token) {
    ends.dispatchEvent(new Event("end"));
    throw new ApiError(401, "auth.required", "Sign in first.");
  }
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  return reach(fetch(input, { ...init, headers }), init.signal ?? undefined);
}

/** A fetch whose failure becomes an ApiError; a deliberate abort stays an abort. */
async function reach<R>(call: Promise<R>, signal?: AbortSignal): Promise<R> {
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
export const api = createClient("/", { fetch: authorizedFetch });
/** Calls that need none: register, login, setup, logout. */
export const openApi = createClient("/", { fetch: (input, init) => reach(fetch(input, init)) });

type Answer = { ok: boolean; status: number; json(): Promise<unknown> };

/**
 * The parsed body of a successful response; throws ApiError for every other. A promise of the schema loads it
 * beside the call: pages that may need no answer do not load zod.
 */
export async function read<S extends z.ZodType>(
  schema: S | Promise<S>,
  call: Promise<Answer>,
): Promise<z.output<S>> {
  const response = await call;
  if (!response.ok) throw await failureOf(response);
  return (await schema).parse(await response.json());
}

/** For responses without a body. */
export async function settle(call: Promise<Answer>): Promise<void> {
  const response = await call;
  if (!response.ok) throw await failureOf(response);
}
