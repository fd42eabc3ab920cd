/** A data folder of the first release opens with all that it holds. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { extentsOf, requireObject } from "./objects.ts";
import { openStore } from "./store.ts";
import { partsOf } from "./uploads.ts";

/** Schema version 1: objects and parts were whole blobs. */
const firstSchema = `
  create table bucket (name text primary key, created integer not null) strict, without rowid;
  create table object (id integer primary key, bucket text not null references bucket (name), key text not null,
    etag text not null, size integer not null, modified integer not null, headers text not null,
    unique (bucket, key)) strict;
  create table object_part (object integer not null references object (id) on delete cascade,
    position integer not null, blob text not null, size integer not null,
    primary key (object, position)) strict, without rowid;
  create index object_part_blob on object_part (blob);
  create table upload (id text primary key, bucket text not null references bucket (name), key text not null,
    created integer not null, headers text not null) strict;
  create index upload_key on upload (bucket, key, id);
  create table part (upload text not null references upload (id) on delete cascade, number integer not null,
    blob text not null, size integer not null, etag text not null, modified integer not null,
    primary key (upload, number)) strict, without rowid;
  create index part_blob on part (blob);
  pragma user_version = 1;`;

it("opens a folder of schema version 1, its objects, its open uploads, and their bytes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "storagex-s3-schema-"));
  try {
    const first = "a".repeat(32);
    const second = "b".repeat(32);
    const third = "c".repeat(32);
    const old = new DatabaseSync(join(folder, "index.sqlite"));
    old.exec(firstSchema);
    old.exec(`insert into bucket values ('b', 1);
      insert into object values (7, 'b', 'key', '"etag-2"', 5, 1, '{}');
      insert into object_part values (7, 0, '${first}', 2), (7, 1, '${second}', 3);
      insert into upload values ('u', 'b', 'open', 1, '{}');
      insert into part values ('u', 4, '${third}', 6, '"p"', 9);`);
    old.close();
    for (const [blob, text] of Object.entries({
      [first]: "12",
      [second]: "345",
      [third]: "part 4",
    })) {
      await mkdir(join(folder, "blobs", blob.slice(0, 2)), { recursive: true });
      await writeFile(join(folder, "blobs", blob.slice(0, 2), blob), text);
    }
    const store = await openStore(folder);
    const pieces = [
      { blob: first, start: 0, size: 2 },
      { blob: second, start: 0, size: 3 },
    ];
    expect(extentsOf(store, requireObject(store, "b", "key").id)).toEqual(pieces);
    const part = { number: 4, size: 6, etag: '"p"', modified: 9 };
    expect(partsOf(store, "u")).toEqual([{ ...part, pieces: [{ blob: third, start: 0, size: 6 }] }]);
    const read: Buffer[] = [];
    for await (const bytes of store.blobs.read([{ blob: third, from: 0, to: 5 }])) read.push(bytes);
    expect(Buffer.concat(read).toString()).toBe("part 4");
    store.close();
    (await openStore(folder)).close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
