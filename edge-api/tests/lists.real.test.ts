/** Filters and orders of the library, and the tags in it. */
import { adminVideoPageSchema, videoPageSchema } from "@storagex/contract/videos/video";
import { tagsAnswerSchema } from "@storagex/contract/videos/video-lists";
import { expect, test } from "vitest";
import { problemOf } from "./support/client.ts";
import type { Person } from "./support/person.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";

usePipeline();

const page = async (person: Person, query: string) => {
  const answer = await person.call("GET", `/v1/videos?${query}`);
  if (answer.status !== 200) throw new Error(`list: ${answer.status} ${await answer.text()}`);
  return videoPageSchema.parse(await answer.json());
};
const titles = async (person: Person, query: string) =>
  (await page(person, query)).items.map(({ title }) => title);

/** All titles by pages of two. */
async function walked(person: Person, query: string): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { items, nextCursor } = await page(person, `limit=2&${query}${cursor && `&cursor=${cursor}`}`);
    seen.push(...items.map(({ title }) => title));
    cursor = nextCursor;
  }
  return seen;
}

test("every order holds each video once, page by page", async () => {
  const made = [
    { title: "zebra", size: 5, duration: 9 },
    { title: "Émile", size: 9, duration: null },
    { title: "apple", size: 7, duration: 70.25 },
    { title: "Echo", size: 9, duration: 9 },
    { title: "apple", size: 1, duration: 3600 },
  ];
  const ids: string[] = [];
  for (const { size, title } of made) ids.push((await ann.ticket(size, { title })).video.id);
  for (const [at, { duration }] of made.entries())
    await edge.sql.query("UPDATE videos SET duration = $2 WHERE id = $1", [ids[at], duration]);
  const newest = made.map(({ title }) => title).reverse();
  expect(await walked(ann, "sort=newest")).toEqual(newest);
  expect(await walked(ann, "sort=oldest")).toEqual([...newest].reverse());
  expect(await walked(ann, "sort=title")).toEqual(["apple", "apple", "Echo", "Émile", "zebra"]);
  const longest = await walked(ann, "sort=longest");
  expect([longest.slice(0, 2), longest.slice(2, 4).sort(), longest.at(-1)]).toEqual([
    ["apple", "apple"],
    ["Echo", "zebra"],
    "Émile",
  ]);
  const largest = await walked(ann, "sort=largest");
  expect([largest.slice(0, 2).sort(), largest.slice(2)]).toEqual([
    ["Echo", "Émile"],
    ["apple", "zebra", "apple"],
  ]);
  await ann.call("PATCH", `/v1/videos/${ids[0]}`, { title: "Ábaco" });
  expect((await walked(ann, "sort=title"))[0]).toBe("Ábaco");
});

