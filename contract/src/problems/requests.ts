/** Problems of any call, and of what the API itself depends on. */
import type { ProblemEntry } from "./entry.ts";

export const REQUEST_PROBLEMS = {
  "request.malformed": {
    status: 400,
    title: "Malformed request",
    detail: "The body is not valid JSON. Send a JSON object.",
  },
  "request.invalid": {
    status: 422,
    title: "Invalid request",
    detail: "Some fields are not as documented; see `errors`.",
  },
  "request.timeout": {
    status: 408,
    title: "Request too slow",
    detail: "The body did not arrive whole in time. Send it again at once.",
  },
  "request.too_large": {
    status: 413,
    title: "Request too large",
    detail:
      "The reference names each call's limit as `x-max-bytes`. Video bytes go straight to storage, by the part URLs.",
  },
  "request.unsupported_type": {
    status: 415,
    title: "Unsupported media type",
    detail: "Send `content-type: application/json`.",
  },
  "request.not_found": {
    status: 404,
    title: "No such path",
    detail: "See /docs for all paths.",
  },
  "request.method_not_allowed": {
    status: 405,
    title: "Method not allowed",
    detail: "This path takes other methods; see `Allow`.",
  },
  "request.changed_meanwhile": {
    status: 412,
    title: "Changed meanwhile",
    detail: "The video has changed since the revision in `If-Match`. Read it again, then decide.",
  },
  "request.idempotency_reused": {
    status: 422,
    title: "Idempotency key used for another call",
    detail: "The same `Idempotency-Key` came with another path or body. Take a new key for a new call.",
  },
  "request.idempotency_running": {
    status: 409,
    title: "The first call is still running",
    detail: "A call with this `Idempotency-Key` has not ended yet. Repeat it in a few seconds.",
  },
  "request.too_many": {
    status: 429,
    title: "Too many calls",
    detail:
      "Wait a minute; `Retry-After` has the seconds, and `RateLimit` of every answer says how many calls are left.",
  },
  "request.host_refused": {
    status: 403,
    title: "Wrong host name",
    detail:
      "StorageX is set up for this machine only: open it as localhost, or let the operator set STORAGEX_PUBLIC_URL.",
  },
  "storage.unavailable": {
    status: 503,
    title: "Storage does not answer",
    detail: "Try again in a moment; nothing was lost.",
  },
  "database.unavailable": {
    status: 503,
    title: "Database does not answer",
    detail: "Try again in a moment; nothing was lost.",
  },
  "broker.unavailable": {
    status: 503,
    title: "Broker does not answer",
    detail: "The tasks were not accepted; send them again.",
  },
  "configuration.invalid": {
    status: 503,
    title: "Not configured",
    detail: "The operator must fix the configuration; see /readyz.",
  },
  "internal.token_invalid": {
    status: 401,
    title: "Service token not accepted",
    detail: "Sign the request with a current key.",
  },
  "report.unstorable": {
    status: 422,
    title: "Report not storable",
    detail: "The database cannot hold something in it, such as an unpaired surrogate. Do not send it again.",
  },
  "report.object_missing": {
    status: 422,
    title: "Object not at the store",
    detail: "The store does not hold an object as it was reported. Make it again.",
  },
  "internal.error": {
    status: 500,
    title: "Internal error",
    detail: "Try again; if it happens again, report it with the trace id.",
  },
} as const satisfies Record<string, ProblemEntry>;
