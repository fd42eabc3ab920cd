/** From what a step threw to what the API is told: a code, a sentence for the uploader, and whether trying again can help. */
import { MEDIA_FAILURES, type MediaFailureCode } from "@storagex/contract/media-failure";
import type { FailRequest } from "@storagex/contract/report";
import { MediaFailure } from "../media/failure.ts";
import type { LeaseEnd } from "./lease.ts";

export type Failure = Pick<FailRequest, "code" | "message" | "retryable" | "handBack">;

/** The failure of that code, as the shared table words it. */
export function failure(code: MediaFailureCode): Failure {
  return { code, ...MEDIA_FAILURES[code], handBack: false };
}

/** Given back whole and uncounted: nothing went wrong with the work. */
export const HAND_BACK: Failure = { ...failure("transcoder.interrupted"), retryable: true, handBack: true };

/** `ended` tells whether the lease's end made the step throw; then `error` is only its echo. */
export function failureOf(error: unknown, ended: LeaseEnd | null): Failure {
  if (ended?.why === "shutdown") return HAND_BACK;
  if (ended?.why === "time") return failure("transcoder.timeout");
  if (error instanceof MediaFailure) return failure(error.code);
  if (error instanceof Error && "code" in error && error.code === "ENOSPC")
    return failure("transcoder.disk_full");
  return failure("transcoder.crashed");
}
