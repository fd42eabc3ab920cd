/** The live stream and the admins' routes. */
import { adminUserSchema } from "@storagex/contract/accounts/account";
import type { LiveEvent } from "@storagex/contract/events";
import { ticketSchema } from "@storagex/contract/uploads/upload";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { problemOf, refresh, register } from "./support/client.ts";
import { type Edge, startEdge } from "./support/harness.ts";
import { listen } from "./support/live-stream.ts";

const userPageSchema = z.object({ items: z.array(adminUserSchema), nextCursor: z.string().nullable() });

type Account = Awaited<ReturnType<typeof register>>;
let edge: Edge;
let ann: Account;
let ben: Account;
let root: Account;
beforeAll(async () => {
  edge = await startEdge();
  ann = await register(edge.url, { name: "Ann" });
  ben = await register(edge.url, { name: "Ben 100%" });
  root = await register(edge.url);
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [root.user.id]);
});
afterAll(() => edge?.stop());

const bearer = ({ accessToken }: Account) => ({ authorization: `Bearer ${accessToken}` });
const get = (path: string, who: Account): Promise<Response> =>
  fetch(edge.url + path, { headers: bearer(who) });

/** A ticket and its abort are two changes that the owner and the admins receive. */
async function change(who: Account): Promise<string> {
  const answer = await fetch(`${edge.url}/v1/videos`, {
    method: "POST",
    headers: { ...bearer(who), "content-type": "application/json" },
    body: JSON.stringify({ filename: "a.mp4", size: 10, contentType: "video/mp4" }),
  });
  const { video } = ticketSchema.parse(await answer.json());
  const gone = await fetch(`${edge.url}/v1/videos/${video.id}/upload`, {
    method: "DELETE",
    headers: bearer(who),
  });
  expect(gone.status).toBe(204);
  return video.id;
}

test("owner and admin hear of a change, others do not", async () => {
  const streams = await Promise.all([ann, ben, root].map((who) => listen(edge.url, who.accessToken)));
  const [anns, bens, roots] = streams;
  expect(anns?.answer.headers.get("content-type")).toContain("text/event-stream");
  await expect.poll(() => streams.every((stream) => stream.text().includes("retry: "))).toBe(true);
  const id = await change(ann);
  const heard = (stream = anns): boolean =>
    stream
      ?.events()
      .some(
        ({ event, data }) => event === ("video.deleted" satisfies LiveEvent["event"]) && data.id === id,
      ) ?? false;
  await expect.poll(() => heard(anns) && heard(roots)).toBe(true);
  expect(bens?.events()).toEqual([]);
  for (const stream of streams) await stream.close();
});

test("a stream that comes back with Last-Event-ID hears what it missed, in order and once", async () => {
  const first = await listen(edge.url, ben.accessToken);
  await expect.poll(() => first.text()).toContain("retry");
  // Each change ends with a deletion: what is read of it later would belong to the streams that come then.
  const isDeleted = (id: string) => (event: { event: string | undefined; data: { id?: string } }) =>
    event.event === "video.deleted" && event.data.id === id;
  const before = await change(ben);
  await expect.poll(() => first.events().some(isDeleted(before))).toBe(true);
  const last = first.events().at(-1);
  await first.close();
  const id = await change(ben);
  const again = await listen(edge.url, ben.accessToken, last?.id);
  await expect.poll(() => again.events().some(isDeleted(id))).toBe(true);
  expect(again.events().map((event) => event.id)).not.toContain(last?.id);
  // What was read from the table the feed may not have published yet: it has once a later change is heard.
  const later = await change(ben);
  await expect.poll(() => again.events().some(isDeleted(later))).toBe(true);
  await again.close();
  const other = await listen(edge.url, ben.accessToken, "otherlife-1");
  await expect.poll(() => other.text()).toContain("retry");
  expect(other.events()).toEqual([]);
  await other.close();
});

test("a stream that comes back hears all that it missed, however much, and then what happens now", async () => {
  const first = await listen(edge.url, ben.accessToken);
  await expect.poll(() => first.text()).toContain("retry");
  await change(ben);
  await expect.poll(() => first.events().length).toBeGreaterThan(0);
  const last = first.events().at(-1)?.id;
  await first.close();
  // More than are read at a time, twice.
  const missed = Array.from({ length: 1_100 }, (_, index) => `missed-${index}`);
  await edge.sql.query(
    `INSERT INTO events (video_id, owner_id, seq, type, data)
     SELECT unnest($1::text[]), $2, 0, 'video.deleted', '{}'`,
    [missed, ben.user.id],
  );
  // The feed has passed them once a later change is heard: nobody publishes them any more.
  const meanwhile = await listen(edge.url, ben.accessToken);
  await expect.poll(() => meanwhile.text()).toContain("retry");
  const later = await change(ben);
  await expect.poll(() => meanwhile.events().some(({ data }) => data.id === later)).toBe(true);
  await meanwhile.close();
  const again = await listen(edge.url, ben.accessToken, last);
  const heard = () => again.events().map(({ data }) => data.id);
  const id = await change(ben);
  await expect.poll(() => heard().includes(id)).toBe(true);
  const all = new Set(heard());
  expect(missed.filter((video) => !all.has(video))).toHaveLength(0);
  expect(new Set(again.events().map((event) => event.id)).size).toBe(again.events().length);
  await again.close();
});