test("a page that was read again and again shows each change at once", async () => {
  const ids: string[] = [];
  for (const title of ["one", "two", "three"]) {
    ids.push(await edge.completed(ann));
    await ann.call("PATCH", `/v1/videos/${ids.at(-1)}`, { title });
  }
  const [one, two, three] = ids;
  /** The first page and the second, three times: what is kept of them is what they are. */
  const shown = async () => {
    const seen = [];
    for (let n = 0; n < 3; n += 1) {
      const first = await page(ann, "limit=2");
      const second = first.nextCursor ? await page(ann, `limit=2&cursor=${first.nextCursor}`) : undefined;
      seen.push([first, second].map((each) => each?.items.map(({ title }) => title)));
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    return seen[0];
  };
  expect(await shown()).toEqual([["three", "two"], ["one"]]);
  await ann.call("PATCH", `/v1/videos/${two}`, { title: "zwei" });
  expect(await shown()).toEqual([["three", "zwei"], ["one"]]);
  await ann.call("PATCH", `/v1/videos/${one}`, { title: "eins" });
  expect(await shown()).toEqual([["three", "zwei"], ["eins"]]);
  const four = await edge.completed(ann);
  await ann.call("PATCH", `/v1/videos/${four}`, { title: "four" });
  expect(await shown()).toEqual([
    ["four", "three"],
    ["zwei", "eins"],
  ]);
  await ann.call("DELETE", `/v1/videos/${four}`);
  expect(await shown()).toEqual([["three", "zwei"], ["eins"]]);
  await ann.call("DELETE", `/v1/videos/${three}?undo=60`);
  expect(await shown()).toEqual([["zwei", "eins"], undefined]);
  await ann.call("POST", `/v1/videos/${three}/restore`);
  expect(await shown()).toEqual([["three", "zwei"], ["eins"]]);
});

test("a cursor is of its list only: other filters, another order or another list refuse it", async () => {
  for (let index = 0; index < 3; index += 1) await ann.ticket(1, { tags: ["a"] });
  const { nextCursor } = await page(ann, "limit=1&sort=title&tag=a");
  expect((await page(ann, `limit=2&sort=title&tag=a&cursor=${nextCursor}`)).items).toHaveLength(2);
  for (const query of [
    "sort=title",
    "sort=title&tag=b",
    "sort=largest&tag=a",
    "tag=a",
    "sort=title&tag=a&q=x",
  ]) {
    const answer = await ann.call("GET", `/v1/videos?${query}&cursor=${nextCursor}`);
    expect([query, answer.status, (await problemOf(answer)).errors]).toEqual([query, 422, ["cursor"]]);
  }
});

test("filters narrow the list, and all that are given count", async () => {
  await ann.ticket(1, { title: "one", tags: ["lake", "2026"], visibility: "public" });
  await ann.ticket(1, { title: "two", tags: ["lake"] });
  await ann.uploaded(10, { title: "three", tags: ["2026"] });
  expect(await titles(ann, "tag=lake")).toEqual(["two", "one"]);
  expect(await titles(ann, "tag=lake&tag=2026")).toEqual(["one"]);
  expect(await titles(ann, "tag=Lake")).toEqual([]);
  expect(await titles(ann, "status=queued&status=pending_upload&tag=2026&sort=oldest")).toEqual([
    "one",
    "three",
  ]);
  expect(await titles(ann, "status=failed&status=queued")).toEqual(["three"]);
  expect(await titles(ann, "visibility=public")).toEqual(["one"]);
  expect(await titles(ann, "visibility=private&q=lake")).toEqual(["two"]);
  for (const query of ["sort=size", "visibility=all", "createdAfter=yesterday", "status=queued&status=gone"])
    expect((await ann.call("GET", `/v1/videos?${query}`)).status, query).toBe(422);
});

test("times are inclusive at the precision that a video shows", async () => {
  const { video } = await ann.ticket(1, { title: "middle" });
  const at = Date.parse(video.createdAt);
  const iso = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
  expect(await titles(ann, `createdAfter=${iso(at)}&createdBefore=${iso(at)}`)).toEqual(["middle"]);
  expect(await titles(ann, `createdBefore=${iso(at - 1)}`)).toEqual([]);
  expect(await titles(ann, `createdAfter=${iso(at + 1)}&sort=title`)).toEqual([]);
  expect(await titles(ann, "createdAfter=0000-01-01T00:00:00Z&createdBefore=9999-12-31T23:59:59Z")).toEqual([
    "middle",
  ]);
});

test("rare matches beyond the scanned rows are found in order by the index", async () => {
  await edge.sql.query(
    `INSERT INTO videos (id, owner_id, title, title_key, filename, search_text, tags, size)
     SELECT 'rare' || n || $1, $1, 'film ' || n, 'film ' || lpad(n::text, 5, '0'), 'f', ' film', CASE WHEN n > 8998 THEN '["rare"]'::jsonb ELSE '[]' END, n
     FROM generate_series(1, 9000) n`,
    [ann.user.id],
  );
  expect(await walked(ann, "sort=title&tag=rare")).toEqual(["film 8999", "film 9000"]);
  expect(await walked(ann, "sort=largest&tag=rare&q=film")).toEqual(["film 9000", "film 8999"]);
});

test("tags are counted without deleted videos, one's own only", async () => {
  const tags = async (person: Person) =>
    tagsAnswerSchema.parse(await (await person.call("GET", "/v1/tags")).json()).items;
  const { video } = await ann.ticket(1, { tags: ["a", "b"] });
  await ann.ticket(1, { tags: ["b"] });
  expect(await tags(ann)).toEqual([
    { tag: "b", videos: 2 },
    { tag: "a", videos: 1 },
  ]);
  await ann.call("PATCH", `/v1/videos/${video.id}`, { tags: ["c"] });
  expect((await tags(ann)).map(({ tag }) => tag)).toEqual(["b", "c"]);
  await ann.call("DELETE", `/v1/videos/${video.id}`);
  expect(await tags(ann)).toEqual([{ tag: "b", videos: 1 }]);
  expect(await tags(await edge.person())).toEqual([]);
});

test("an administrator's list takes an owner", async () => {
  const admin = await edge.person();
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [admin.user.id]);
  const bob = await edge.person();
  await ann.ticket(1, { title: "ann's" });
  await bob.ticket(1, { title: "bob's" });
  const answer = await admin.call("GET", `/v1/admin/videos?owner=${bob.user.id}&sort=title`);
  const { items } = adminVideoPageSchema.parse(await answer.json());
  expect(items.map(({ title, owner }) => [title, owner.id])).toEqual([["bob's", bob.user.id]]);
});
