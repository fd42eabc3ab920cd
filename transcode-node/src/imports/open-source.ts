/** Opens the file at an address, from its first byte or from where it was cut (RFC 9110, sections 13 and 14). */
import type { IncomingMessage } from "node:http";
import type { AllowList } from "@storagex/contract/net/addresses";
import { MAX_IMPORT_REDIRECTS, type Validator } from "@storagex/contract/uploads/imports";
import { egressRequest, Refused } from "../egress/request.ts";
import type { Resolve } from "../egress/resolve.ts";
import { ImportFailure } from "./failure.ts";
import { type Clock, HEAD_MS } from "./pace.ts";

/** What was fetched before, and shall go on at `from`. */
export type Known = { from: number; size: number | null; validator: Validator };

/** The body of `answer` starts at byte `at`; `size` is null where the server does not say it. */
export type Source = {
  answer: IncomingMessage;
  at: number;
  size: number | null;
  /** Null where nothing tells whether a later answer is the same file: then it cannot be continued. */
  validator: Validator | null;
  /** Whether the server says that it can start anywhere. */
  hasRanges: boolean;
};

export type Opening = {
  url: string;
  allow: AllowList;
  clock: Clock;
  signal: AbortSignal;
  resolve?: Resolve | undefined;
};

/**
 * The file from `known.from` on if it is the same, otherwise from its first byte on. Rejects with ImportFailure, or
 * with the signal's reason.
 */
export async function openSource(opening: Opening, known: Known | null): Promise<Source> {
  const { url, allow, clock, signal, resolve } = opening;
  const late = new AbortController();
  const arrived = new AbortController();
  void clock.wait(HEAD_MS, AbortSignal.any([arrived.signal, signal])).then(() => {
    if (!arrived.signal.aborted) late.abort(new Error("no answer in time"));
  });
  let answer: IncomingMessage;
  try {
    answer = await egressRequest(url, {
      method: "GET",
      headers: headersFor(known),
      allow,
      plainHttp: true,
      maxRedirects: MAX_IMPORT_REDIRECTS,
      signal: AbortSignal.any([late.signal, signal]),
      ...(resolve && { resolve }),
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Refused) throw new ImportFailure("import.refused", "the address is refused");
    throw new ImportFailure("import.unreachable", `no answer: ${nameOf(error)}`, { retryable: true });
  } finally {
    arrived.abort();
  }
  const source = readHead(answer, known);
  if (!(source instanceof ImportFailure)) return source;
  answer.destroy();
  // Its server cannot start there, or means something else by it: from the first byte on, then.
  if (known && [206, 416].includes(answer.statusCode ?? 0)) return openSource(opening, null);
  throw source;
}

function headersFor(known: Known | null): Record<string, string> {
  const plain = { "user-agent": "StorageX-Import/1", accept: "*/*", "accept-encoding": "identity" };
  const condition = known && (known.validator.etag ?? known.validator.lastModified);
  if (!known || condition === null) return plain;
  return { ...plain, range: `bytes=${known.from}-`, "if-range": condition };
}

/** A code or a class of errors, never its text, which may hold the address. */
const nameOf = (error: unknown): string =>
  error instanceof Error ? ("code" in error ? String(error.code) : error.name) : "unknown";

function readHead(answer: IncomingMessage, known: Known | null): Source | ImportFailure {
  const { statusCode: status = 0 } = answer;
  const part = status === 206 && known ? readPart(answer, known) : undefined;
  if (part) return part;
  if (status === 200) {
    const validator = validatorOf(answer);
    const hasRanges = /\bbytes\b/i.test(answer.headers["accept-ranges"] ?? "");
    return { answer, at: 0, size: lengthOf(answer), validator, hasRanges };
  }
  const isPassing = status >= 500 || [206, 408, 416, 425, 429].includes(status);
  if (isPassing) return new ImportFailure("import.unreachable", `status ${status}`, { retryable: true });
  return new ImportFailure("import.not_found", `status ${status}`);
}

/** The rest that was asked for, of the same file; undefined for anything else (RFC 9110, section 15.3.7). */
function readPart(answer: IncomingMessage, { from, size, validator }: Known): Source | undefined {
  const said = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.headers["content-range"] ?? "");
  if (!said) return undefined;
  const total = said[3] === "*" ? null : Number(said[3]);
  const { etag } = validatorOf(answer) ?? {};
  const isSame =
    Number(said[1]) === from &&
    (total === null || size === null || total === size) &&
    (!etag || !validator.etag || etag === validator.etag);
  return isSame ? { answer, at: from, size: size ?? total, validator, hasRanges: true } : undefined;
}

function lengthOf({ headers }: IncomingMessage): number | null {
  // Encoded although nobody asked for it: the length is that of the encoding.
  if (headers["content-encoding"] && headers["content-encoding"] !== "identity") return null;
  const length = headers["content-length"];
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** A weak ETag says nothing about the bytes (RFC 9110, section 8.8.1). */
function validatorOf({ headers }: IncomingMessage): Validator | null {
  const etag = headers.etag && /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(headers.etag) ? headers.etag : null;
  const lastModified = headers["last-modified"] ?? null;
  if ((etag?.length ?? 0) > 1_000 || (lastModified?.length ?? 0) > 100) return null;
  return etag === null && lastModified === null ? null : { etag, lastModified };
}

/** Whether an answer from the first byte on is the file that was fetched before. */
export const isSameFile = (source: Source, { size, validator }: Known): boolean =>
  source.validator !== null &&
  source.size === size &&
  (validator.etag !== null
    ? source.validator.etag === validator.etag
    : source.validator.lastModified === validator.lastModified);
