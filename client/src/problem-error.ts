/** An answer that refuses a call (RFC 9457), as an error. */
import type { Schemas } from "./create-client.ts";

export type Problem = Schemas["Problem"];

export class ProblemError extends Error {
  override name = "ProblemError";
  readonly status: number;
  /** Stable, e.g. `video.not_found`; undefined where something between here and the API has answered. */
  readonly code: string | undefined;
  readonly problem: Problem | undefined;
  /** Seconds after which the same call may succeed, where the answer says so. */
  readonly retryAfter: number | undefined;

  constructor(response: Response, body: unknown) {
    const problem = isProblem(body) ? body : undefined;
    const said = problem ? sentenceOf(problem) : response.statusText;
    super(`${response.status} ${said}`.trim());
    this.status = response.status;
    this.code = problem?.code;
    this.problem = problem;
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    this.retryAfter = Number.isFinite(seconds) ? seconds : undefined;
  }
}

/** With what is wrong of each field, where the request was not as documented. */
function sentenceOf({ code, detail, title, errors = [] }: Problem): string {
  const fields = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return [`${code}: ${detail ?? title}`, ...fields].join(" ");
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}

/** Whether `error` is the problem with this code. */
export const isCode = (error: unknown, code: string): error is ProblemError =>
  error instanceof ProblemError && error.code === code;

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The data of an answer. Throws ProblemError where the call was refused. */
export function expectData<T>({ data, error, response }: Answer<T>): T {
  if (!response.ok || data === undefined) throw new ProblemError(response, error);
  return data;
}
