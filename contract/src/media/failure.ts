/**
 * Reasons why a source cannot become a video: each code with the message for its uploader and whether a retry
 * can help.
 */
import { z } from "zod";
import { codecName } from "../formats/codecs.ts";

/** `repeated`: the message where two attempts failed with the same cause; `{what}` is the track. */
type Reason = { message: string; retryable: boolean; repeated?: string; named?: string };

/** Which track or codec of a file failed: words of a fixed vocabulary, never a tool's own text. */
export const failureDetailSchema = z.object({
  track: z.enum(["video", "audio", "text"]).optional(),
  /** Counted from 1 among the tracks of its kind. */
  number: z.number().int().min(1).max(1000).optional(),
  /** FFmpeg's short name of a codec, such as `h264`. */
  codec: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.-]{0,31}$/)
    .optional(),
});
export type FailureDetail = z.infer<typeof failureDetailSchema>;

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
  "source.bare_stream": {
    message:
      "This is a bare video stream, without a container: it holds no times and no audio. Put it into MP4 or MKV, with its frame rate, and upload that.",
    retryable: false,
  },
  "source.truncated": {
    message: "This file is incomplete. It was probably cut off while being copied: upload it again.",
    retryable: false,
  },
  "source.no_media": {
    message:
      "This file describes a video but holds no frames of it. Export it again and upload the new copy.",
    retryable: false,
  },
  "source.no_timestamps": {
    message: "The frames in this file have no timestamps. Export it as MP4 and upload that.",
    retryable: false,
  },
  "source.no_video": {
    message: "This file has no video, only audio or a cover image.",
    retryable: false,
  },
  "source.damaged": {
    message: "This file is damaged: its video cannot be decoded. Export it again and upload the new copy.",
    retryable: false,
  },
  "source.too_large_picture": {
    message:
      "The video is larger than 40 megapixels or 8192 pixels a side. Export it smaller and upload it again.",
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
      "The video or the audio is in a format we do not decode. Export it as H.264 with AAC, or as HEVC, VP9 or AV1, and upload that.",
    named:
      "{What} is in a format we do not decode. Export the file as H.264 with AAC, or as HEVC, VP9 or AV1, and upload that.",
    retryable: false,
  },
  "source.unknown_codec": {
    message:
      "The format of the video in this file cannot be determined: the file does not name it, and the video's first seconds do not show it. Export it again as MP4 (H.264 with AAC) and upload that.",
    retryable: false,
  },
  "source.encrypted": {
    message: "This file is locked by copy protection. Upload a copy that plays without a licence.",
    retryable: false,
  },
  "source.dolby_vision": {
    message:
      "This video is in Dolby Vision profile 5, whose colours only licensed players can show. Export it as HDR10, HLG or SDR and upload that.",
    retryable: false,
  },
  "source.too_sparse": {
    message:
      "This file shows a new frame less than once in ten minutes, for over an hour. Export it with a constant frame rate and upload that.",
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
    message:
      "The encoder's output did not pass its checks. We try again by ourselves; if it fails again, export the file as H.264 with AAC and upload the new copy.",
    repeated:
      "What was made of {what} failed its checks twice in the same way. Export the file again, as H.264 with AAC, and upload the new copy.",
    retryable: true,
  },
  "transcoder.result_refused": {
    message:
      "The file was read, but the server did not accept what its worker made of it. Your file is not to blame: tell the operator, who should update both.",
    retryable: false,
  },
  "transcoder.copy_unfit": {
    message: "The file's own video cannot be kept as it is. We encode it.",
    retryable: true,
  },
  "transcoder.crashed": {
    message:
      "The encoder stopped unexpectedly on this file. We try again by ourselves; if it fails again, export the file as H.264 with AAC and upload the new copy.",
    repeated:
      "The encoder failed at {what} twice in the same way. Export the file again, as H.264 with AAC, and upload the new copy.",
    retryable: true,
  },
  "transcoder.timeout": {
    message: "Encoding took longer than allowed. Try again, or upload a shorter video.",
    repeated: "Encoding {what} took longer than allowed, twice. Upload a shorter or a smaller video.",
    retryable: true,
  },
  "transcoder.upload_failed": {
    message: "The storage did not accept the result. We try again by ourselves.",
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
  "poster.not_image": {
    message: "This is not a JPEG or PNG image. Export it as one of them and upload that.",
    retryable: false,
  },
  "poster.image_damaged": {
    message:
      "This image is damaged or incomplete: it cannot be decoded. Export it again and upload the new copy.",
    retryable: false,
  },
  "poster.image_too_large": {
    message: "This image has more than 40 megapixels. Export it smaller and upload it again.",
    retryable: false,
  },
  "poster.not_uploaded": {
    message: "The image was not uploaded in time. Upload it again.",
    retryable: false,
  },
  "poster.not_made": {
    message: "The poster could not be made. Try again, or choose another frame or image.",
    retryable: false,
  },
  "import.refused": {
    message:
      "This URL is not fetched: it is not on the public internet, or it redirects too often or to such a place. Use another URL, or upload the file.",
    retryable: false,
  },
  "import.unreachable": {
    message:
      "The URL could not be reached, or its server answered with an error, several times. Check that it works and try again.",
    retryable: false,
  },
  "import.not_found": {
    message:
      "There is no file at this URL, or it is not open to us. Check the URL, and whether access to it has expired.",
    retryable: false,
  },
  "import.too_large": {
    message:
      "The file at this URL is larger than allowed, or than the space that is left. Import a smaller one.",
    retryable: false,
  },
  "import.interrupted": {
    message:
      "The file did not arrive completely: its server broke off again and again, or was too slow. Try again, or upload the file.",
    retryable: false,
  },
  "account.disabled": {
    message: "The account was disabled while this video was encoded. Once it is enabled again, try again.",
    retryable: false,
  },
} as const satisfies Record<string, Reason>;

export type MediaFailureCode = keyof typeof MEDIA_FAILURES;

const isKnown = (code: string): code is MediaFailureCode => Object.hasOwn(MEDIA_FAILURES, code);

/** "the video (H.264)", "audio track 2 (AAC)"; "this file" where nothing is named. */
function trackName({ track, number, codec }: FailureDetail): string {
  const format = codec === undefined ? "" : ` (${codecName(codec)})`;
  if (track === undefined) return codec === undefined ? "this file" : `a track of this file${format}`;
  return number === undefined ? `the ${track}${format}` : `${track} track ${number}${format}`;
}

/**
 * The message for `code` that the uploader reads. It names the track where `detail` names one, and says that
 * retrying will not help where `isRepeated`. Undefined for a code that this release does not know.
 */
export function reasonOf(
  code: string,
  { detail = {}, isRepeated = false }: { detail?: FailureDetail | undefined; isRepeated?: boolean } = {},
): string | undefined {
  if (!isKnown(code)) return undefined;
  const { message, named, repeated }: Reason = MEDIA_FAILURES[code];
  const isNamed = detail.track !== undefined || detail.codec !== undefined;
  const template = (isRepeated ? repeated : undefined) ?? (isNamed ? named : undefined) ?? message;
  const what = trackName(detail);
  return template.replace("{what}", what).replace("{What}", what.charAt(0).toUpperCase() + what.slice(1));
}
