/** Problems of videos: uploading, changing, playing and sharing them. */
import type { ProblemEntry } from "./entry.ts";

export const VIDEO_PROBLEMS = {
  "video.not_found": { status: 404, title: "No such video", detail: "It does not exist or is not yours." },
  "video.not_playable": {
    status: 409,
    title: "Nothing to play yet",
    detail: "Wait until `playable` is true.",
  },
  "video.external_id_taken": {
    status: 409,
    title: "External id taken",
    detail: "Another video of this account has this `externalId`: find it by `GET /v1/videos?externalId=`.",
  },
  "video.wrong_status": {
    status: 409,
    title: "Not in this state",
    detail: "The video's status does not allow this; read it again.",
  },
  "source.gone": {
    status: 409,
    title: "The original is gone",
    detail: "It was refused before its upload was complete, or changed afterwards. Upload it again.",
  },
  "source.assembling": {
    status: 409,
    title: "The original is not assembled yet",
    detail: "Complete the upload first.",
  },
  "video.too_many_tags": {
    status: 422,
    title: "Too many tags",
    detail: "A video has at most 20 tags; remove some first.",
  },
  "import.refused": {
    status: 422,
    title: "Address not allowed",
    detail:
      "Only http and https addresses on the public internet are fetched. The operator can allow others with STORAGEX_IMPORT_ALLOW.",
  },
  "import.no_parts": {
    status: 409,
    title: "Imported, not uploaded",
    detail:
      "The server fetches this video itself; clients cannot send parts. Delete the video to stop the import.",
  },
  "upload.too_many_open": {
    status: 409,
    title: "Too many open uploads",
    detail: "Finish or abort some uploads first.",
  },
  "upload.too_often": {
    status: 429,
    title: "Too many uploads begun",
    detail:
      "An account can create at most 2,000 tickets in 15 minutes (an upload link 200); wait a few minutes (`Retry-After` has the seconds).",
  },
  "upload.quota_exceeded": {
    status: 409,
    title: "Storage is full",
    detail: "Delete videos to make room, or ask an administrator for more.",
  },
  "upload.parts_missing": {
    status: 409,
    title: "Parts are missing",
    detail: "Upload the parts listed in `missing`, then complete again.",
  },
  "upload.size_mismatch": {
    status: 409,
    title: "Size differs",
    detail: "The bytes in storage are not as many as declared. Upload the listed parts again.",
  },
  "upload.expired": { status: 409, title: "Upload expired", detail: "Start the upload again." },
  "upload.part_out_of_range": {
    status: 422,
    title: "No such part",
    detail: "Part numbers run from 1 to `partCount`.",
  },
  "upload.profile_not_allowed": {
    status: 422,
    title: "Profile not allowed",
    detail: "Choose among the `profiles` that /v1/me lists, or leave `profile` out.",
  },
  "captions.invalid": {
    status: 422,
    title: "Captions not accepted",
    detail: "No cue can be read as SRT, WebVTT, ASS or SSA; the line that is named says why.",
  },
  "captions.not_found": {
    status: 404,
    title: "No such captions",
    detail: "The video has no track of this id.",
  },
  "captions.too_many": {
    status: 409,
    title: "Too many captions",
    detail: "A video holds at most 20 tracks; delete one first.",
  },
  "captions.too_often": {
    status: 429,
    title: "Too many captions at once",
    detail:
      "An account can add at most 200 caption files in 15 minutes, and files are read one at a time; wait a few minutes (`Retry-After` has the seconds).",
  },
  "poster.too_often": {
    status: 429,
    title: "Too many posters at once",
    detail:
      "An account can request at most 100 posters in 15 minutes; wait a few minutes (`Retry-After` has the seconds).",
  },
  "playback.token_invalid": {
    status: 403,
    title: "Playback link not accepted",
    detail: "It has expired or was altered. Ask for a new one.",
  },
  "sharing.not_allowed": {
    status: 403,
    title: "Sharing is off",
    detail: "The operator of this StorageX does not allow this kind of sharing (STORAGEX_SHARING).",
  },
  "share.not_found": {
    status: 404,
    title: "No such share",
    detail: "The link was revoked, has expired, or is mistyped. Ask whoever sent it for a new one.",
  },
  "share.locked": {
    status: 401,
    title: "A password is needed",
    detail: "Send the password to `POST …/unlock`, then its `unlock` in the header `X-Share-Unlock`.",
  },
  "share.wrong_password": {
    status: 401,
    title: "Wrong password",
    detail: "Check it and try again, or ask whoever sent the link.",
  },
  "share.too_many": {
    status: 409,
    title: "Too many shares",
    detail: "A video has at most 100 shares; revoke one first.",
  },
  "oembed.format_unknown": {
    status: 501,
    title: "Format not offered",
    detail: "oEmbed is answered as JSON only: leave `format` out.",
  },
} as const satisfies Record<string, ProblemEntry>;
