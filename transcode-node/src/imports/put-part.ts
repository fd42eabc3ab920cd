/** Sends a part to the object store, by a URL that is signed for it alone. */
import { OwnFailure } from "./failure.ts";
import type { Clock } from "./pace.ts";

const TRIES = 4;
const FIRST_WAIT_MS = 500;
const PUT_MS = 300_000;

/**
 * Sends `bytes` to what `urlOf` returns, which is asked anew for each try. Rejects with OwnFailure, what `urlOf` rejects with, or the
 * signal's reason.
 */
export async function putPart(
  bytes: Buffer<ArrayBuffer>,
  urlOf: () => Promise<string>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    const why = await put(bytes, await urlOf(), signal);
    signal.throwIfAborted();
    if (why === undefined) return;
    if (tried === TRIES) throw new OwnFailure(`the store took no part: ${why}`);
    await clock.wait(FIRST_WAIT_MS * 4 ** (tried - 1), signal);
  }
}

/** Why it was not stored; undefined if it was. */
async function put(
  bytes: Buffer<ArrayBuffer>,
  url: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const limit = AbortSignal.any([AbortSignal.timeout(PUT_MS), signal]);
    const answer = await fetch(url, { method: "PUT", body: bytes, redirect: "error", signal: limit });
    await answer.body?.cancel();
    return answer.ok ? undefined : `status ${answer.status}`;
  } catch (error) {
    return error instanceof Error ? error.name : "no answer";
  }
}
