/** Reasons why a source cannot become a video: each code with the sentence its uploader reads and whether a retry can help. */

type Reason = { message: string; retryable: boolean };

export const MEDIA_FAILURES = {
  "source.empty": {
    message: "This file holds no data. Upload it again from the original.",
    retryable: false,
  },
  "source.not_video": {
    message:
      "This is not a video file we can read. Export it as MP4 (H.264 or HEVC), MOV, MKV or WebM and upload that.",
    retryable: false,
  },
  "source.truncated": {
    message:
      "This file ends before its content does. It was probably cut off while it was copied: upload it again.",
    retryable: false,
  },
  "source.no_video": {
    message: "This file has no moving picture, only sound or a cover image.",
    retryable: false,
  },
  "source.damaged": {
    message: "This file is damaged: its pictures cannot be decoded. Export it again and upload the new copy.",
    retryable: false,
  },
  "source.too_large_picture": {
    message:
      "The picture is larger than 40 megapixels or 8192 pixels a side. Export it smaller and upload it again.",
    retryable: false,
  },
  "source.too_long": {
    message: "This video is longer than 24 hours. Cut it into parts and upload those.",
    retryable: false,
  },
  "source.too_many_streams": {
    message: "This file holds more tracks than we read (64). Export it with fewer.",
    retryable: false,
  },
  "source.unsupported_codec": {
    message:
      "The picture or the sound is in a format we do not decode. Export it as H.264 with AAC, or as HEVC, VP9 or AV1, and upload that.",
    retryable: false,
  },
  "source.encrypted": {
    message: "This file is locked by copy protection. Upload a copy that plays without a licence.",
    retryable: false,
  },
  "source.too_sparse": {
    message:
      "This file shows a new picture less than once in ten minutes, for over an hour. Export it with a constant frame rate and upload that.",
    retryable: false,
  },
  "source.changed": {
    message: "The uploaded file changed while it was read. Upload it again.",
    retryable: false,
  },
  "source.unstorable": {
    message:
      "A name or a number in this file, such as a track's title, cannot be stored. Export it again and upload the new copy.",
    retryable: false,
  },
  "source.unreadable": {
    message: "The storage did not deliver the file. We try again by ourselves.",
    retryable: true,
  },
  "transcoder.output_invalid": {
    message: "The encoder's output did not pass its checks. We try again by ourselves.",
    retryable: true,
  },
  "transcoder.copy_unfit": {
    message: "The file's own picture cannot be kept as it is. We encode it by ourselves.",
    retryable: true,
  },
  "transcoder.crashed": {
    message: "The encoder stopped unexpectedly on this file. We try again by ourselves.",
    retryable: true,
  },
  "transcoder.timeout": {
    message: "Encoding took longer than allowed. Try again, or upload a shorter video.",
    retryable: true,
  },
  "transcoder.upload_failed": {
    message: "The storage did not take the result. We try again by ourselves.",
    retryable: true,
  },
  "transcoder.disk_full": {
    message: "The worker ran out of disk space. We try again by ourselves.",
    retryable: true,
  },
  "transcoder.interrupted": {
    message:
      "Encoding was interrupted five times by workers going away. Try again when your workers are stable.",
    retryable: false,
  },
  "transcoder.gave_up": {
    message: "Encoding did not succeed after several tries. Try again, or upload another copy.",
    retryable: false,
  },
} as const satisfies Record<string, Reason>;

export type MediaFailureCode = keyof typeof MEDIA_FAILURES;
