/** Problems of accounts, sessions, keys and administration. */
import type { ProblemEntry } from "./entry.ts";

export const ACCOUNT_PROBLEMS = {
  "auth.required": {
    status: 401,
    title: "Sign in first",
    detail: "Send `Authorization: Bearer …` with an access token or an API key.",
  },
  "auth.token_invalid": {
    status: 401,
    title: "Token not accepted",
    detail:
      "The access token, API key or link is expired, revoked, altered or not ours. Refresh the access token or sign in again; replace an API key or link.",
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
    detail: "Wait a few minutes; `Retry-After` has the seconds.",
  },
  "auth.session_only": {
    status: 403,
    title: "For people only",
    detail: "No API key may do this. Sign in, and call it with an access token.",
  },
  "auth.scope_missing": {
    status: 403,
    title: "The key may not do this",
    detail: "The API key lacks the scope that `scope` names. Make another key with it.",
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
  "session.not_found": { status: 404, title: "No such session", detail: "It may have ended already." },
  "api_key.not_found": {
    status: 404,
    title: "No such key",
    detail: "It does not exist, or it is not yours.",
  },
  "api_key.too_many": {
    status: 409,
    title: "Too many keys",
    detail: "An account may have 100 API keys. Delete one that is not used any more.",
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
} as const satisfies Record<string, ProblemEntry>;
