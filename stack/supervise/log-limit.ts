/** Keeps the log of a part within bounds, also while the part writes it. */
import { copyFile, stat, truncate } from "node:fs/promises";

/** Past `bytes` a log makes room (with its one old copy it fills twice as much); how often it is looked at. */
export const LOG_LIMIT = { bytes: 20 * 1024 * 1024, everyMs: 5_000 };

/**
 * Copies a log that grew larger than `limit` bytes to `.old` and empties it. The part has it open for appending and
 * goes on at its new end; what it writes between copy and cut is lost.
 */
export async function limitLog(file: string, limit: number): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.size <= limit) return;
  await copyFile(file, `${file}.old`);
  await truncate(file);
}
