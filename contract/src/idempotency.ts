/** Calls that make something answer again where they are sent again under the same `Idempotency-Key`. */
import { z } from "zod";

export const IDEMPOTENCY_HEADER = "idempotency-key";
/** Set to `true` on an answer to a call that was not carried out again. */
export const REPLAYED_HEADER = "idempotency-replayed";
/** How long a key is known, in hours. */
export const IDEMPOTENCY_HOURS = 24;

export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/, "must be 1 to 255 printable ASCII characters");

/** The header, as OpenAPI declares it. Not a schema of the route: our own pages need not name it. */
const PARAMETER = {
  name: "Idempotency-Key",
  in: "header" as const,
  required: false,
  description: `Chosen by the client, e.g. a UUID: for ${IDEMPOTENCY_HOURS} hours the same call with it is carried out once, and answers again with \`Idempotency-Replayed: true\``,
  schema: { type: "string" as const, minLength: 1, maxLength: 255 },
  example: "import-2026-11-29-0042",
};

/** For a route: its guard carries out each key's call once. */
export const BY_IDEMPOTENCY_KEY = { parameters: [PARAMETER] };

/** What a call with a key may be refused with: spread into the route's problems. */
export const IDEMPOTENT = ["request.idempotency_reused", "request.idempotency_running"] as const;

/** Whether a route takes the header. */
export const takesIdempotencyKey = (route: { path: string; parameters?: readonly unknown[] }): boolean =>
  route.parameters?.includes(PARAMETER) ?? false;
