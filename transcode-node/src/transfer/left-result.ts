/**
 * An attempt's result beside its outputs: written before it is reported, and read by a later attempt of the
 * same task.
 */

import { outputName } from "@storagex/contract/keys";
import type { LeftGrant } from "@storagex/contract/tasks/grants";
import type { Lease } from "@storagex/contract/tasks/lease";
import { type LeftResult, leftResultSchema, type TaskResult } from "@storagex/contract/tasks/report";
import { jsonTextSchema } from "@storagex/contract/text/json-text";

const PATIENCE_MS = 10_000;
/** Max bytes; the plan of a day-long video is by far the largest. */
const MAX_BYTES = 4 * 2 ** 20;

/**
 * Writes `result` under the attempt's own name for it. Call it when the object store has accepted every
 * output and nothing more will be written. Rejects where the object store refuses it: the report is valid
 * without it.
 */
export async function leaveResult(lease: Lease, result: TaskResult, signal: AbortSignal): Promise<void> {
  const grant = lease.outputs.find(({ name }) => name === outputName.result);
  if (!grant || !("url" in grant)) return;
  const left: LeftResult = { taskId: lease.taskId, generation: lease.generation, result };
  const answer = await fetch(grant.url, {
    method: "PUT",
    body: JSON.stringify(left),
    headers: { "content-type": "application/json" },
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`PUT answered ${answer.status}`);
}

/**
 * The result that an earlier attempt of the same task left; null where there is no usable one. Rejects only
 * on `signal`.
 */
export async function readLeft(
  lease: Lease,
  { url }: LeftGrant,
  signal: AbortSignal,
): Promise<TaskResult | null> {
  const text = await readSmall(url, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])).catch(
    () => null,
  );
  signal.throwIfAborted();
  const parsed = text === null ? null : jsonTextSchema.pipe(leftResultSchema).safeParse(text);
  if (!parsed?.success) return null;
  const { taskId, generation, result } = parsed.data;
  const isOurs = taskId === lease.taskId && generation === lease.generation && result.kind === lease.kind;
  return isOurs ? result : null;
}

async function readSmall(url: string, signal: AbortSignal): Promise<string | null> {
  const answer = await fetch(url, { redirect: "error", signal });
  if (!answer.ok || Number(answer.headers.get("content-length") ?? Number.POSITIVE_INFINITY) > MAX_BYTES) {
    await answer.body?.cancel();
    return null;
  }
  return answer.text();
}
