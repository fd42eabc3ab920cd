/** Invariants after a test: nothing was lost and nothing is left over. */
import { expect } from "vitest";
import { findLosses, messagesOf } from "./losses.ts";
import { rowsOf } from "./rows.ts";
import type { Stack } from "./running-stack.ts";

/**
 * Throws where an invariant does not hold for a stack of the test's own. Call it when all videos have ended.
 */
export async function assertNothingLost(stack: Stack): Promise<void> {
  await assertSomethingCompleted(stack, null);
  expect(await findLosses(stack, null)).toEqual([]);
  expect(await messagesOf(stack)).toMatchObject({ waiting: 0, dead: 0 });
  // A message that waits for a dead worker's lease comes back once more and is then acknowledged.
  const nothing = { waiting: 0, parked: 0, dead: 0 };
  await expect.poll(() => messagesOf(stack), { interval: 250 }).toEqual(nothing);
}

/**
 * The same for one account on the shared stack. The rest, and the queues, are checked when the last file has
 * ended.
 */
export async function assertNothingLostOf(stack: Stack, { user }: { user: { id: string } }): Promise<void> {
  await assertSomethingCompleted(stack, user.id);
  expect(await findLosses(stack, user.id)).toEqual([]);
}

/** Without a completed video there would be nothing to check. */
async function assertSomethingCompleted(stack: Stack, ownerId: string | null): Promise<void> {
  const completed =
    "SELECT id FROM videos WHERE status = 'completed' AND ($1::text IS NULL OR owner_id = $1)";
  expect((await rowsOf(stack, completed, [ownerId])).length).toBeGreaterThan(0);
}
