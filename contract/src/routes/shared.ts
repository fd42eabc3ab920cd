/** What the route objects share: problem responses, JSON bodies, the id in the path. */
import { z } from "@hono/zod-openapi";
import { PROBLEMS, type ProblemCode, problemSchema } from "../problem.ts";

/** What every call may return. */
const ANY = [
  "request.host_refused",
  "request.too_many",
  "database.unavailable",
  "configuration.invalid",
  "internal.error",
] as const satisfies ProblemCode[];

/** Problem responses by status, for a route's `responses`; those that every call may return are added. */
export function problems(...codes: ProblemCode[]) {
  const byStatus: Record<
    number,
    { description: string; content: { "application/problem+json": { schema: typeof problemSchema } } }
  > = {};
  for (const code of new Set([...codes, ...ANY])) {
    const { status, title } = PROBLEMS[code];
    const before = byStatus[status]?.description;
    byStatus[status] = {
      description: before ? `${before}; ${title} (\`${code}\`)` : `${title} (\`${code}\`)`,
      content: { "application/problem+json": { schema: problemSchema } },
    };
  }
  return byStatus;
}

export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** An answer whose secret `field` is absent where the answer is given again (see `idempotency`). */
export const shownOnce = <S extends z.ZodObject, K extends keyof S["shape"] & string>(
  schema: S,
  field: K,
) => {
  const { [field]: secret, ...rest } = schema.shape;
  if (!secret) throw new Error(`the answer has no field ${field}`);
  return z.object({ ...rest, [field]: z.optional(secret) });
};

const KIB = 1024;
/**
 * Max bytes of a body. The API parses JSON on its only thread, so a limit is what the schema can need and no
 * more.
 */
export const MAX_BODY = {
  /** A password, an address, some numbers. */
  small: 8 * KIB,
  /** A file name of 10,000 characters, each escaped. */
  text: 128 * KIB,
  /** A video's texts, pairs and 200 chapters, every character escaped. */
  fields: 768 * KIB,
  /** Captions in characters of three bytes each. */
  captions: 4 * KIB * KIB,
  /** A long file's report lists many segments. */
  report: 8 * KIB * KIB,
} as const;

/** The extension by which a request body declares its limit; the OpenAPI document shows it too. */
export const MAX_BYTES = "x-max-bytes";

/** The same for who has no more than an upload link. */
const MAX_BYTES_BY_LINK = "x-max-bytes-by-link";

/** A JSON body of at most `maxBytes`, and of `byLink` from who has no more than an upload link. */
export const jsonBody = <S extends z.ZodType>(schema: S, maxBytes: number, byLink = maxBytes) => ({
  required: true,
  content: { "application/json": { schema } },
  [MAX_BYTES]: maxBytes,
  ...(byLink < maxBytes && { [MAX_BYTES_BY_LINK]: byLink }),
});

/**
 * The limit of a route's body in bytes; undefined where the route takes none. Throws for a body without a
 * limit.
 */
export function maxBodyOf(route: {
  path: string;
  request?: { body?: { [MAX_BYTES]?: number }; params?: unknown; query?: unknown; headers?: unknown };
}): number | undefined {
  const body = route.request?.body;
  if (!body) return undefined;
  const maxBytes = body[MAX_BYTES];
  if (maxBytes === undefined) throw new Error(`${route.path} takes a body without a limit`);
  return maxBytes;
}

/** The same for who has no more than an upload link. */
export const maxBodyByLinkOf = (
  route: Parameters<typeof maxBodyOf>[0] & { request?: { body?: { [MAX_BYTES_BY_LINK]?: number } } },
): number | undefined => route.request?.body?.[MAX_BYTES_BY_LINK] ?? maxBodyOf(route);

/** Any string: a malformed id gets the same 404 as somebody else's. */
export const idParams = z.object({ id: z.string().openapi({ example: "V1StGXR8Z5jdHi6B" }) });

/** The video must be unchanged since it was read: `"<revision>"` of a video (RFC 9110, section 13.1.1). */
export const ifMatch = z.object({
  "if-match": z
    .string()
    .max(1_000)
    .optional()
    .openapi({ description: "Only where the video's `revision` is still this one", example: '"3"' }),
});

/** For a read whose answer carries an ETag: spread into its `responses`. */
export const unchanged = {
  304: { description: "Unchanged: `If-None-Match` names the `ETag` of what would be shown" },
} as const;

/** What every call with a body, and every call of a signed-in user, may return. */
export const BODY = [
  "request.malformed",
  "request.invalid",
  "request.timeout",
  "request.too_large",
  "request.unsupported_type",
] as const;
export const SIGNED_IN = [
  "auth.required",
  "auth.token_invalid",
  "auth.session_only",
  "upload_link.not_allowed",
] as const;
export const BY_KEY = [
  "auth.required",
  "auth.token_invalid",
  "auth.scope_missing",
  "upload_link.not_allowed",
] as const;
export const OWN = [...BY_KEY, "video.not_found"] as const;
/** Of a route that takes the token of a video which was uploaded by a link. */
export const BY_VIDEO_TOKEN = [...OWN, "sharing.not_allowed"] as const;
export const ADMIN = [...BY_KEY, "auth.forbidden"] as const;
