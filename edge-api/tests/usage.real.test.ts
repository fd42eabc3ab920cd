/** What accounts stored, encoded and played by day: counted by the acts themselves, read by owners and administrators. */
import { accountUsagePageSchema, type UsageDay, usageSchema } from "@storagex/contract/accounts/usage";
import { beforeAll, expect, test } from "vitest";
import { writeVisits } from "../src/audience/write.ts";
import { compareCounters } from "../src/quota/compare.ts";
import { problemOf } from "./support/client.ts";
import { newKey } from "./support/direct-rows.ts";
import { holdClock } from "./support/hold-clock.ts";
import { insideEdge } from "./support/in-process.ts";
import type { Person } from "./support/person.ts";
import { edge, usePipeline } from "./support/shared-pipeline.ts";
import { visitOf } from "./support/visits.ts";
import { planOf } from "./support/worker.ts";

usePipeline();

beforeAll(() => holdClock(edge));

const DAY_MS = 86_400_000;
/** The day (UTC) so many days ago. */
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

const ask = (person: Person, query: Record<string, string> = {}, path = "/v1/usage") =>
  person.call("GET", `${path}?${new URLSearchParams(query)}`);
async function usage(person: Person, query: Record<string, string> = {}): Promise<UsageDay[]> {
  const answer = await ask(person, query);
  expect(answer.status).toBe(200);
  return usageSchema.parse(await answer.json()).days;
}
const today = async (person: Person) => (await usage(person)).at(-1);
const none = { sourceBytes: 0, renditionBytes: 0, encodedMinutes: 0, watchedMinutes: 0 };

/** As if everything so far had happened so many days earlier. */
async function age(person: Person, days: number): Promise<void> {
  await edge.sql.query("UPDATE users SET used_on = used_on - $2::int WHERE id = $1", [person.user.id, days]);
  await edge.sql.query("UPDATE usage_days SET day = day - $2::int WHERE owner_id = $1", [
    person.user.id,
    days,
  ]);
}

const play = (video: string, seconds: number) =>
  writeVisits(insideEdge(edge).db, [visitOf({ video, claimedMs: seconds * 1000 })], Date.now());

test("a day has what is stored at its end, and what was encoded and played on it", async () => {
  const ben = await edge.person();
  expect(await today(ben)).toEqual({ day: daysAgo(0), ...none });
  await ben.ticket(700);
  expect(await today(ben), "an open upload is not stored").toMatchObject(none);
  const plan = planOf(3);
  const id = await edge.completed(ben, plan);
  const { rows } = await edge.sql.query(
    "SELECT size::int, stored_bytes::int AS stored, duration FROM videos WHERE id = $1",
    [id],
  );
  const [{ size, stored, duration }] = rows;
  await play(id, 90);
  await play(id, 30);
  const encodedMinutes = Math.round((duration / 60) * 1_000) / 1_000;
  expect(encodedMinutes).toBeGreaterThan(0);
  const figures = { sourceBytes: size, renditionBytes: stored - size, encodedMinutes, watchedMinutes: 2 };
  expect(await today(ben)).toEqual({ day: daysAgo(0), ...figures });

  // What is deleted is not stored any more, and was encoded and played all the same.
  expect((await ben.call("DELETE", `/v1/videos/${id}`)).status).toBe(204);
  await edge.sql.query("DELETE FROM videos WHERE id = $1", [id]);
  expect(await today(ben)).toEqual({ ...figures, day: daysAgo(0), sourceBytes: 0, renditionBytes: 0 });
});

test("a day without a change has what was stored before it, each other one what it ended with", async () => {
  const ben = await edge.person();
  const first = await ben.uploaded(1_000);
  await age(ben, 3);
  await ben.uploaded(500);
  await age(ben, 2);
  // Two changes of one day: the day before it keeps what it had ended with.
  await ben.uploaded(50);
  await ben.call("DELETE", `/v1/videos/${first}`);
  const days = await usage(ben, { from: daysAgo(6), to: daysAgo(0) });
  expect(days.map(({ day, sourceBytes }) => [day, sourceBytes])).toEqual([
    [daysAgo(6), 0],
    [daysAgo(5), 1_000],
    [daysAgo(4), 1_000],
    [daysAgo(3), 1_000],
    [daysAgo(2), 1_500],
    [daysAgo(1), 1_500],
    [daysAgo(0), 550],
  ]);
  expect(new Set(days.map(({ renditionBytes }) => renditionBytes))).toEqual(new Set([0]));
});

