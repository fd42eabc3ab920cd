/** Turns errors into responses: any `throw problem(code)` becomes `application/problem+json` (RFC 9457). */

import type { Scope } from "@storagex/contract/accounts/scopes";
import { PROBLEMS, type ProblemCode, problemBody } from "@storagex/contract/problem";
import { SettingsError } from "@storagex/contract/settings/read-settings";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";
import { isUnavailable, isUnstorable } from "../db/failure.ts";
import { log, loggedPath, reasonOf } from "../observe/log.ts";

type More = {
  /** Replaces the table's text. Must not reveal internals. */
  detail?: string;
  /** Missing part numbers. */
  missing?: number[];
  errors?: { path: string; message: string }[];
  /** The scope that the API key lacks. */
  scope?: Scope;
  /** Seconds. */
  retryAfter?: number;
  /** The methods that the address accepts. */
  allow?: string[];
};

/** An error that a client can act on. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly more: More;
  constructor(code: ProblemCode, more: More, options?: ErrorOptions) {
    super(`${code}: ${more.detail ?? PROBLEMS[code].detail}`, options);
    this.name = "Problem";
    this.code = code;
    this.more = more;
  }
}

/** Makes the error to throw. Every code is in contract's table. `cause` is only logged. */
export function problem(code: ProblemCode, more: More & { cause?: unknown } = {}): Problem {
  const { cause, ...rest } = more;
  return new Problem(code, rest, { cause });
}

/** What is read of hono's context. */
type Failed = { req: { path: string }; res: Response; get(name: "traceId"): string | undefined };

/** Hono's `onError`. The cause of any error but a Problem is logged, and the response does not contain it. */
export function answerError(error: unknown, c: Failed): Response {
  // In any other route this is our own mistake: text that people enter is made storable first.
  const isReport = c.req.path.startsWith("/internal/") && isUnstorable(error);
  const known = isReport ? problem("report.unstorable", { cause: error }) : asProblem(error);
  const { status } = PROBLEMS[known.code];
  if (status >= 500 || isReport) {
    log("error", known.code, {
      traceId: c.get("traceId"),
      path: loggedPath(c.req.path),
      reason: reasonOf(known.cause ?? error),
    });
  }
  const answer = respond(known, c.get("traceId"));
  // A cookie deleted before the failure stays deleted.
  for (const cookie of c.res.headers.getSetCookie()) answer.headers.append("set-cookie", cookie);
  return answer;
}

/** Status codes that the framework and its libraries refuse with on their own. */
const REFUSALS: Readonly<Record<number, ProblemCode>> = {
  400: "request.malformed",
  401: "auth.required",
  404: "request.not_found",
  405: "request.method_not_allowed",
  408: "request.timeout",
  413: "request.too_large",
  415: "request.unsupported_type",
  422: "request.invalid",
};

/**
 * The challenge of a 401 (RFC 9110, section 11.6.1; RFC 6750, section 3). Those after the first three are our own schemes:
 * no header can help there.
 */
const CHALLENGES: Readonly<Partial<Record<ProblemCode, string>>> = {
  "auth.required": "Bearer",
  "auth.token_invalid": 'Bearer error="invalid_token"',
  "internal.token_invalid": "Worker",
  "auth.wrong_credentials": "Password",
  "auth.refresh_invalid": "Cookie",
  "share.locked": "Share",
  "share.wrong_password": "Share",
};

/** Any error as a Problem: the framework's refusals, an unavailable database, and our own bugs. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof SettingsError) return problem("configuration.invalid", { cause: error });
  if (isUnavailable(error)) return problem("database.unavailable", { retryAfter: 2, cause: error });
  const refused = error instanceof HTTPException ? REFUSALS[error.status] : undefined;
  if (refused) return problem(refused, { cause: error });
  return problem("internal.error", { cause: error });
}

/** zod-openapi's `defaultHook`: input that does not match its schema gets a 422 that names each field. */
export function refuseInvalid(result: { success: boolean; error?: z.ZodError }): void {
  if (result.success || !result.error) return;
  throw problem("request.invalid", { errors: result.error.issues.flatMap(namedIssues) });
}

type Named = { path: string; message: string };

function namedIssues(issue: z.core.$ZodIssue): Named[] {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys
      .slice(0, 20)
      .map((key) => ({ path: [...issue.path, key.slice(0, 100)].join("."), message: "unknown field" }));
  if (issue.code === "invalid_union" && issue.errors.length > 0) return [{ path, message: either(issue) }];
  return [{ path, message: isMissing(issue) ? "is required" : issue.message }];
}

const isMissing = ({ code, message }: z.core.$ZodIssue): boolean =>
  code === "invalid_type" && message.endsWith("received undefined");

/** What would have been accepted, where a value may have one of several shapes: each of them says what it misses. */
function either({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const shapes = errors.map((issues) =>
    issues
      .flatMap(namedIssues)
      .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
      .join(", "),
  );
  return [...new Set(shapes)].join("; or ");
}

/** Writes a problem as the response. */
export function respond(known: Problem, traceId: string | undefined): Response {
  const { retryAfter, allow, detail, ...rest } = known.more;
  const body = { ...problemBody(known.code, detail), ...(traceId && { traceId }), ...rest };
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (retryAfter !== undefined) headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfter))));
  if (allow) headers.set("allow", allow.join(", "));
  const challenge = CHALLENGES[known.code];
  if (challenge) headers.set("www-authenticate", challenge);
  return new Response(JSON.stringify(body), { status: body.status, headers });
}
