/** The library: pages, filters, search, names; a user's own videos only, and everybody's for an admin. */
import { adminVideoPageSchema, videoPageSchema } from "@storagex/contract/videos/video";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { makeSearchIndexes } from "../ops/search-indexes.ts";
import { problemOf } from "./support/client.ts";
import type { Person } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";

let edge: Pipeline;
let ann: Person;
beforeAll(async () => {
  edge = await startPipeline();
  ann = await edge.person();
});
afterAll(() => edge?.stop());

const page = async (person: Person, query: string) =>
  videoPageSchema.parse(await (await person.call("GET", `/v1/videos?${query}`)).json());

test("pages hold every video once, newest first, also when all came in one moment", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 7; index += 1) ids.push((await ann.ticket(1)).video.id);
  await edge.sql.query("UPDATE videos SET created_at = '2026-01-01' WHERE id = ANY($1)", [ids.slice(2)]);
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { items, nextCursor } = await page(ann, `limit=2${cursor && `&cursor=${cursor}`}`);
    expect(items.length).toBeLessThanOrEqual(2);
    seen.push(...items.map(({ id }) => id));
    cursor = nextCursor;
  }
  expect(seen.slice(0, 2)).toEqual([ids[1], ids[0]]);
  expect([...seen].sort()).toEqual([...ids].sort());
});

test.each([
  ["limit=0", "limit"],
  ["limit=101", "limit"],
  ["limit=x", "limit"],
  ["cursor=nonsense", "cursor"],
  ["cursor=WyIxIiwiYSBiIl0", "cursor"],
  ["status=deleting", "status"],
])("%s is refused by field", async (query, path) => {
  const answer = await ann.call("GET", `/v1/videos?${query}`);
  expect(answer.status).toBe(422);
  expect((await problemOf(answer)).errors).toContain(path);
});

test("filters by status and finds by title and file name, wildcards meaning themselves", async () => {
  const bob = await edge.person();
  await bob.ticket(1, { title: "100% wool_sweater" });
  await bob.ticket(1, { filename: "Förderung.mov" });
  const queued = await bob.uploaded(10, { title: "wool" });
  const titles = async (query: string) => (await page(bob, query)).items.map(({ title }) => title);
  expect(await titles("q=WOOL")).toEqual(["wool", "100% wool_sweater"]);
  expect(await titles("q=100%25")).toEqual(["100% wool_sweater"]);
  expect(await titles("q=%25%25")).toEqual([]);
  expect(await titles("q=l_s")).toEqual(["100% wool_sweater"]);
  expect(await titles("q=f%C3%B6rder")).toEqual(["Förderung"]);
  expect(await titles("q=%00")).toHaveLength(3);
  expect(await titles("q='%3B%20DROP%20TABLE%20videos%3B--")).toEqual([]);
  expect((await page(bob, "status=queued")).items.map(({ id }) => id)).toEqual([queued]);
  expect((await page(bob, "status=failed")).items).toEqual([]);
});

test("a name from a Mac (form D of Unicode) is shown and found in form C, also one stored before that", async () => {
  const bob = await edge.person();
  const name = "Café 한글".normalize("NFD");
  const { video } = await bob.ticket(1, { filename: `${name}.mp4` });
  expect([video.title, video.filename]).toEqual([
    "Café 한글".normalize("NFC"),
    "Café 한글.mp4".normalize("NFC"),
  ]);
  const old = (await bob.ticket(1)).video.id;
  // As written by a release that did not fold texts.
  await edge.sql.query("UPDATE videos SET title = $2, search_text = NULL WHERE id = $1", [old, name]);
  await sweepNow(edge);
  for (const form of ["NFC", "NFD"])
    for (const q of ["CAFÉ", "cafe", "한글"]) {
      const { items } = await page(bob, `q=${encodeURIComponent(q.normalize(form))}`);
      expect(items.map(({ id }) => id)).toEqual([old, video.id]);
    }
});

