/** How the command ends, for scripts. README.md lists them. */
import { ProblemError, UploadRefusedError } from "@storagex/client";

export const EXIT = {
  failed: 1,
  usage: 2,
  refused: 3,
  notFound: 4,
  unreached: 5,
  videoFailed: 6,
  interrupted: 130,
  /** As of a command that SIGPIPE has ended. */
  outputClosed: 141,
} as const;

/** An end with a sentence for the person. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly exitCode: number;
  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The code and the sentence of whatever a command threw. */
export function endOf(error: unknown): { exitCode: number; message: string } {
  if (error instanceof CommandError) return { exitCode: error.exitCode, message: error.message };
  if (error instanceof UploadRefusedError) return { exitCode: EXIT.videoFailed, message: error.message };
  if (error instanceof ProblemError) return { exitCode: codeOfStatus(error.status), message: error.message };
  if (error instanceof Error && error.name === "AbortError")
    return { exitCode: EXIT.interrupted, message: "interrupted" };
  // What `fetch` throws where nothing answers.
  if (error instanceof TypeError && error.message === "fetch failed")
    return { exitCode: EXIT.unreached, message: `StorageX was not reached: ${reasonOf(error.cause)}` };
  if (error instanceof Error && error.name === "UnreachedError")
    return { exitCode: EXIT.unreached, message: error.message };
  return { exitCode: EXIT.failed, message: reasonOf(error) };
}

function codeOfStatus(status: number): number {
  if (status === 401 || status === 403) return EXIT.refused;
  if (status === 404) return EXIT.notFound;
  return status >= 500 ? EXIT.unreached : EXIT.failed;
}

/** What an error says; of several at once, the first. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}
