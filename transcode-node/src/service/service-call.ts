/** Calls to edge-api by a service that is no worker: one POST, one answer. */
import { ApiError } from "./api-error.ts";

/** Posts to `path` of the API; the text of the answer. Rejects with ApiError. */
export type ServiceCall = (path: string, body?: unknown) => Promise<string>;

/** Calls to `baseUrl` with the service's `credential` (`id.secret`), each ended after `timeoutMs`. */
export function makeServiceCall(options: {
  baseUrl: string;
  credential: string;
  timeoutMs: number;
}): ServiceCall {
  const base = options.baseUrl.replace(/\/$/, "");
  return async (path, body) => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(base + path, {
        method: "POST",
        headers: {
          authorization: `Worker ${options.credential}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: "error",
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      throw new ApiError(`${path}: no answer`, null, { cause: error });
    }
    if (!response.ok)
      throw new ApiError(`${path}: ${response.status} ${text.slice(0, 300)}`, response.status);
    return text;
  };
}
