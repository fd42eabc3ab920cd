/** The bridge's error responses: problems of the shared table as `application/problem+json` (RFC 9457). */
import { PROBLEMS, type Problem, type ProblemCode } from "@storagex/contract/problem";

/** A response for `code`; `detail` replaces the table's text where more is known. */
export function problemResponse(code: ProblemCode, detail?: string): Response {
  const entry = PROBLEMS[code];
  const body: Problem = {
    type: `/docs#problem-${code}`,
    title: entry.title,
    status: entry.status,
    detail: detail ?? entry.detail,
    code,
  };
  return new Response(JSON.stringify(body), {
    status: entry.status,
    headers: { "content-type": "application/problem+json" },
  });
}
