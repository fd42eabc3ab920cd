/**
 * Structured log of the Worker: one JSON line per event on the runtime's console. Never log a URL's query: it
 * may be signed.
 */

type Level = "info" | "warn" | "error";
type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Writes one line. `fields` should hold `traceId` if there is a request. */
export function log(level: Level, message: string, fields: Fields = {}): void {
  const line = JSON.stringify({ level, time: new Date().toISOString(), message, ...fields });
  if (level === "error") console.error(line);
  else if (level === "warn") console.warn(line);
  else console.log(line);
}

/**
 * A path for the log, cut to a maximum length so that clients with long paths cannot fill the disk. Playback
 * tokens, those of shares and upload links and one-time links are removed, because they grant access.
 */
export function loggedPath(path: string): string {
  return path
    .replace(/^\/(play|join|reset)\/[^/]+/, "/$1/…")
    .replaceAll(/(sx[suv]_)[\w.-]+/g, "$1…")
    .slice(0, 200);
}

/** An error as text for the log: names, messages and causes, without query strings and SQL parameters. */
export function reasonOf(error: unknown): string {
  const words: string[] = [];
  for (let inner = error; inner instanceof Error && words.length < 5; inner = inner.cause) {
    words.push(`${inner.name}: ${inner.message.split("\nparams:")[0]}`);
  }
  const text = words.length > 0 ? words.join(" <- ") : String(error);
  return text.replaceAll(/\?[^\s"']*/g, "?…").slice(0, 2_000);
}
