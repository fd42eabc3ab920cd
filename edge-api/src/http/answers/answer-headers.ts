/** Sets response headers by kind of response: who may read it, frame it, cache it and index it. */
import type { AnswerKind } from "@storagex/contract/routes/access";

/**
 * Routes declare theirs in contract. `page` and `asset` are the dashboard's own; `watch` is a page that search
 * engines may list, `embed` one that other sites may frame, as far as its own policy says.
 */
export type Kind = AnswerKind | "page" | "asset" | "watch" | "embed";

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

/** Scripts on any page may read it: the path itself is the right, and no cookie or account is looked at. */
const OPEN = {
  ...ALWAYS,
  ...OWN,
  ...NO_INDEX,
  "cross-origin-resource-policy": "cross-origin",
  "access-control-allow-origin": "*",
};

/** These headers replace those that the response already has. */
const FORCED: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  api: { ...ALWAYS, ...OWN, ...NO_INDEX },
  page: { ...ALWAYS, ...OWN, ...NO_INDEX },
  asset: { ...ALWAYS, ...OWN },
  watch: { ...ALWAYS, ...OWN },
  embed: { ...ALWAYS, ...NO_INDEX, "cross-origin-resource-policy": "cross-origin" },
  media: OPEN,
  open: OPEN,
  shared: OPEN,
};

/**
 * Defaults, for headers that the response does not have: it may load nothing and is not cached. A page sets
 * its own policy, with its nonce.
 */
const OTHERWISE = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

/** Of a share that names sites, only their scripts may read the answer. */
export function allowReaders(headers: Headers, readers: readonly string[], origin: string | undefined): void {
  if (readers.length === 0) return;
  headers.append("vary", "Origin");
  if (origin !== undefined && readers.includes(origin)) headers.set("access-control-allow-origin", origin);
  else headers.delete("access-control-allow-origin");
}

/**
 * Sets the headers of `kind`, by default those of the API. `isSecure` adds HSTS. `Date` is an origin server's to say (RFC 9110,
 * section 6.6.1), and workerd does not.
 */
export function setAnswerHeaders(headers: Headers, kind: Kind | undefined, isSecure: boolean): void {
  for (const [name, value] of Object.entries(FORCED[kind ?? "api"])) headers.set(name, value);
  headers.set("date", new Date().toUTCString());
  if (isSecure) headers.set("strict-transport-security", "max-age=31536000");
  for (const [name, value] of Object.entries(OTHERWISE)) if (!headers.has(name)) headers.set(name, value);
}
