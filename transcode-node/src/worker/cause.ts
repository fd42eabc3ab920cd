/** What makes two failures the same: a digest of what the tool said, without what differs from run to run. */
import { createHash } from "node:crypto";
import type { MediaFailureCode } from "@storagex/contract/media/failure";
import { MediaFailure } from "../media/failure.ts";
import { ApiError } from "./api.ts";

/** Of these a second, equal one says that no try will help; the others are the storage's, the disk's or the machine's. */
const BY_THE_FILE: ReadonlySet<MediaFailureCode> = new Set([
  "transcoder.crashed",
  "transcoder.output_invalid",
  "transcoder.timeout",
]);

/** Ended from outside, as by the kernel where memory is short: it says nothing of the file. */
const FROM_OUTSIDE = /ended with SIG(KILL|TERM)\b/;

/** Without addresses in memory, numbers, and the order in which threads spoke. */
function normalised(text: string): string {
  const lines = text.replace(/ended with (\S+): /, "$1\n").split(/ \| |\n/);
  const plain = lines.map((line) =>
    line
      .replace(/0x[0-9a-f]+/gi, "")
      .replace(/\d+/g, "#")
      .trim(),
  );
  return [...new Set(plain)].sort().join("\n");
}

const digest = (text: string) =>
  createHash("sha256").update(normalised(text)).digest("base64url").slice(0, 22);

/** Errors of the system (`ECONNRESET`) carry a code, on themselves or below. */
function isSystemError(error: unknown): boolean {
  for (let inner = error; inner instanceof Error; inner = inner.cause) if ("code" in inner) return true;
  return false;
}

/** The digest for what a step threw; undefined where it may pass by itself. */
export function causeOf(error: unknown): string | undefined {
  if (error instanceof MediaFailure)
    return BY_THE_FILE.has(error.code) && !FROM_OUTSIDE.test(error.message)
      ? digest(error.message)
      : undefined;
  if (error instanceof ApiError || !(error instanceof Error) || isSystemError(error)) return undefined;
  return digest(`${error.name}: ${error.message}`);
}