test("thirty streams at once, and none without a token", async () => {
  const streams = await Promise.all(Array.from({ length: 30 }, () => listen(edge.url, ann.accessToken)));
  const id = await change(ann);
  await expect
    .poll(() => streams.every((stream) => stream.events().some(({ data }) => data.id === id)))
    .toBe(true);
  for (const stream of streams) await stream.close();
  expect(await problemOf(await fetch(`${edge.url}/v1/events`))).toMatchObject({ status: 401 });
});

test("a quiet stream is pinged", async () => {
  const stream = await listen(edge.url, ann.accessToken);
  await expect.poll(() => stream.text()).toContain(": ping");
  await stream.close();
});

test("only admins reach admin routes, by the role in the database now", async () => {
  for (const path of ["/v1/admin/users", "/v1/admin/videos"]) {
    expect(await problemOf(await get(path, ann))).toMatchObject({ status: 403, code: "auth.forbidden" });
    expect((await get(path, root)).status).toBe(200);
  }
  await edge.sql.query("UPDATE users SET role = 'user' WHERE id = $1", [root.user.id]);
  expect((await get("/v1/admin/users", root)).status).toBe(403);
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [root.user.id]);
});

test("users come newest first, page by page, and are found by what was typed", async () => {
  const page = async (query: string) =>
    userPageSchema.parse(await (await get(`/v1/admin/users?${query}`, root)).json());
  const first = await page("limit=2");
  expect(first.items.map(({ id }) => id)).toEqual([root.user.id, ben.user.id]);
  expect(first.items[1]).toEqual({
    ...ben.user,
    storage: { used: 0, reserved: 0 },
    videos: 0,
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    ...{ disabled: false, invited: false, quotaBytes: null, quotaMinutes: null },
  });
  const second = await page(`limit=2&cursor=${first.nextCursor}`);
  expect(second.items.map(({ id }) => id)).toEqual([ann.user.id]);
  expect(second.nextCursor).toBeNull();
  expect((await page("q=100%25")).items).toHaveLength(1);
  expect((await page(`q=${ann.email.toUpperCase()}`)).items).toHaveLength(1);
  expect((await get("/v1/admin/users?cursor=nonsense", root)).status).toBe(422);
  expect((await get("/v1/admin/users?limit=101", root)).status).toBe(422);
  // Ids with which the database cannot even be queried.
  for (const id of ["%00", "none", "x".repeat(100)]) {
    const answer = await fetch(`${edge.url}/v1/admin/users/${id}`, {
      method: "DELETE",
      headers: bearer(root),
    });
    expect(await problemOf(answer)).toMatchObject({ status: 404, code: "account.not_found" });
  }
});

test("streams of who signed out, was deleted, or is no administrator any more end; others go on", async () => {
  const people = await Promise.all(Array.from({ length: 4 }, () => register(edge.url)));
  const [out, gone, demoted, stays] = people as [Account, Account, Account, Account];
  const setRole = (who: Account, role: string) =>
    edge.sql.query("UPDATE users SET role = $2 WHERE id = $1", [who.user.id, role]);
  await Promise.all([gone, demoted, stays].map((who) => setRole(who, "admin")));
  const streams = await Promise.all(people.map((who) => listen(edge.url, who.accessToken)));
  await expect.poll(() => streams.every((stream) => stream.text().includes("retry: "))).toBe(true);
  expect((await refresh(edge.url, out.refreshToken, {}, "logout")).status).toBe(204);
  const deletion = await fetch(`${edge.url}/v1/admin/users/${gone.user.id}`, {
    method: "DELETE",
    headers: bearer(stays),
  });
  expect(deletion.status).toBe(204);
  await setRole(demoted, "user");
  await expect.poll(() => streams.map((stream) => stream.ended())).toEqual([true, true, true, false]);
  // The only stream that stays open receives what happens now.
  const id = await change(ann);
  await expect.poll(() => streams[3]?.events().some(({ data }) => data.id === id)).toBe(true);
  for (const stream of streams.slice(0, 3))
    expect(stream.events().some(({ data }) => data.id === id)).toBe(false);
  for (const stream of streams) await stream.close();
  await setRole(stays, "user");
});
