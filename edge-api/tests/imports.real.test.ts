/** Imports by the real way: the API, the importer as its own process, a server to fetch from, and the object store. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NeonDbError } from "@neondatabase/serverless";
import { videoDetailSchema } from "@storagex/contract/videos/video";
import type { SQL } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importsService } from "../../stack/services/imports.ts";
import { startFileServer } from "../../testing/services/file-server.ts";
import { freePort, type Running, runService } from "../../testing/services/run-service.ts";
import { createImport } from "../src/imports/create.ts";
import { problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { type Edge, IMPORTER_CREDENTIAL, startEdge } from "./support/harness.ts";
import { bytesOf, digest, importFrom, MIB, storedDigest } from "./support/import-world.ts";
import { insideEdge } from "./support/in-process.ts";
import { newPerson } from "./support/person.ts";

let edge: Edge;
let dir: string;
let importer: Running;
const files = startFileServer();

const startImporter = async () =>
  runService(
    importsService({
      edgeApiUrl: edge.url,
      credential: IMPORTER_CREDENTIAL,
      allow: "127.0.0.1",
      healthPort: await freePort(),
      logLevel: "debug",
    }),
    join(dir, "log"),
  );

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "storagex-imports-"));
  edge = await startEdge({ STORAGEX_IMPORT_ALLOW: "127.0.0.1" });
  importer = await startImporter();
});
afterAll(async () => {
  await importer?.stop();
  await edge?.stop();
  files.stop();
  await rm(dir, { recursive: true, force: true });
});

test("an import whose answer could not be given is none: whoever asks again has one", async () => {
  const person = await newPerson(edge.url);
  const inside = insideEdge(edge);
  let asked = 0;
  const endpoint = {
    ...inside.db.endpoint,
    one: async (statement: SQL) => {
      asked += 1;
      if (asked === 3) throw new NeonDbError("the database is away");
      return inside.db.endpoint?.one(statement) ?? [];
    },
  };
  const db = new Proxy(inside.db, {
    get: (target, name) => (name === "endpoint" ? endpoint : Reflect.get(target, name, target)),
  });
  const account = { id: person.user.id, profile: null };
  const url = await files.serve("/never-told.mp4", { bytes: bytesOf(10) });
  await expect(createImport({ ...inside, db }, account, { url })).rejects.toThrow("the database is away");
  const ofPerson = "SELECT status FROM videos WHERE owner_id = $1";
  await eventually(async () =>
    expect((await edge.sql.query(ofPerson, [person.user.id])).rows).toEqual([{ status: "deleting" }]),
  );
});

test("a file is fetched into the store, bit by bit the same, and its video goes on; its secrets stay hidden", async () => {
  const bytes = bytesOf(20 * MIB + 12_345);
  const path = "/films/My%20lake.mp4?token=s3cr3t-query";
  const url = (await files.serve(path, { bytes })).replace("http://", "http://ann:s3cr3t-user@");
  const person = await newPerson(edge.url);
  const made = await importFrom(person, url);
  expect(made).toMatchObject({
    status: "pending_upload",
    origin: "import",
    filename: "My lake.mp4",
    title: "My lake",
    size: 0,
    import: { received: 0, size: null },
  });
  await eventually(async () => expect((await person.video(made.id)).status).toBe("queued"));
  const size = bytes.length;
  const fetched = await person.video(made.id);
  expect(fetched).toMatchObject({ size, uploaded: 1, import: { received: size, size } });
  await eventually(async () => expect(await storedDigest(edge, person, made.id)).toBe(digest(bytes)));
  // Where a person or an operator looks, nothing of it is to be seen; the server got it.
  expect(files.asked(path)[0]?.authorization).toBe(`Basic ${btoa("ann:s3cr3t-user")}`);
  const list = await (await person.call("GET", "/v1/videos")).text();
  const { rows } = await edge.sql.query(
    `SELECT (SELECT jsonb_agg(to_jsonb(videos)) FROM videos)::text || (SELECT jsonb_agg(to_jsonb(imports)) FROM imports)::text
      || coalesce((SELECT jsonb_agg(to_jsonb(audit)) FROM audit)::text, '') AS everything`,
  );
  const seen = [
    JSON.stringify([made, fetched]),
    list,
    rows[0].everything,
    await readFile(join(dir, "log", "imports.log"), "utf8"),
  ];
  expect(seen.join()).toContain(made.id);
  expect(seen.join()).not.toContain("s3cr3t");
  // Once it is stored, nobody needs the address any more.
  expect((await edge.sql.query("SELECT address_sealed FROM imports")).rows).toEqual([
    { address_sealed: null },
  ]);
});

test("an importer that is killed in the middle loses nothing: another goes on by Range, and it is planned meanwhile", async () => {
  const bytes = bytesOf(46 * MIB);
  // The beginning comes, then its end, then the server hangs: in the middle of part 2.
  const url = await files.serve("/killed.mp4", { bytes, holdAfter: (n) => (n === 2 ? 3 * MIB : undefined) });
  const person = await newPerson(edge.url);
  const { id } = await importFrom(person, url);
  await eventually(async () => expect(files.asked("/killed.mp4")).toHaveLength(3));
  await eventually(async () => expect(files.held()).toBe(1));
  // The API wants the end early, and has the first task queued before all is there.
  expect(files.asked("/killed.mp4").map(({ range }) => range)).toEqual([
    undefined,
    `bytes=${40 * MIB}-`,
    `bytes=${8 * MIB}-`,
  ]);
  expect((await edge.sql.query("SELECT state FROM tasks WHERE video_id = $1", [id])).rows).toEqual([
    { state: "queued" },
  ]);
  await eventually(async () => expect((await person.video(id)).uploaded).toBeCloseTo(14 / 46));
  process.kill(importer.pid, "SIGKILL");
  await importer.stop();
  files.release();
  // Its lease would end by itself; here at once.
  await edge.sql.query("UPDATE imports SET leased_until = now() WHERE video_id = $1", [id]);
  importer = await startImporter();
  await eventually(async () => expect((await person.video(id)).status).toBe("queued"));
  await eventually(async () => expect(await storedDigest(edge, person, id)).toBe(digest(bytes)));
  expect(files.asked("/killed.mp4").slice(3)).toMatchObject([
    { range: `bytes=${8 * MIB}-`, ifRange: '"v1"' },
  ]);
});

test("who stops an importer hands its imports back at once", async () => {
  const bytes = bytesOf(20 * MIB);
  const url = await files.serve("/handed.mp4", {
    bytes,
    holdAfter: (n) => (n === 0 ? 9 * MIB : undefined),
    ranges: true,
  });
  const person = await newPerson(edge.url);
  const { id } = await importFrom(person, url);
  await eventually(async () => expect((await person.video(id)).import?.received).toBeGreaterThan(8 * MIB));
  await importer.stop();
  files.release();
  const { rows } = await edge.sql.query("SELECT lease, failures FROM imports WHERE video_id = $1", [id]);
  expect(rows).toEqual([{ lease: null, failures: 0 }]);
  importer = await startImporter();
  await eventually(async () => expect((await person.video(id)).status).toBe("queued"));
});

test("what is deleted while it comes is fetched no further", async () => {
  const url = await files.serve("/deleted.mp4", { bytes: bytesOf(20 * MIB), holdAfter: () => MIB });
  const person = await newPerson(edge.url);
  const { id } = await importFrom(person, url);
  await eventually(async () => expect(files.open("/deleted.mp4")).toBe(1));
  expect((await person.call("DELETE", `/v1/videos/${id}`)).status).toBe(204);
  await eventually(async () => expect(files.open("/deleted.mp4")).toBe(0));
  expect((await edge.sql.query("SELECT 1 FROM imports WHERE video_id = $1", [id])).rows).toEqual([]);
  files.release();
});

test("an address that cannot be allowed is refused at once, and an import takes no parts from a client", async () => {
  const person = await newPerson(edge.url);
  const refused = ["http://127.0.0.2/a.mp4", "http://[::1]/a.mp4", "https://10.0.0.1/", "http://2130706434/"];
  for (const url of [
    ...refused,
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://example.org/a.mp4",
    "data:,a",
  ]) {
    const answer = await person.call("POST", "/v1/videos/import", { url });
    expect(await problemOf(answer), url).toMatchObject({ status: 422, code: "import.refused" });
  }
  expect(await problemOf(await person.call("POST", "/v1/videos/import", { url: "lake.mp4" }))).toMatchObject({
    code: "request.invalid",
    errors: ["url"],
  });
  const url = await files.serve("/held.mp4", { bytes: bytesOf(MIB), holdAfter: () => 1_000 });
  const { id } = await importFrom(person, url, {
    filename: "own.mov",
    title: "Mine",
    tags: ["a"],
    externalId: "x-1",
  });
  expect(await person.video(id)).toMatchObject({
    filename: "own.mov",
    title: "Mine",
    tags: ["a"],
    externalId: "x-1",
  });
  const calls: [string, string, object?][] = [
    ["POST", "upload/parts", { partNumbers: [1] }],
    ["GET", "upload/parts"],
    ["POST", "upload/stored", {}],
    ["POST", "complete", {}],
    ["DELETE", "upload"],
  ];
  for (const [method, path, body] of calls)
    expect(await problemOf(await person.call(method, `/v1/videos/${id}/${path}`, body)), path).toMatchObject({
      status: 409,
      code: "import.no_parts",
    });
  await eventually(async () => expect(files.held()).toBe(1));
  files.release();
  await eventually(async () => expect((await person.video(id)).status).toBe("queued"));
});

test("the same call with its idempotency key makes one import, and answers with it as it is now", async () => {
  const url = await files.serve("/once.mp4", { bytes: bytesOf(MIB) });
  const person = await newPerson(edge.url);
  const call = () =>
    fetch(`${edge.url}/v1/videos/import`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${person.accessToken}`,
        "content-type": "application/json",
        "idempotency-key": "once",
      },
      body: JSON.stringify({ url }),
    });
  const first = videoDetailSchema.parse(await (await call()).json());
  await eventually(async () => expect((await person.video(first.id)).status).toBe("queued"));
  const second = await call();
  expect([second.status, second.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
  expect(await second.json()).toMatchObject({ id: first.id, status: "queued" });
});
