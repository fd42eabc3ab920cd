/**
 * Decides when two failures are the same: a digest of the tool's output, without what differs from run to
 * run.
 */
import { createHash } from "node:crypto";
import type { MediaFailureCode } from "@storagex/contract/media/failure";
import { MediaFailure } from "../../media/failure.ts";
import { EndedFromOutside } from "../../media/run/from-outside.ts";
import { ApiError } from "../../service/api-error.ts";

/**
 * For these, a second equal failure means that no retry will help; the others are caused by the object store,
 * the disk or the machine.
 */
const BY_THE_FILE: ReadonlySet<MediaFailureCode> = new Set([
  "transcoder.crashed",
  "transcoder.output_invalid",
  "transcoder.timeout",
]);

/** Without memory addresses, numbers, and the order in which threads wrote their lines. */
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

/** System errors (`ECONNRESET`) have a code, on themselves or on a cause. */
function isSystemError(error: unknown): boolean {
  for (let inner = error; inner instanceof Error; inner = inner.cause) if ("code" in inner) return true;
  return false;
}

/** The digest of what a step threw; undefined where a retry may succeed. */
export function causeOf(error: unknown): string | undefined {
  if (error instanceof EndedFromOutside && !error.mayBeTheFile) return undefined;
  if (error instanceof MediaFailure) return BY_THE_FILE.has(error.code) ? digest(error.message) : undefined;
  if (error instanceof ApiError || !(error instanceof Error) || isSystemError(error)) return undefined;
  return digest(`${error.name}: ${error.message}`);
}
