/**
 * The store behind the operations: one database, one folder of blobs, and the rule that keeps them
 * consistent.
 */
import { mkdir } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { S3Error } from "../errors.ts";
import { Blobs } from "./blobs.ts";
import { openDatabase, transaction } from "./database.ts";

export interface Store {
  database: DatabaseSync;
  blobs: Blobs;
  /**
   * Runs `act` in one transaction; the blobs that it drops are removed afterwards, unless another
   * row still references them.
   */
  change<T>(act: (drop: (blobs: Iterable<string>) => void) => T): Promise<T>;
  /** Removes those of the blobs that no row references. */
  discard(blobs: string[]): Promise<void>;
  close(): void;
}

/** Opens the data folder (created where missing, mode 0700) and removes what a crash left behind. */
export async function openStore(
  folder: string,
  onProgress: (folders: number, of: number) => void = () => undefined,
): Promise<Store> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const database = openDatabase(folder);
  const references = database.prepare(
    "select exists (select 1 from object_part where blob = ?1) or exists (select 1 from part_piece where blob = ?1) as held",
  );
  const isReferenced = (blob: string): boolean => references.get(blob)?.held === 1;
  const blobs = await Blobs.open(folder, isReferenced, onProgress);
  const discard = (names: string[]): Promise<void> =>
    blobs.remove(names.filter((blob) => !isReferenced(blob)));
  return {
    database,
    blobs,
    async change(act) {
      const dropped: string[] = [];
      const result = transaction(database, () => act((names) => dropped.push(...names)));
      await discard(dropped);
      return result;
    },
    discard,
    close: () => database.close(),
  };
}

/** Throws NoSuchBucket unless the bucket was created. */
export function requireBucket(store: Store, bucket: string): void {
  if (!store.database.prepare("select 1 from bucket where name = ?").get(bucket))
    throw new S3Error("NoSuchBucket");
}
