/** Sets response headers by kind of response: who may read it, frame it, cache it and index it. */
import type { AnswerKind } from "@storagex/contract/routes/access";

/** Routes declare theirs in contract. `page` and `asset` are the dashboard's own. */
export type Kind = AnswerKind | "page" | "asset";

/** Set on every response. */
const ALWAYS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** Only our own pages may read it, and nobody may frame it. */
const OWN = {
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const NO_INDEX = { "x-robots-tag": "noindex" };

/** These headers replace those that the response already has. */
const FORCED: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  api: { ...ALWAYS, ...OWN, ...NO_INDEX },
  page: { ...ALWAYS, ...OWN, ...NO_INDEX },
  asset: { ...ALWAYS, ...OWN },
  // The token in the path grants access, on any site. Neither cookie nor account is checked.
  media: {
    ...ALWAYS,
    ...OWN,
    ...NO_INDEX,
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
  },
};

/**
 * Defaults, for headers that the response does not have: it may load nothing and is not cached. A page sets
 * its own policy, with its nonce.
 */
const OTHERWISE = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

/** Sets the headers of `kind`, by default those of the API. `isSecure` adds HSTS. */
export function setAnswerHeaders(headers: Headers, kind: Kind | undefined, isSecure: boolean): void {
  for (const [name, value] of Object.entries(FORCED[kind ?? "api"])) headers.set(name, value);
  if (isSecure) headers.set("strict-transport-security", "max-age=31536000");
  for (const [name, value] of Object.entries(OTHERWISE)) if (!headers.has(name)) headers.set(name, value);
}
