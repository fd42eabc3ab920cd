/**
 * Turns what a step threw into what is reported to the API: a code, a message for the uploader, and whether a
 * retry can help.
 */
import { type FailureDetail, MEDIA_FAILURES, type MediaFailureCode } from "@storagex/contract/media/failure";
import type { Lease } from "@storagex/contract/tasks/lease";
import type { FailRequest } from "@storagex/contract/tasks/report";
import { MediaFailure, reportableCodec } from "../../media/failure.ts";
import { ApiError } from "../../service/api-error.ts";
import { StoreAway } from "../../transfer/store-away.ts";
import type { LeaseEnd } from "../lease/lease.ts";
import { causeOf } from "./cause.ts";

export type Failure = Pick<FailRequest, "code" | "message" | "retryable" | "handBack" | "detail" | "cause"> &
  Partial<Pick<FailRequest, "needs" | "storeAway">>;

/** The failure with that code, with the message of the shared table. */
export function failure(code: MediaFailureCode): Failure {
  const { message, retryable } = MEDIA_FAILURES[code];
  return { code, message, retryable, handBack: false };
}

/** Handed back without counting as a failure: nothing went wrong with the work. */
export const HAND_BACK: Failure = { ...failure("transcoder.interrupted"), retryable: true, handBack: true };

/** `ended` says whether the lease's end made the step throw; then `error` is only its consequence. */
export function failureOf(error: unknown, ended: LeaseEnd | null): Failure {
  if (ended?.why === "bytes") return { ...HAND_BACK, needs: ended.needs };
  if (ended?.why === "shutdown" || ended?.why === "crowded") return HAND_BACK;
  if (ended?.why === "time")
    return {
      ...failure("transcoder.timeout"),
      cause: causeOf(new MediaFailure("transcoder.timeout", "time")),
    };
  if (error instanceof StoreAway) return { ...failure(error.code), storeAway: true };
  if (error instanceof MediaFailure)
    return { ...failure(error.code), detail: error.detail, cause: causeOf(error) };
  if (error instanceof ApiError && error.permanent) return refusalOf(error);
  if (error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT"))
    return failure("transcoder.disk_full");
  return { ...failure("transcoder.crashed"), cause: causeOf(error) };
}

/**
 * What the API refuses permanently it will refuse again, except where the object store had lost an object:
 * that can be made again.
 */
export function refusalOf(error: ApiError): Failure {
  if (error.problem === "report.object_missing")
    return { ...failure("transcoder.output_invalid"), cause: "object-missing" };
  return failure("transcoder.result_refused");
}

/** The track that a lease's work concerns; undefined where it concerns the whole file. */
export function detailOf(lease: Lease): FailureDetail | undefined {
  if (lease.kind === "encode") return { track: "video", codec: reportableCodec(lease.plan.source.codec) };
  if (lease.kind !== "audio") return undefined;
  const { codec } = lease.plan.source.audio[lease.index] ?? {};
  return { track: "audio", number: lease.index + 1, codec: reportableCodec(codec) };
}
