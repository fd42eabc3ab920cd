/** Limits the size of a service's log, also while the service writes it. */
import { copyFile, stat, truncate } from "node:fs/promises";

/**
 * `bytes`: a larger log is cut (with its one old copy it takes twice that). `everyMs`: how often its size is
 * checked.
 */
export const LOG_LIMIT = { bytes: 20 * 1024 * 1024, everyMs: 5_000 };

/**
 * Copies a log larger than `limit` bytes to `.old` and empties it. The service has it open for appending and
 * continues at its new end; what it writes between the copy and the cut is lost.
 */
export async function limitLog(file: string, limit: number): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.size <= limit) return;
  await copyFile(file, `${file}.old`);
  await truncate(file);
}
