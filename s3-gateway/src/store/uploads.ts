/** Rows of multipart uploads: open until completed or aborted, their parts invisible until then. */
import type { StatementSync } from "node:sqlite";
import { z } from "zod";
import { S3Error } from "../errors.ts";
import { type Extent, extentRow, storedHeaders } from "./objects.ts";
import type { Store } from "./store.ts";

const uploadRow = z.object({
  id: z.string(),
  key: z.string(),
  created: z.number(),
  headers: z.string().transform((text) => storedHeaders.parse(JSON.parse(text))),
});

const partRow = z.object({
  number: z.number(),
  size: z.number(),
  etag: z.string(),
  modified: z.number(),
});

export type Upload = z.infer<typeof uploadRow>;
/** `pieces` hold its bytes, in order: one blob where it was sent, extents of others where it was copied. */
export type Part = z.infer<typeof partRow> & { pieces: Extent[] };

/** The upload with exactly this bucket and key; throws NoSuchUpload. */
export function requireUpload(store: Store, bucket: string, key: string, id: string): Upload {
  const row = store.database
    .prepare("select id, key, created, headers from upload where id = ? and bucket = ? and key = ?")
    .get(id, bucket, key);
  if (!row) throw new S3Error("NoSuchUpload");
  return uploadRow.parse(row);
}

/** Parts after number `after`, ascending, at most `limit`. */
export function partsOf(store: Store, upload: string, after = 0, limit = 10_000): Part[] {
  const rows = store.database.prepare(
    "select number, size, etag, modified from part where upload = ? and number > ? order by number limit ?",
  );
  const pieces = selectPieces(store);
  return z
    .array(partRow)
    .parse(rows.all(upload, after, limit))
    .map((part) => ({ ...part, pieces: piecesOf(pieces, upload, part.number) }));
}

const selectPieces = (store: Store): StatementSync =>
  store.database.prepare(
    "select blob, start, size from part_piece where upload = ? and number = ? order by position",
  );

const piecesOf = (select: StatementSync, upload: string, number: number): Extent[] =>
  z.array(extentRow).parse(select.all(upload, number));

/** Inside a transaction: stores a part; it replaces an earlier one of the same number. */
export function putPart(
  store: Store,
  upload: string,
  part: Part,
  drop: (blobs: Iterable<string>) => void,
): void {
  drop(piecesOf(selectPieces(store), upload, part.number).map(({ blob }) => blob));
  store.database.prepare("delete from part where upload = ? and number = ?").run(upload, part.number);
  store.database
    .prepare("insert into part (upload, number, size, etag, modified) values (?, ?, ?, ?, ?)")
    .run(upload, part.number, part.size, part.etag, part.modified);
  const insert = store.database.prepare(
    "insert into part_piece (upload, number, position, blob, start, size) values (?, ?, ?, ?, ?, ?)",
  );
  for (const [position, { blob, start, size }] of part.pieces.entries()) {
    insert.run(upload, part.number, position, blob, start, size);
  }
}

/** Inside a transaction: removes the upload and its part rows; blobs that no object uses are dropped. */
export function removeUpload(store: Store, upload: string, drop: (blobs: Iterable<string>) => void): void {
  drop(partsOf(store, upload).flatMap(({ pieces }) => pieces.map(({ blob }) => blob)));
  store.database.prepare("delete from upload where id = ?").run(upload);
}

/** Open uploads after (key, id), in that order, with keys that start with `prefix`, at most `limit`. */
export function listUploadRows(
  store: Store,
  query: { bucket: string; prefix: string; afterKey: string; afterId: string; limit: number },
): Upload[] {
  const rows = store.database.prepare(
    `select id, key, created, headers from upload
     where bucket = ?1 and substr(key, 1, length(?2)) = ?2 and (key > ?3 or (key = ?3 and id > ?4))
     order by key, id limit ?5`,
  );
  return z
    .array(uploadRow)
    .parse(rows.all(query.bucket, query.prefix, query.afterKey, query.afterId, query.limit));
}
