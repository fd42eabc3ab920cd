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
      "By a link one may only begin an upload. The `token` of its answer is for the rest of that upload, and to watch its video.",
  },
  "upload_link.used_up": {
    status: 403,
    title: "The upload link is used up",
    detail: "As many videos were uploaded by it as it allows. Ask whoever sent it for a new one.",
  },
  "upload_link.expired": {
    status: 403,
    title: "The upload link has expired",
    detail: "Ask whoever sent it for a new one.",
  },
  "upload_link.no_parts": {
    status: 409,
    title: "Uploaded by somebody else",
    detail: "Only whoever uploads this video by a link sends its parts. Delete it to stop that.",
  },
} as const satisfies Record<string, ProblemEntry>;
