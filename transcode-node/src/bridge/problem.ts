/** The bridge's error responses: problems of the shared table as `application/problem+json` (RFC 9457). */
import { type ProblemCode, problemBody } from "@storagex/contract/problem";

/** A response for `code`; `detail` replaces the table's text where more is known. */
export function problemResponse(code: ProblemCode, detail?: string): Response {
  const body = problemBody(code, detail);
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { "content-type": "application/problem+json" },
  });
}
