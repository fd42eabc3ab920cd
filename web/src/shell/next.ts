/** Where to go after sign-in: only a path of this site, so that a link cannot send people elsewhere. */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith("/")) return "/";
  // As a browser reads it: tabs and line breaks are dropped, a backslash is a slash, dots are resolved.
  const url = URL.parse(next, HERE);
  if (url?.origin !== HERE || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search + url.hash;
}

/** Stands for any site. */
const HERE = "https://here.invalid";
