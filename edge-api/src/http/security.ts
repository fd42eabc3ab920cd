/** What every answer tells browsers to refuse, and the content security policy of pages. */

/** Same-site headers of every answer; `isSecure` adds the promise to stay on TLS. */
export function harden(headers: Headers, isSecure: boolean): void {
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-frame-options", "DENY");
  headers.set("referrer-policy", "same-origin");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("cross-origin-resource-policy", "same-origin");
  headers.set("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  if (isSecure) headers.set("strict-transport-security", "max-age=31536000");
  // Answers of the API are never pages; a page sets its own before.
  if (!headers.has("content-security-policy")) {
    headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  }
}

type Policy = {
  nonce: string;
  /** Origin from which posters, segments and films come; undefined while it is not configured. */
  mediaOrigin: string | undefined;
  /** A script of the page writes style elements itself (the API reference does). */
  writesStyles?: boolean;
};

/** The policy of one page: nothing inline without the nonce, nothing from elsewhere but media. */
export function pagePolicy({ nonce, mediaOrigin, writesStyles = false }: Policy): string {
  const media = mediaOrigin ? ` ${mediaOrigin}` : "";
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    writesStyles ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    // The dashboard's build puts its smallest font into the style sheet.
    "font-src 'self' data:",
    `img-src 'self' data: blob:${media}`,
    `media-src 'self' blob:${media}`,
    "worker-src 'self'",
    `connect-src 'self'${media}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** 128 random bits for one answer. */
export function newNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
