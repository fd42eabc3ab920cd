/** The gateway's one SQLite file. An object that it lists is complete; every change is one transaction. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const schemaVersion = 2;

const partPieces = `create table part_piece (
    upload text not null,
    number integer not null,
    position integer not null,
    blob text not null,
    start integer not null,
    size integer not null,
    primary key (upload, number, position),
    foreign key (upload, number) references part (upload, number) on delete cascade
  ) strict, without rowid;
  create index part_piece_blob on part_piece (blob);`;

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
    start integer not null default 0,
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
    size integer not null,
    etag text not null,
    modified integer not null,
    primary key (upload, number)
  ) strict, without rowid;
  ${partPieces}
`;

/** From version 1, where an object and a part were whole blobs. */
const fromWholeBlobs = `
  alter table object_part add column start integer not null default 0;
  ${partPieces}
  insert into part_piece (upload, number, position, blob, start, size)
    select upload, number, 0, blob, 0, size from part;
  drop index part_blob;
  alter table part drop column blob;
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
  const move = version === 0 ? schema : version === 1 ? fromWholeBlobs : null;
  if (move) database.exec(`begin; ${move} pragma user_version = ${schemaVersion}; commit;`);
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
