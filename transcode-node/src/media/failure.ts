/**
 * Why a source cannot become a video, or an output is invalid: thrown where it is found, reported to the API
 * by the worker.
 */
import {
  type FailureDetail,
  failureDetailSchema,
  type MediaFailureCode,
} from "@storagex/contract/media/failure";

/**
 * FFmpeg's short name of a codec where the contract accepts it; undefined for anything else that a file may
 * declare.
 */
export const reportableCodec = (name: string | undefined): string | undefined =>
  failureDetailSchema.shape.codec.safeParse(name).data;

/** A failure whose reason the uploader reads. Anything else that a step throws is `transcoder.crashed`. */
export class MediaFailure extends Error {
  readonly code: MediaFailureCode;
  /** Which track or codec it concerns, for the message. */
  readonly detail: FailureDetail | undefined;
  constructor(
    code: MediaFailureCode,
    inside: string,
    options?: ErrorOptions & { detail?: FailureDetail | undefined },
  ) {
    super(inside, options);
    this.name = "MediaFailure";
    this.code = code;
    this.detail = options?.detail;
  }
}
