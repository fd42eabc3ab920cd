/**
 * CORS rules: pages of the allowed origins may send signed requests and read the ETag; any page may read what a
 * signed URL opens, because embedded players run on other sites.
 */

const exposed = "ETag, Content-Length, Content-Range, Accept-Ranges, Last-Modified, Date, x-amz-request-id";
const methods = "GET, HEAD, PUT, POST, DELETE";

const READS = ["GET", "HEAD"];

/**
 * CORS headers for any response to `method`, errors too; empty where the origin is missing or not allowed.
 */
export function corsHeaders(
  allowed: string[],
  origin: string | undefined,
  method = "PUT",
): Record<string, string> {
  if (allowed.includes("*") || (allowed.length > 0 && READS.includes(method)))
    return { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": exposed };
  if (origin === undefined || !allowed.includes(origin)) return { Vary: "Origin" };
  return {
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": exposed,
    Vary: "Origin",
  };
}

/**
 * The headers of the response to a preflight; null when the request is none, or its origin is not allowed.
 */
export function preflightHeaders(
  allowed: string[],
  headers: ReadonlyMap<string, string>,
): Record<string, string> | null {
  const origin = headers.get("origin");
  const method = headers.get("access-control-request-method");
  if (origin === undefined || method === undefined) return null;
  const cors = corsHeaders(allowed, origin, method);
  if (!("Access-Control-Allow-Origin" in cors)) return null;
  const asked = headers.get("access-control-request-headers");
  return {
    ...cors,
    "Access-Control-Allow-Methods": READS.includes(method) ? READS.join(", ") : methods,
    ...(asked !== undefined && { "Access-Control-Allow-Headers": asked }),
    "Access-Control-Max-Age": "3600",
  };
}
