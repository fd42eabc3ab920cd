/**
 * Rows that were read before, each with its version, so that only those that changed meanwhile are read again.
 * Nothing is ever stale: every read asks the database which versions are current.
 */
import { type SQL, sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import type { Db } from "../connect.ts";

/**
 * The version of a row of `table`: PostgreSQL writes a changed row as a new tuple, by another transaction or
 * at another place.
 */
export const versionOf = (table: SQL): SQL => sql`(${table}.xmin::text || ' ' || ${table}.ctid::text)`;

type Row = { id: string; version: string };

/** Rows of one shape by id, at most `max` of each database. */
export class KnownRows<R extends Row> {
  readonly #max: number;
  readonly #ofDb = new WeakMap<Db, LRUCache<string, R>>();

  constructor(max: number) {
    this.#max = max;
  }

  #rows(db: Db): LRUCache<string, R> {
    let rows = this.#ofDb.get(db);
    if (!rows) {
      rows = new LRUCache<string, R>({ max: this.#max });
      this.#ofDb.set(db, rows);
    }
    return rows;
  }

  /** Keeps a row that depends on nothing but itself. It is shared: nobody may change it. */
  keep(db: Db, row: R): void {
    this.#rows(db).set(row.id, row);
  }

  /** Those of the rows that are known, in whatever version, by id. */
  among(db: Db, ids: readonly string[]): ReadonlyMap<string, R> {
    const rows = this.#rows(db);
    return new Map(ids.flatMap((id) => rows.get(id) ?? []).map((row) => [row.id, row]));
  }
}
