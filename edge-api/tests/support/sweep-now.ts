/** Runs the sweeps from a test instead of from the clock: work that a round would find is found now. */
import { expect } from "vitest";
import { sweep } from "../../src/sweeps/run.ts";
import type { Edge } from "./harness.ts";
import { insideEdge } from "./in-process.ts";

/**
 * Runs one whole round of every sweep, each of them due, and sends the messages that they offer at once.
 * Fails if one of them fails. What the edge's own clock does beside it may end a little later: poll for it.
 */
export async function sweepNow(edge: Pick<Edge, "bindings" | "sql">): Promise<void> {
  const round = async (): Promise<void> => {
    const { failed } = await sweep(insideEdge(edge), Date.now(), new Map());
    expect(failed).toEqual([]);
  };
  await round();
  // A message is delayed for the worker that may return: a test does not wait for it.
  await edge.sql.query("UPDATE outbox SET due_at = now() WHERE sent_at IS NULL AND due_at > now()");
  await round();
}
