/** Headers by kind of answer: who may read it, frame it, keep it and list it. Every answer leaves with those of its kind. */
import type { AnswerKind } from "@storagex/contract/routes/access";

/** Routes declare theirs in contract; `page` and `asset` are the dashboard's own. */
export type Kind = AnswerKind | "page" | "asset";

/** Of every answer. */
const ALWAYS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** Read by our own pages only, framed by none. */
const OWN = {
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const NO_INDEX = { "x-robots-tag": "noindex" };

/** Whatever the answer itself said is replaced. */
const FORCED: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  api: { ...ALWAYS, ...OWN, ...NO_INDEX },
  page: { ...ALWAYS, ...OWN, ...NO_INDEX },
  asset: { ...ALWAYS, ...OWN },
  // The token in the path is the right, whoever's page the player is on; no cookie or account is looked at.
  media: {
    ...ALWAYS,
    ...OWN,
    ...NO_INDEX,
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
  },
};

/** Where the answer says nothing: it runs nothing and is not kept. A page brings its own policy, which names its nonce. */
const OTHERWISE = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

/** Sets the headers of `kind`, the API's where no route said; `isSecure` adds the promise to stay on TLS. */
export function setAnswerHeaders(headers: Headers, kind: Kind | undefined, isSecure: boolean): void {
  for (const [name, value] of Object.entries(FORCED[kind ?? "api"])) headers.set(name, value);
  if (isSecure) headers.set("strict-transport-security", "max-age=31536000");
  for (const [name, value] of Object.entries(OTHERWISE)) if (!headers.has(name)) headers.set(name, value);
}
