/** The Content-Security-Policy of pages. */

import { randomBase64 } from "../../keys/random.ts";

type Policy = {
  nonce: string;
  /** Origin of posters, segments and videos; undefined while it is not configured. */
  mediaOrigin: string | undefined;
};

/** The policy of one page: nothing inline without the nonce, nothing from other origins but media. */
export function pagePolicy({ nonce, mediaOrigin }: Policy): string {
  const media = mediaOrigin ? ` ${mediaOrigin}` : "";
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    // The dashboard's build inlines its smallest font in the style sheet.
    "font-src 'self' data:",
    `img-src 'self' data: blob:${media}`,
    `media-src 'self' blob:${media}`,
    "worker-src 'self'",
    // The preview of the embedded player, and downloads: each in a sandboxed frame that shows nothing.
    `frame-src 'self'${media}`,
    `connect-src 'self'${media}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** 128 random bits, new for each response. */
export function newNonce(): string {
  return randomBase64(16);
}
