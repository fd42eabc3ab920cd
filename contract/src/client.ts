/** A typed client of the public API, for the dashboard and the tests. */
import { hc } from "hono/client";
import type { Api } from "./api.ts";

/** `base` is the API's origin; `fetch` may add the bearer token. */
export const createClient = (base: string, options: { fetch?: typeof fetch } = {}) => hc<Api>(base, options);
