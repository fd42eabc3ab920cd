/**
 * Every failed call as one kind of error with a message for the page: a problem of the API, or a lost
 * network.
 */
import type { Problem } from "@storagex/contract/problem";
import { t as common } from "../messages/common.ts";
import { problemText } from "../messages/of-api.ts";

export class ApiError extends Error {
  /** 0 when there was no response. */
  readonly status: number;
  readonly code: string;
  readonly problem: Problem | null;
  constructor(status: number, code: string, message: string, problem: Problem | null = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.problem = problem;
  }
}

/** The sentence to show for any thrown value. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return common("pageFailed");
}

/** Reads a response that is not ok. */
export async function failureOf(response: { status: number; json(): Promise<unknown> }): Promise<ApiError> {
  const { problem } = await import("../answers/problem.ts");
  const body = problem.safeParse(await response.json().catch(() => undefined));
  if (body.success)
    return new ApiError(
      response.status,
      body.data.code,
      await problemText(body.data.code, `${body.data.title}. ${body.data.detail}`),
      body.data,
    );
  return new ApiError(response.status, `http.${response.status}`, common("unexplained", response.status));
}

/** For a fetch that threw: the server was not reached. */
export function unreachable(): ApiError {
  return new ApiError(0, "network.unreachable", common("unreachable"));
}

/** The first error of each field of a refused form, by the field's name. */
export function fieldErrors(error: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (!(error instanceof ApiError)) return found;
  for (const { path, message } of error.problem?.errors ?? []) {
    const name = path.split(/[./]/).filter(Boolean).at(-1);
    if (name) found[name] ??= message;
  }
  return found;
}
