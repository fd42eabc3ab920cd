/** A typed client of the API: every path, body and answer as the OpenAPI document declares it. */
import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import type { components, paths } from "./openapi.ts";

export type Client = FetchClient<paths>;
export type Schemas = components["schemas"];

export type ClientOptions = {
  /** The origin of a StorageX, e.g. `https://videos.example.org`. */
  baseUrl: string;
  /** An API key (`sxk_…`), an access token, or the token of an upload link's video; a function is asked before each call. */
  apiKey: string | (() => string | Promise<string>);
  /** Instead of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
};

/**
 * The client of one StorageX, as openapi-fetch makes them: `await client.GET("/v1/videos/{id}", …)` answers
 * `{data, error, response}` and throws only where there is no answer. `expectData` turns an error into a throw.
 */
export function createClient({ baseUrl, apiKey, fetch }: ClientOptions): Client {
  const client = createFetchClient<paths>({ baseUrl, ...(fetch && { fetch }) });
  client.use({
    async onRequest({ request }) {
      // A call that brings its own bearer, as those for the video of an upload link do, keeps it.
      if (request.headers.has("authorization")) return undefined;
      request.headers.set("authorization", `Bearer ${typeof apiKey === "string" ? apiKey : await apiKey()}`);
      return request;
    },
  });
  return client;
}
