/** A lease's share of its machine: its rank, and the memory that its processes use. */
import { laneOf, restLane } from "@storagex/contract/tasks/lane";
import type { Lease } from "@storagex/contract/tasks/lease";
import { secondsAt } from "../../media/plan/grid.ts";
import { encodeMemory, LIGHT_MEMORY } from "../../media/run/limits.ts";
import type { Rank } from "./precedence.ts";

/** The rank that a lease's work begins with. Audio is express until its first piece is published. */
export function firstRank(lease: Lease): Rank {
  if (lease.kind === "audio") return lease.pinned.pieces > 0 ? laterRank(lease) : "express";
  const lane = laneOf({
    kind: lease.kind,
    index: lease.index,
    chunkSeconds: lease.kind === "encode" ? chunkSecondsOf(lease) : null,
    duration: lease.kind === "plan" ? null : lease.plan.source.duration,
  });
  return lane === "audio" ? "express" : lane;
}

/** The rank of an audio task once no first frame waits for it any more. */
export const laterRank = (lease: Extract<Lease, { kind: "audio" }>): Rank =>
  restLane(lease.plan.source.duration);

function chunkSecondsOf({ plan, chunk }: Extract<Lease, { kind: "encode" }>): number {
  const { rate } = plan.grid;
  return chunk.frames === null
    ? plan.source.duration - secondsAt(chunk.firstFrame, rate)
    : secondsAt(chunk.frames, rate);
}

/** Bytes. `finish` decodes the source and a rendition at the same time, and encodes none. */
export function memoryOf(lease: Lease): number {
  if (lease.kind === "encode") return encodeMemory(lease.plan);
  return lease.kind === "finish" ? Math.max(LIGHT_MEMORY, encodeMemory(lease.plan) / 2) : LIGHT_MEMORY;
}
