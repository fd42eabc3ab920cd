/** Which errors are of one video, and which end the whole. */
import { ProblemError } from "@storagex/client";
import { CommandError, endOf } from "../exit-codes.ts";

/** Throws `error` where the next video would fail for it, too. */
export function throwIfOver(error: unknown, signal: AbortSignal): void {
  signal.throwIfAborted();
  const isRefused =
    error instanceof ProblemError &&
    (error.status === 401 || error.status === 403 || error.code === "upload.quota_exceeded");
  // What `fetch` throws where StorageX is not reached, after all its tries.
  const isUnreached = error instanceof TypeError && error.message === "fetch failed";
  if (error instanceof CommandError || isRefused || isUnreached) throw error;
}

export const reasonFor = (error: unknown): string => endOf(error).message;
