/** Rows of visible objects: an object is its headers and an ordered list of extents of blobs. */
import { z } from "zod";
import { S3Error } from "../errors.ts";
import type { Span } from "./blobs.ts";
import type { Store } from "./store.ts";

export const storedHeaders = z.record(z.string(), z.string());

const objectRow = z.object({
  id: z.number(),
  key: z.string(),
  /** With its quotes, as it is sent. */
  etag: z.string(),
  /** Bytes. */
  size: z.number(),
  /** Milliseconds since 1970. */
  modified: z.number(),
  headers: z.string().transform((text) => storedHeaders.parse(JSON.parse(text))),
});

/** Bytes of a blob: `size` bytes from `start` on. */
export const extentRow = z.object({ blob: z.string(), start: z.number(), size: z.number() });

export type StoredObject = z.infer<typeof objectRow>;
export type Extent = z.infer<typeof extentRow>;

export interface NewObject {
  bucket: string;
  key: string;
  etag: string;
  modified: number;
  headers: Record<string, string>;
  pieces: Extent[];
}

export function findObject(store: Store, bucket: string, key: string): StoredObject | null {
  const row = store.database
    .prepare("select id, key, etag, size, modified, headers from object where bucket = ? and key = ?")
    .get(bucket, key);
  return row ? objectRow.parse(row) : null;
}

/** The object; throws NoSuchBucket or NoSuchKey. */
export function requireObject(store: Store, bucket: string, key: string): StoredObject {
  const found = findObject(store, bucket, key);
  if (found) return found;
  if (!store.database.prepare("select 1 from bucket where name = ?").get(bucket))
    throw new S3Error("NoSuchBucket");
  throw new S3Error("NoSuchKey");
}

export function extentsOf(store: Store, object: number): Extent[] {
  const rows = store.database.prepare(
    "select blob, start, size from object_part where object = ? order by position",
  );
  return z.array(extentRow).parse(rows.all(object));
}

/** The spans that hold the bytes `from` to `to` (both included) of a list of extents. */
export function spansOf(pieces: Extent[], from: number, to: number): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const { blob, start, size } of pieces) {
    const first = Math.max(from, at);
    const last = Math.min(to, at + size - 1);
    if (first <= last) spans.push({ blob, from: start + first - at, to: start + last - at });
    at += size;
  }
  return spans;
}

/** Inside a transaction: replaces the object under this key; the old one's blobs are dropped. */
export function replaceObject(
  store: Store,
  object: NewObject,
  drop: (blobs: Iterable<string>) => void,
): void {
  removeObject(store, object.bucket, object.key, drop);
  const size = object.pieces.reduce((sum, piece) => sum + piece.size, 0);
  const { lastInsertRowid } = store.database
    .prepare("insert into object (bucket, key, etag, size, modified, headers) values (?, ?, ?, ?, ?, ?)")
    .run(object.bucket, object.key, object.etag, size, object.modified, JSON.stringify(object.headers));
  const insert = store.database.prepare(
    "insert into object_part (object, position, blob, start, size) values (?, ?, ?, ?, ?)",
  );
  for (const [position, piece] of object.pieces.entries()) {
    insert.run(lastInsertRowid, position, piece.blob, piece.start, piece.size);
  }
}

/** Inside a transaction: a key that does not exist is no error, as in S3. */
export function removeObject(
  store: Store,
  bucket: string,
  key: string,
  drop: (blobs: Iterable<string>) => void,
): void {
  const found = findObject(store, bucket, key);
  if (!found) return;
  drop(extentsOf(store, found.id).map((piece) => piece.blob));
  store.database.prepare("delete from object where id = ?").run(found.id);
}