test("a title is found as it was changed, by all terms in any order, short ones where a word begins", async () => {
  const bob = await edge.person();
  const { video } = await bob.ticket(1, { filename: "IMG_2041 Straße.mov" });
  expect((await bob.call("PATCH", `/v1/videos/${video.id}`, { title: "Ørsted by the sea" })).status).toBe(
    200,
  );
  const isFound = async (q: string) => (await page(bob, `q=${encodeURIComponent(q)}`)).items.length === 1;
  for (const q of ["orsted", "sea ORSTED", "STRASSE", "img", "20", "2041 by", "se", "tra"])
    expect(await isFound(q), q).toBe(true);
  for (const q of ["straße orsted x", "ea", "holiday"]) expect(await isFound(q), q).toBe(false);
});

test("where the database may not have the extensions a search finds the same, and /readyz says what is missing", async () => {
  const bob = await edge.person();
  const { video } = await bob.ticket(1, { title: "Crème brûlée" });
  const found = async () => (await page(bob, "q=BRULEE")).items.map(({ id }) => id);
  const readiness = z.object({
    parts: z.object({ database: z.object({ ok: z.boolean(), note: z.string().optional() }) }),
  });
  const note = async () => {
    const answer = await fetch(`${edge.url}/readyz`);
    return readiness.parse(await answer.json()).parts.database;
  };
  const database = new URL(edge.databaseUrl).pathname.slice(1);
  expect(await note()).toEqual({ ok: true });
  // What runs beside it (the clock's sweeps) may lock the tables in another order.
  await vi.waitFor(() => edge.sql.query("DROP EXTENSION IF EXISTS pg_trgm CASCADE"), { timeout: 300_000 });
  await edge.sql.query(`REVOKE CREATE ON DATABASE "${database}" FROM storagex`);
  const client = new pg.Client({ connectionString: edge.databaseUrl });
  await client.connect();
  expect(await makeSearchIndexes(client)).toContain("permission denied to create extension");
  await client.end();
  expect(await found()).toEqual([video.id]);
  await expect.poll(note).toMatchObject({ ok: true, note: expect.stringContaining("pg_trgm") });
  await edge.sql.query(`GRANT CREATE ON DATABASE "${database}" TO storagex`);
  expect(await edge.ops("migrate")).not.toContain("searches have no index");
  await expect.poll(note).toEqual({ ok: true });
  expect(await found()).toEqual([video.id]);
});

test("the queue is counted in order of arrival", async () => {
  const bob = await edge.person();
  await edge.sql.query("UPDATE videos SET queued_at = now() - interval '1 hour' WHERE status = 'queued'");
  const { rows } = await edge.sql.query("SELECT count(*)::int AS ahead FROM videos WHERE status = 'queued'");
  const first = await bob.uploaded();
  const second = await bob.uploaded();
  expect((await bob.video(first)).queuePosition).toBe(rows[0].ahead + 1);
  expect((await bob.video(second)).queuePosition).toBe(rows[0].ahead + 2);
});

test("a title is changed as text, whatever it says", async () => {
  const { video } = await ann.ticket(1);
  const title = "<script>alert('é🎬')</script>";
  const answer = await ann.call("PATCH", `/v1/videos/${video.id}`, { title: `  ${title}\u0000 ` });
  expect(answer.status).toBe(200);
  expect((await ann.video(video.id)).title).toBe(title);
  for (const wrong of [
    { title: "" },
    { title: " " },
    { title: "x".repeat(301) },
    { title: "\u202e" },
    {},
    { title: "a", id: 1 },
  ])
    expect((await ann.call("PATCH", `/v1/videos/${video.id}`, wrong)).status).toBe(422);
});

test("an admin sees everybody's with their owners, keeps a library of its own, and may use any id", async () => {
  const root = await edge.person();
  const { video } = await ann.ticket(1);
  expect((await root.call("GET", "/v1/admin/videos")).status).toBe(403);
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [root.user.id]);
  const answer = await root.call("GET", "/v1/admin/videos?limit=1");
  const { items } = adminVideoPageSchema.parse(await answer.json());
  expect(items[0]?.owner).toEqual({ id: ann.user.id, email: expect.stringContaining("@") });
  expect((await page(root, "")).items).toEqual([]);
  expect((await root.video(video.id)).id).toBe(video.id);
  expect((await root.call("DELETE", `/v1/videos/${video.id}`)).status).toBe(204);
  expect((await ann.call("GET", `/v1/videos/${video.id}`)).status).toBe(404);
});
