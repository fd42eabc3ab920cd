/**
 * The worker's client for edge-api: the internal routes, typed by the contract: a claim, progress reports,
 * one final report.
 */

import { problemSchema } from "@storagex/contract/problem";
import {
  type Hello,
  helloAnswerSchema,
  internalRoutes,
  type neighboursRequestSchema,
  neighboursSchema,
} from "@storagex/contract/routes/internal";
import { type ClaimAnswer, claimAnswerSchema, type claimRequestSchema } from "@storagex/contract/tasks/lease";
import {
  type DeadLetter,
  type failRequestSchema,
  progressAnswerSchema,
  type progressRequestSchema,
  reportAnswerSchema,
  type SucceedRequest,
} from "@storagex/contract/tasks/report";
import { jsonTextSchema } from "@storagex/contract/text/json-text";
import { z } from "zod";
import { ApiError } from "../service/api-error.ts";

const CALL_TIMEOUT_MS = 10_000;
/** A heartbeat that hangs must leave time for the next one within the lease. */
const PROGRESS_TIMEOUT_MS = 5_000;

type Call = { traceparent?: string | null; signal?: AbortSignal };
export type Api = ReturnType<typeof makeApi>;

/** Calls to `baseUrl` as the worker with `credential` (`id.secret`). Every call rejects with ApiError. */
export function makeApi(options: { baseUrl: string; credential: string }) {
  const base = options.baseUrl.replace(/\/$/, "");

  async function call<S extends z.ZodType>(
    route: keyof typeof internalRoutes,
    taskId: string,
    body: unknown,
    answer: S,
    { timeoutMs = CALL_TIMEOUT_MS, traceparent, signal }: Call & { timeoutMs?: number } = {},
  ): Promise<z.infer<S>> {
    const path = internalRoutes[route].path.replace("{taskId}", encodeURIComponent(taskId));
    const limit = AbortSignal.timeout(timeoutMs);
    let text: string;
    let status: number;
    try {
      const response = await fetch(`${base}${path}`, {
        method: "POST",
        headers: {
          authorization: `Worker ${options.credential}`,
          "content-type": "application/json",
          ...(traceparent ? { traceparent } : {}),
        },
        body: JSON.stringify(body),
        signal: signal ? AbortSignal.any([limit, signal]) : limit,
        redirect: "error",
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw new ApiError(`${route}: no answer`, null, { cause: error });
    }
    if (status < 200 || status > 299)
      throw new ApiError(`${route}: ${status} ${text.slice(0, 300)}`, status, { problem: problemIn(text) });
    const parsed = text === "" ? answer.safeParse(undefined) : jsonTextSchema.pipe(answer).safeParse(text);
    if (!parsed.success)
      throw new ApiError(`${route}: answer not understood: ${parsed.error.message}`, status);
    return parsed.data;
  }

  return {
    claim: async (taskId: string, body: z.input<typeof claimRequestSchema>, at?: Call) =>
      readClaim(await call("claim", taskId, body, z.unknown(), at)),
    progress: (taskId: string, body: z.input<typeof progressRequestSchema>, at?: Call) =>
      call("progress", taskId, body, progressAnswerSchema, { ...at, timeoutMs: PROGRESS_TIMEOUT_MS }),
    succeed: (taskId: string, body: SucceedRequest, at?: Call) =>
      call("succeed", taskId, body, reportAnswerSchema, at),
    fail: (taskId: string, body: z.input<typeof failRequestSchema>, at?: Call) =>
      call("fail", taskId, body, reportAnswerSchema, at),
    dead: (taskId: string, body: DeadLetter, at?: Call) => call("dead", taskId, body, z.undefined(), at),
    neighbours: (body: z.infer<typeof neighboursRequestSchema>, at?: Call) =>
      call("neighbours", "", body, neighboursSchema, at),
    /** Whether the worker is to drain. An API of an earlier release answers without a body, and never drains. */
    hello: async (body: Hello) =>
      (await call("hello", "", body, helloAnswerSchema.optional()))?.draining ?? false,
  };
}

/** The code of a problem document; null for any other text. */
const problemIn = (text: string): string | null =>
  jsonTextSchema.pipe(problemSchema.pick({ code: true })).safeParse(text).data?.code ?? null;

/**
 * A lease that this worker cannot read, for example from an API of another version; with the proof it can be
 * handed back.
 */
type Unreadable = { outcome: "unreadable"; proof: z.infer<typeof proofSchema>; reason: string };
const proofSchema = z.object({ attempt: z.number(), leaseSecret: z.string() });
const grantedSchema = z.object({ outcome: z.literal("leased"), lease: proofSchema });

function readClaim(answer: unknown): ClaimAnswer | Unreadable {
  const parsed = claimAnswerSchema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.message;
  const granted = grantedSchema.safeParse(answer);
  if (granted.success) return { outcome: "unreadable", proof: granted.data.lease, reason };
  throw new ApiError(`claim: answer not understood: ${reason}`, 200);
}
