/** CORS rules: browsers may send signed requests from the allowed origins and read the ETag. */

const exposed = "ETag, Content-Length, Content-Range, Accept-Ranges, Last-Modified, Date, x-amz-request-id";
const methods = "GET, HEAD, PUT, POST, DELETE";

/** CORS headers for any response, errors too; empty where the origin is missing or not allowed. */
export function corsHeaders(allowed: string[], origin: string | undefined): Record<string, string> {
  if (allowed.includes("*"))
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
  if (origin === undefined || !headers.has("access-control-request-method")) return null;
  const cors = corsHeaders(allowed, origin);
  if (!("Access-Control-Allow-Origin" in cors)) return null;
  const asked = headers.get("access-control-request-headers");
  return {
    ...cors,
    "Access-Control-Allow-Methods": methods,
    ...(asked !== undefined && { "Access-Control-Allow-Headers": asked }),
    "Access-Control-Max-Age": "3600",
  };
}
