/**
 * Structured logs of bridge and worker: one JSON line each, without signatures, passwords and credentials.
 */
import { type Logger, pino } from "pino";

const SECRETS: readonly [RegExp, string][] = [
  // A presigned URL is useless without its signature; the rest of it helps whoever reads the log.
  [/(X-Amz-[A-Za-z-]+=)[^&\s"'\\]+/gi, "$1…"],
  [/(amqps?:\/\/)[^/@\s"]+@/gi, "$1…@"],
  [/\b(Bearer|Worker) [A-Za-z0-9._~+/=-]{16,}/g, "$1 …"],
  [/("leaseSecret":")[^"]+/g, "$1…"],
];

/** `text` without the known kinds of secrets. Keeps JSON valid. */
export function redact(text: string): string {
  return SECRETS.reduce((clean, [pattern, kept]) => clean.replace(pattern, kept), text);
}

/** The process's logger; `part` names the process, e.g. `bridge`. */
export function makeLog(part: string, level: string): Logger {
  return pino({
    level,
    base: { part },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: redact },
  });
}