test("a deletion that can be undone frees its bytes when it is final; one that was undone never", async () => {
  const ben = await edge.person();
  const id = await ben.uploaded(1_000);
  expect((await ben.call("DELETE", `/v1/videos/${id}?undo=60`)).status).toBe(204);
  expect((await today(ben))?.sourceBytes).toBe(1_000);
  expect((await ben.call("POST", `/v1/videos/${id}/restore`)).status).toBe(200);
  expect((await today(ben))?.sourceBytes).toBe(1_000);
  await ben.call("DELETE", `/v1/videos/${id}`);
  expect((await today(ben))?.sourceBytes).toBe(0);
  expect(await compareCounters(insideEdge(edge), 1_000), "the counters are what the videos say").toBe(0);
});

test("a wrong sum of sources is corrected by what the videos say, also those of an earlier release", async () => {
  const ben = await edge.person();
  const id = await ben.uploaded(1_000);
  await edge.sql.query("UPDATE videos SET source_bytes = NULL WHERE id = $1", [id]);
  await edge.sql.query("UPDATE users SET source_bytes = 7 WHERE id = $1", [ben.user.id]);
  expect(await compareCounters(insideEdge(edge), 1_000)).toBe(1);
  expect((await today(ben))?.sourceBytes).toBe(1_000);
});

test("which days: the last 30 to begin with, whole ones of UTC, none in the future, a year at most", async () => {
  const ben = await edge.person();
  const days = async (query: Record<string, string>) => (await usage(ben, query)).map(({ day }) => day);
  const month = await days({});
  expect([month[0], month.at(-1), month.length]).toEqual([daysAgo(29), daysAgo(0), 30]);
  expect(await days({ from: daysAgo(1) })).toEqual([daysAgo(1), daysAgo(0)]);
  expect(await days({ from: "2026-02-28", to: "2026-03-01" })).toEqual(["2026-02-28", "2026-03-01"]);
  // A time is on the day that UTC has then.
  expect(await days({ from: "2026-01-01T23:30:00-01:00", to: "2026-01-02T00:00:00Z" })).toEqual([
    "2026-01-02",
  ]);
  expect(await days({ from: daysAgo(0), to: "9999-12-31" })).toEqual([daysAgo(0)]);
  expect(await days({ from: "9999-12-30", to: "9999-12-31" })).toEqual([]);
  expect(await days({ from: "0000-01-01", to: "0000-01-01" })).toHaveLength(1);
  expect(await days({ to: "2020-01-30" })).toHaveLength(30);
  expect(await days({ from: daysAgo(365) })).toHaveLength(366);
  for (const query of [
    { from: daysAgo(366) },
    { from: "2026-03-02", to: "2026-03-01" },
    { from: "2026-02-30" },
    { to: "soon" },
  ])
    expect(await problemOf(await ask(ben, query))).toMatchObject({ status: 422, code: "request.invalid" });
});

test("one sees one's own, an administrator everybody's by account, a key what its scope says", async () => {
  const [ben, root] = [await edge.person(), await edge.person()];
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [root.user.id]);
  const id = await ben.uploaded(1_000);
  await age(ben, 1);
  await play(id, 60);
  expect(await today(root)).toMatchObject(none);
  const all = (query: Record<string, string>) => ask(root, query, "/v1/admin/usage");
  const page = async (query: Record<string, string>) =>
    accountUsagePageSchema.parse(await (await all(query)).json());
  const days = { from: daysAgo(1), to: daysAgo(0) };
  const figures = { sourceBytes: 1_000, renditionBytes: 0, encodedMinutes: 0 };
  for (const account of [ben.user.id, ben.user.email.toUpperCase()])
    expect((await page({ account, ...days })).items).toEqual([
      {
        account: { id: ben.user.id, email: ben.user.email },
        ...figures,
        watchedMinutes: 1,
        days: [
          { day: daysAgo(1), ...figures, watchedMinutes: 0 },
          { day: daysAgo(0), ...figures, watchedMinutes: 1 },
        ],
      },
    ]);
  const first = await page({ limit: "1" });
  expect(first.items.map(({ account }) => account.id)).toEqual([root.user.id]);
  const second = await page({ limit: "1", cursor: first.nextCursor ?? "" });
  expect(second.items.map(({ account }) => account.id)).toEqual([ben.user.id]);
  const other = await all({ limit: "1", cursor: first.nextCursor ?? "", from: daysAgo(2) });
  expect(await problemOf(other)).toMatchObject({ status: 422 });
  expect(await problemOf(await all({ from: daysAgo(93) }))).toMatchObject({ status: 422 });
  expect(await problemOf(await ask(ben, {}, "/v1/admin/usage"))).toMatchObject({ code: "auth.forbidden" });

  const by = async (scope: "playback:read" | "videos:read") => {
    const headers = { authorization: `Bearer ${await newKey(edge, ben.user.id, [scope])}` };
    return (await fetch(`${edge.url}/v1/usage`, { headers })).status;
  };
  expect([await by("playback:read"), await by("videos:read")]).toEqual([200, 403]);
});
