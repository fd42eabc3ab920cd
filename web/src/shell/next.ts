/** Where to go after signing in: only a path of this site, so that a link cannot send people elsewhere. */
export function safeNext(next: string | undefined): string {
  return next?.startsWith("/") && !/^\/[/\\]/.test(next) ? next : "/";
}
