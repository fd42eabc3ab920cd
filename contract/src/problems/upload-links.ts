/** Problems of upload links. */
import type { ProblemEntry } from "./entry.ts";

export const UPLOAD_LINK_PROBLEMS = {
  "upload_link.not_found": {
    status: 404,
    title: "No such upload link",
    detail: "It does not exist or is not yours.",
  },
  "upload_link.too_many": {
    status: 409,
    title: "Too many upload links",
    detail: "An account has at most 1,000 links that have not ended. Revoke some first.",
  },
  "upload_link.not_allowed": {
    status: 403,
    title: "The upload link may not do this",
    detail:
      "An upload link can only start an upload. Use the `token` of its answer for the rest of that upload and to watch the video.",
  },
  "upload_link.used_up": {
    status: 403,
    title: "The upload link is used up",
    detail: "The link's number of uploads is used up. Ask whoever sent it for a new one.",
  },
  "upload_link.expired": {
    status: 403,
    title: "The upload link has expired",
    detail: "Ask whoever sent it for a new one.",
  },
  "upload_link.no_parts": {
    status: 409,
    title: "Uploaded by somebody else",
    detail:
      "Only the person who uploads this video with a link can send its parts. Delete the video to stop the upload.",
  },
} as const satisfies Record<string, ProblemEntry>;
