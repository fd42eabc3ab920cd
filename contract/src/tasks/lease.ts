/** A claim and its response: the lease of one task. */
import { z } from "zod";
import { profileSchema } from "../videos/profile.ts";
import { finishInputsSchema, leftGrantSchema, outputGrantSchema, sourceGrantSchema } from "./grants.ts";
import type { MissingKinds, OfEveryKind, TaskKind } from "./kinds.ts";
import { chunkSchema, planSchema } from "./plan.ts";

const leaseBase = {
  taskId: z.uuid(),
  videoId: z.string(),
  generation: z.number().int().positive(),
  /** Fencing token: only the latest attempt may report. */
  attempt: z.number().int().positive(),
  /** 128-bit random, base64url; sent back with every report. */
  leaseSecret: z.string().min(20),
  /** Wall time after which the worker stops its own work. */
  hardLimitSeconds: z.number().positive(),
  source: sourceGrantSchema,
  outputs: z.array(outputGrantSchema),
  /** Results that earlier attempts may have left, newest first. */
  left: z.array(leftGrantSchema).default([]),
  traceparent: z.string().nullable(),
};

/** The claim's lease: everything that a worker may know about one task. */
export const leaseSchema = z.discriminatedUnion("kind", [
  z.object({
    ...leaseBase,
    kind: z.literal("plan"),
    index: z.literal(0),
    /** What the owner chose, within what the administrator allows. */
    profile: profileSchema,
    /** Live workers now: chunk lengths depend on it. */
    workers: z.number().int().positive(),
  }),
  z.object({
    ...leaseBase,
    kind: z.literal("encode"),
    index: z.number().int().min(0),
    plan: planSchema,
    chunk: chunkSchema,
  }),
  z.object({
    ...leaseBase,
    kind: z.literal("audio"),
    /** The track: index into `plan.source.audio`. */
    index: z.number().int().min(0),
    plan: planSchema,
    /**
     * Audio pieces recorded by an earlier attempt; this one starts after them where its build makes the same
     * init segment.
     */
    pinned: z.object({ pieces: z.number().int().min(0), initHash: z.string().nullable() }),
  }),
  z.object({
    ...leaseBase,
    kind: z.literal("finish"),
    index: z.literal(0),
    plan: planSchema,
    inputs: finishInputsSchema,
  }),
  z.object({
    ...leaseBase,
    kind: z.literal("poster"),
    index: z.number().int().min(0),
    plan: planSchema,
    /** Seconds on the timeline of the MP4, which is the source then; null where the source is an uploaded image. */
    at: z.number().min(0).nullable(),
  }),
]);
type AnyLease = z.infer<typeof leaseSchema>;
export type Lease = OfEveryKind<AnyLease, MissingKinds<AnyLease>>;
export type LeaseOf<K extends TaskKind> = Extract<Lease, { kind: K }>;

/** What a claim is known by: random, made anew for each. */
export const claimIdSchema = z.string().regex(/^[\w-]{20,64}$/);
/** So many unanswered claims a message remembers. */
export const MAX_UNANSWERED = 4;

export const claimRequestSchema = z.object({
  worker: z.string().min(1).max(64),
  /** The broker's redelivered flag: such a message may take over after 6 s without a report. */
  redelivered: z.boolean(),
  /** It can read a source that is not one object yet; workers of earlier releases cannot. */
  readsParts: z.boolean().default(false),
  /** Absent from workers of earlier releases: if its answer is lost, it counts as an interruption. */
  claimId: claimIdSchema.optional(),
  /** Earlier claims for this message whose answers did not come: nobody has their leases. */
  unanswered: z.array(claimIdSchema).max(MAX_UNANSWERED).default([]),
});

/**
 * `busy`: another worker has a live lease, or the task is to be retried later: park the message. `gone`:
 * finished, cancelled or unknown: acknowledge the message.
 */
export const claimAnswerSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("leased"), lease: leaseSchema }),
  z.object({ outcome: z.literal("busy") }),
  z.object({ outcome: z.literal("gone") }),
]);
export type ClaimAnswer = z.infer<typeof claimAnswerSchema>;
