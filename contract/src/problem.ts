/**
 * Every error that a client can act on: code → status, title and what to do. One place in the API writes them
 * (RFC 9457).
 */
import { z } from "@hono/zod-openapi";

type Entry = {
  status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 501 | 502 | 503;
  title: string;
  detail: string;
};

export const PROBLEMS = {
  "request.malformed": {
    status: 400,
    title: "Malformed request",
    detail: "The body is not valid JSON. Send a JSON object.",
  },
  "request.invalid": {
    status: 422,
    title: "Invalid request",
    detail: "Some fields are not as documented; see `errors`.",
  },
  "request.timeout": {
    status: 408,
    title: "Request too slow",
    detail: "The body did not arrive whole in time. Send it again at once.",
  },
  "request.too_large": {
    status: 413,
    title: "Request too large",
    detail:
      "The reference names each call's limit as `x-max-bytes`. Video bytes go straight to storage, by the part URLs.",
  },
  "request.unsupported_type": {
    status: 415,
    title: "Unsupported media type",
    detail: "Send `content-type: application/json`.",
  },
  "request.not_found": {
    status: 404,
    title: "No such address",
    detail: "Look at /docs for the addresses there are.",
  },
  "request.method_not_allowed": {
    status: 405,
    title: "Method not allowed",
    detail: "This address takes other methods; see `Allow`.",
  },
  "request.changed_meanwhile": {
    status: 412,
    title: "Changed meanwhile",
    detail: "The video is not as `If-Match` says any more. Read it again, and then decide.",
  },
  "request.host_refused": {
    status: 403,
    title: "Wrong host name",
    detail:
      "StorageX is set up for this machine only: open it as localhost, or let the operator set STORAGEX_PUBLIC_URL.",
  },
  "auth.required": {
    status: 401,
    title: "Sign in first",
    detail: "Send `Authorization: Bearer <accessToken>`; refresh the token when it has expired.",
  },
  "auth.token_invalid": {
    status: 401,
    title: "Token not accepted",
    detail: "The access token is expired, altered or not ours. Refresh it or sign in again.",
  },
  "auth.wrong_credentials": {
    status: 401,
    title: "Wrong e-mail or password",
    detail: "Check both and try again.",
  },
  "auth.refresh_invalid": { status: 401, title: "Session ended", detail: "Sign in again." },
  "auth.origin_refused": {
    status: 403,
    title: "Wrong origin",
    detail: "Sessions are refreshed from the dashboard's own address only.",
  },
  "auth.too_many_attempts": {
    status: 429,
    title: "Too many attempts",
    detail: "Wait until `Retry-After` has passed.",
  },
  "auth.forbidden": { status: 403, title: "Not allowed", detail: "This needs an administrator." },
  "auth.registration_closed": {
    status: 403,
    title: "Registration is closed",
    detail: "Ask an administrator for an account.",
  },
  "account.email_taken": {
    status: 409,
    title: "There is already an account with this e-mail",
    detail: "Sign in, or use another address.",
  },
  "account.wrong_password": {
    status: 403,
    title: "Wrong password",
    detail: "Check it and try again; nothing was changed.",
  },
  "account.last_admin": {
    status: 409,
    title: "The last administrator",
    detail: "Make another account an administrator first: somebody has to run this installation.",
  },
  "account.own": {
    status: 409,
    title: "Your own account",
    detail: "Delete it by POST /v1/me/delete, with your password. Another administrator can disable it.",
  },
  "account.disabled": {
    status: 403,
    title: "Account disabled",
    detail: "An administrator has disabled this account. Ask them to enable it again.",
  },
  "worker.not_found": {
    status: 404,
    title: "No such worker",
    detail: "It has not been seen for a day, or the name is mistyped.",
  },
  "account.link_invalid": {
    status: 403,
    title: "This link no longer works",
    detail: "It was used, replaced or has expired. Ask an administrator for a new one.",
  },
  "account.not_found": { status: 404, title: "No such account", detail: "It does not exist any more." },
  "setup.token_invalid": {
    status: 403,
    title: "Setup link not accepted",
    detail: "It was used, has expired or is mistyped. Start StorageX again for a new one.",
  },
  "video.not_found": { status: 404, title: "No such video", detail: "It does not exist or is not yours." },
  "video.not_playable": {
    status: 409,
    title: "Nothing to play yet",
    detail: "Wait until `playable` is true.",
  },
  "video.wrong_status": {
    status: 409,
    title: "Not in this state",
    detail: "The video's status does not allow this; read it again.",
  },
  "source.assembling": {
    status: 409,
    title: "The original is not put together yet",
    detail: "Complete the upload first.",
  },
  "session.not_found": {
    status: 404,
    title: "No such session",
    detail: "It may have ended already.",
  },
  "video.too_many_tags": {
    status: 422,
    title: "Too many tags",
    detail: "A video has at most 20 tags; remove some first.",
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
      "Of one account only so many tickets are made in a quarter of an hour; wait until `Retry-After` has passed.",
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
      "Files are read one by one, and only so many of one account; try again after `Retry-After` seconds.",
  },
  "poster.too_often": {
    status: 429,
    title: "Too many posters at once",
    detail:
      "Only so many are made for one account in a quarter of an hour; wait until `Retry-After` has passed.",
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
    detail: "Send the password to `unlock`, and its answer along as `X-Share-Unlock`.",
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
  "playback_key.not_found": {
    status: 404,
    title: "No such playback key",
    detail: "It does not exist or is not yours.",
  },
  "playback_key.too_many": {
    status: 409,
    title: "Too many playback keys",
    detail: "An account has at most 50 playback keys; delete one first.",
  },
  "oembed.format_unknown": {
    status: 501,
    title: "Format not offered",
    detail: "oEmbed is answered as JSON only: leave `format` out.",
  },
  "storage.unavailable": {
    status: 503,
    title: "Storage does not answer",
    detail: "Try again in a moment; nothing was lost.",
  },
  "database.unavailable": {
    status: 503,
    title: "Database does not answer",
    detail: "Try again in a moment; nothing was lost.",
  },
  "broker.unavailable": {
    status: 503,
    title: "Broker does not answer",
    detail: "The tasks were not taken over; send them again.",
  },
  "configuration.invalid": {
    status: 503,
    title: "Not configured",
    detail: "The operator must mend the configuration; see /readyz.",
  },
  "internal.token_invalid": {
    status: 401,
    title: "Service token not accepted",
    detail: "Sign the request with a current key.",
  },
  "report.unstorable": {
    status: 422,
    title: "Report not storable",
    detail: "The database cannot hold something in it, such as half a character. Do not send it again.",
  },
  "report.object_missing": {
    status: 422,
    title: "Object not at the store",
    detail: "The store does not hold an object as it was reported. Make it again.",
  },
  "internal.error": {
    status: 500,
    title: "Our mistake",
    detail: "Try again; if it stays, report it with the trace id.",
  },
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof PROBLEMS;

/** `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: "/docs#problem-video.not_found" }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().openapi({ example: "video.not_found" }),
    traceId: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    missing: z.array(z.number().int()).optional(),
  })
  .openapi("Problem");
export type Problem = z.infer<typeof problemSchema>;
