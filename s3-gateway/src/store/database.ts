/** The gateway's one SQLite file. An object that it lists is complete; every change is one transaction. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const schemaVersion = 1;

const schema = `
  create table bucket (
    name text primary key,
    created integer not null
  ) strict, without rowid;
  create table object (
    id integer primary key,
    bucket text not null references bucket (name),
    key text not null,
    etag text not null,
    size integer not null,
    modified integer not null,
    headers text not null,
    unique (bucket, key)
  ) strict;
  create table object_part (
    object integer not null references object (id) on delete cascade,
    position integer not null,
    blob text not null,
    size integer not null,
    primary key (object, position)
  ) strict, without rowid;
  create index object_part_blob on object_part (blob);
  create table upload (
    id text primary key,
    bucket text not null references bucket (name),
    key text not null,
    created integer not null,
    headers text not null
  ) strict;
  create index upload_key on upload (bucket, key, id);
  create table part (
    upload text not null references upload (id) on delete cascade,
    number integer not null,
    blob text not null,
    size integer not null,
    etag text not null,
    modified integer not null,
    primary key (upload, number)
  ) strict, without rowid;
  create index part_blob on part (blob);
`;

/**
 * Opens or creates the database in `folder` with an exclusive lock: a second gateway on the same folder
 * fails here instead of removing the first one's blobs.
 */
export function openDatabase(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, "index.sqlite"), { timeout: 3000 });
  database.exec("pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full;");
  database.exec("pragma foreign_keys = on; begin immediate; commit;");
  const version = database.prepare("pragma user_version").get()?.user_version;
  if (version === 0) database.exec(`begin; ${schema} pragma user_version = ${schemaVersion}; commit;`);
  else if (version !== schemaVersion)
    throw new Error(`s3: the data folder has schema ${version}, not ${schemaVersion}`);
  return database;
}

/** Runs `act` in one durable transaction; when it throws, everything is rolled back. */
export function transaction<T>(database: DatabaseSync, act: () => T): T {
  database.exec("begin immediate");
  try {
    const result = act();
    database.exec("commit");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("rollback");
    throw error;
  }
}
