/**
 * A small HTTP server with the internal routes, for tests of the worker alone. It checks bodies with the
 * contract's schemas.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import {
  helloRequestSchema,
  type Neighbours,
  neighboursRequestSchema,
} from "@storagex/contract/routes/internal";
import { type ClaimAnswer, claimRequestSchema, type Lease } from "@storagex/contract/tasks/lease";
import type { TaskMessage } from "@storagex/contract/tasks/message";
import type { CutPlan } from "@storagex/contract/tasks/plan";
import {
  deadLetterSchema,
  type FailRequest,
  failRequestSchema,
  type ProgressRequest,
  progressRequestSchema,
  type SucceedRequest,
  succeedRequestSchema,
} from "@storagex/contract/tasks/report";
import { Hono } from "hono";
import type { z } from "zod";

export type ApiStandIn = {
  url: string;
  claims: (z.infer<typeof claimRequestSchema> & { taskId: string; at: number })[];
  progress: (ProgressRequest & { taskId: string })[];
  succeeded: (SucceedRequest & { taskId: string })[];
  failed: (FailRequest & { taskId: string; at: number })[];
  dead: string[];
  hellos: string[];
  /** What workers said they run, and what they are told of their neighbours. */
  ranks: z.infer<typeof neighboursRequestSchema>[];
  neighbours: Neighbours;
  /** What a hello is answered; null as by an API of an earlier release. */
  draining: boolean | null;
  /** Answers of the next claims of `taskId`; without one a claim is leased. */
  nextClaim: Map<string, ClaimAnswer["outcome"][]>;
  /** Tasks whose leases are encodes of this plan and chunk; all others are plans. */
  chunks: Map<string, { plan: CutPlan; index: number }>;
  /** Tasks whose next claims are written, and their answers lost on the way. */
  lost: Set<string>;
  /** Tasks whose leases are of a kind that no worker knows. */
  unreadable: Set<string>;
  /** Tasks whose reports are answered `gone`. */
  gone: Set<string>;
  /** While set, every call gets this response. */
  broken: { status: number | null };
  /** Paths of the calls that got that response. */
  refused: string[];
  /** Of the next leases. */
  hardLimitSeconds: number;
  /** Lifetime of the source URLs it issues, milliseconds. */
  grantMs: number;
  /** Outputs and left results of the lease of a task's attempt. */
  leaves: (taskId: string, attempt: number) => Pick<Lease, "outputs" | "left">;
  /** While set, successes are refused with this problem. */
  refusesWith: string | null;
  /** While set, successes adopted from an earlier attempt are refused. */
  refusesAdopted: boolean;
  close(): Promise<void>;
};

const grant = (life: number) => ({
  url: "http://127.0.0.1:1/source?X-Amz-Signature=abc",
  etag: '"e"',
  size: 1000,
  expiresAt: new Date(Date.now() + life).toISOString(),
});

/** Listens on a free port of loopback; every task exists for it. */
export async function startApiStandIn(): Promise<ApiStandIn> {
  const attempts = new Map<string, number>();
  const seen: Omit<ApiStandIn, "url" | "close"> = {
    claims: [],
    progress: [],
    succeeded: [],
    failed: [],
    dead: [],
    hellos: [],
    ranks: [],
    neighbours: { workers: 0, express: 0, short: 0 },
    draining: null,
    nextClaim: new Map(),
    chunks: new Map(),
    lost: new Set(),
    unreadable: new Set(),
    gone: new Set(),
    broken: { status: null },
    refused: [],
    hardLimitSeconds: 600,
    grantMs: 3_600_000,
    leaves: () => ({ outputs: [], left: [] }),
    refusesWith: null,
    refusesAdopted: false,
  };
  const lease = (taskId: string): Lease => {
    const attempt = (attempts.get(taskId) ?? 0) + 1;
    attempts.set(taskId, attempt);
    const base = {
      taskId,
      videoId: "v1",
      generation: 1,
      attempt,
      leaseSecret: randomBytes(16).toString("base64url"),
      hardLimitSeconds: seen.hardLimitSeconds,
      source: grant(seen.grantMs),
      ...seen.leaves(taskId, attempt),
      traceparent: null,
    };
    const encode = seen.chunks.get(taskId);
    const chunk = encode?.plan.chunks[encode.index];
    return encode && chunk
      ? { ...base, kind: "encode", index: encode.index, plan: encode.plan, chunk }
      : { ...base, kind: "plan", index: 0, profile: { preset: "veryfast", av1: false }, workers: 1 };
  };

  const app = new Hono();
  app.use(async (c, next) => {
    if (seen.broken.status !== null) {
      seen.refused.push(c.req.path);
      return new Response("broken", { status: seen.broken.status });
    }
    if (!/^Worker [\w-]+\.[\w-]{16,}$/.test(c.req.header("authorization") ?? "")) return c.body(null, 401);
    await next();
  });
  app.post("/internal/workers/hello", async (c) => {
    seen.hellos.push(helloRequestSchema.parse(await c.req.json()).worker);
    return seen.draining === null ? c.body(null, 204) : c.json({ draining: seen.draining });
  });
  app.post("/internal/workers/neighbours", async (c) => {
    seen.ranks.push(neighboursRequestSchema.parse(await c.req.json()));
    return c.json(seen.neighbours);
  });
  app.post("/internal/tasks/:id/claim", async (c) => {
    const taskId = c.req.param("id");
    seen.claims.push({ taskId, at: Date.now(), ...claimRequestSchema.parse(await c.req.json()) });
    const outcome = seen.nextClaim.get(taskId)?.shift() ?? "leased";
    if (seen.unreadable.has(taskId))
      return c.json({ outcome: "leased", lease: { ...lease(taskId), kind: "dream" } });
    if (seen.lost.delete(taskId)) return c.body(null, 502);
    const answer: ClaimAnswer = outcome === "leased" ? { outcome, lease: lease(taskId) } : { outcome };
    return c.json(answer);
  });
  app.post("/internal/tasks/:id/progress", async (c) => {
    const taskId = c.req.param("id");
    const body = progressRequestSchema.parse(await c.req.json());
    seen.progress.push({ taskId, ...body });
    // Only the latest attempt may report.
    if (seen.gone.has(taskId) || body.attempt !== attempts.get(taskId)) return c.json({ outcome: "gone" });
    return c.json({
      outcome: "held",
      outputs: [],
      source: body.renew ? grant(seen.grantMs) : null,
      inputs: null,
    });
  });
  app.post("/internal/tasks/:id/succeed", async (c) => {
    const report = succeedRequestSchema.parse(await c.req.json());
    if (report.adopted !== undefined && seen.refusesAdopted) return c.json({ code: "request.invalid" }, 422);
    if (seen.refusesWith) return c.json({ code: seen.refusesWith }, 422);
    seen.succeeded.push({ taskId: c.req.param("id"), ...report });
    return c.json({ outcome: "done" });
  });
  app.post("/internal/tasks/:id/fail", async (c) => {
    seen.failed.push({
      taskId: c.req.param("id"),
      at: Date.now(),
      ...failRequestSchema.parse(await c.req.json()),
    });
    return c.json({ outcome: "done" });
  });
  app.post("/internal/tasks/:id/dead", async (c) => {
    deadLetterSchema.parse(await c.req.json());
    seen.dead.push(c.req.param("id"));
    return c.body(null, 204);
  });
  app.onError((error) => new Response(error.message, { status: 422 }));

  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return Object.assign(seen, {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

/** A message for a new plan task. */
export function planMessage(): TaskMessage {
  return { taskId: randomUUID(), videoId: "v1", generation: 1, kind: "plan", index: 0 };
}
