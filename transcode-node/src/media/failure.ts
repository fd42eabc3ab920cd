/** Why a source cannot become a video, or an output is none: thrown by whoever finds it, told to the API by the worker. */
import {
  type FailureDetail,
  failureDetailSchema,
  type MediaFailureCode,
} from "@storagex/contract/media/failure";

/** FFmpeg's short name of a codec where the contract takes it as one; undefined for anything else a file may say. */
export const reportableCodec = (name: string | undefined): string | undefined =>
  failureDetailSchema.shape.codec.safeParse(name).data;

/** A failure whose reason the uploader reads. Anything else that a step throws is `transcoder.crashed`. */
export class MediaFailure extends Error {
  readonly code: MediaFailureCode;
  /** Which track or codec it is about, for the sentence. */
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
