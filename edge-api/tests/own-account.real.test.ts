/** One's own account: name, theme, profile of new videos; where one is signed in; and the original file. */
import { meSchema, sessionSchema, sessionsSchema } from "@storagex/contract/accounts/account";
import { sourceAnswerSchema } from "@storagex/contract/videos/playback";
import { expect, test } from "vitest";
import { PASSWORD, post, problemOf, refresh, refreshTokenOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { type Person, personOf } from "./support/person.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";

usePipeline();

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async function signedInAgain({ user: { email } }: Person) {
  const answer = await post(
    `${edge.url}/v1/auth/login`,
    { email, password: PASSWORD },
    { "user-agent": FIREFOX },
  );
  const refreshToken = refreshTokenOf(answer);
  return { person: personOf(edge.url, sessionSchema.parse(await answer.json())), refreshToken };
}
const sessionsOf = async (person: Person) =>
  sessionsSchema.parse(await (await person.call("GET", "/v1/me/sessions")).json()).items;
const statusOf = async (person: Person) => (await person.call("GET", "/v1/me")).status;

test("sessions are listed with who uses them, and one that is ended is refused at once", async () => {
  const ben = await edge.registered();
  const { person: other, refreshToken } = await signedInAgain(ben);
  await edge.sql.query("UPDATE sessions SET last_used_at = now() - interval '1 day' WHERE user_id = $1", [
    ben.user.id,
  ]);
  expect((await refresh(edge.url, refreshToken)).status).toBe(200);
  const [first, second] = await sessionsOf(ben);
  expect(first).toMatchObject({ client: "Firefox on Linux", current: false });
  expect(Date.parse(first?.lastUsedAt ?? "")).toBeGreaterThan(Date.parse(second?.lastUsedAt ?? ""));
  expect(second?.current).toBe(true);
  const strange = await edge.person();
  const end = (person: Person) => person.call("DELETE", `/v1/me/sessions/${first?.id}`);
  expect((await problemOf(await end(strange))).code).toBe("session.not_found");
  expect(await statusOf(other)).toBe(200);
  expect((await end(ben)).status).toBe(204);
  expect((await end(ben)).status).toBe(404);
  expect([await statusOf(other), await statusOf(ben)]).toEqual([401, 200]);
  expect(await sessionsOf(ben)).toHaveLength(1);
});

test("all others are ended, this one stays", async () => {
  const ben = await edge.registered();
  const others = [await signedInAgain(ben), await signedInAgain(ben)];
  expect((await ben.call("DELETE", "/v1/me/sessions")).status).toBe(204);
  for (const { person } of others) expect(await statusOf(person)).toBe(401);
  expect((await sessionsOf(ben)).map(({ current }) => current)).toEqual([true]);
});

test("name, theme, language and profile are changed one by one, and new videos take the profile", async () => {
  const me = async () => meSchema.parse(await (await ann.call("GET", "/v1/me")).json());
  expect(await me()).toMatchObject({ theme: "system", language: "system", profile: null, videos: 0 });
  await ann.call("PATCH", "/v1/me", { theme: "dark" });
  await ann.call("PATCH", "/v1/me", { language: "de" });
  const answer = await ann.call("PATCH", "/v1/me", { name: " Ann\u0000a " });
  expect(meSchema.parse(await answer.json())).toMatchObject({ name: "Anna", theme: "dark", language: "de" });
  const [quality] = (await me()).profiles.filter((choice) => choice !== "av1").slice(-1);
  const profile = { quality, av1: false };
  expect((await ann.call("PATCH", "/v1/me", { profile })).status).toBe(200);
  expect((await ann.ticket(1)).video.profile).toEqual(profile);
  expect(await me()).toMatchObject({ name: "Anna", theme: "dark", profile, videos: 1 });
  await edge.sql.query(`UPDATE users SET profile = '{"quality": "fine", "av1": true}' WHERE id = $1`, [
    ann.user.id,
  ]);
  expect((await ann.call("POST", "/v1/videos", { filename: "a.mp4", size: 1 })).status).toBe(201);
  for (const change of [{}, { name: "\u202e" }, { theme: "pink" }, { language: "tlh" }, { role: "admin" }])
    expect((await ann.call("PATCH", "/v1/me", change)).status, JSON.stringify(change)).toBe(422);
});

test("the original comes under its own name once it is put together", async () => {
  const filename = "Urlaub 'am' See (1) 漢.mov";
  const made = await ann.ticket(1000, { filename, title: "Another" });
  const address = `/v1/videos/${made.video.id}/source`;
  expect((await problemOf(await ann.call("GET", address))).code).toBe("source.assembling");
  await ann.putParts(made);
  await ann.call("POST", `/v1/videos/${made.video.id}/complete`, {});
  const source = await eventually(async () =>
    sourceAnswerSchema.parse(await (await ann.call("GET", address)).json()),
  );
  expect(source).toMatchObject({ filename, size: 1000 });
  const file = await fetch(source.url);
  expect((await file.arrayBuffer()).byteLength).toBe(1000);
  const disposition = file.headers.get("content-disposition") ?? "";
  expect(disposition).toMatch(/^attachment; filename\*=UTF-8''[\w%.-]+$/);
  expect(decodeURIComponent(disposition.split("''")[1] ?? "")).toBe(filename);
  expect((await (await edge.person()).call("GET", address)).status).toBe(404);
});
