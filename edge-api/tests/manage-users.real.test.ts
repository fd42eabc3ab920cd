/** What administrators do to accounts: invitations, reset links, roles, quotas, disabled accounts. */
import {
  adminUserSchema,
  invitationSchema,
  resetLinkSchema,
  sessionSchema,
} from "@storagex/contract/accounts/account";
import { beforeEach, expect, test } from "vitest";
import { earlyInWindow, newEmail, PASSWORD, post, problemOf, refresh, register } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { listen } from "./support/live-stream.ts";
import { type Person, personOf } from "./support/person.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";
import { leased } from "./support/worker.ts";

usePipeline();

let root: Person;
beforeEach(async () => {
  await edge.sql.query("UPDATE users SET role = 'user'");
  root = await edge.person();
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [root.user.id]);
});

const tokenIn = (url: string) => url.split("/").at(-1) ?? "";
const join = (token: string, password = PASSWORD) => post(`${edge.url}/v1/auth/join`, { token, password });
const login = (email: string, password = PASSWORD) => post(`${edge.url}/v1/auth/login`, { email, password });
const change = (id: string, body: unknown) => root.call("PATCH", `/v1/admin/users/${id}`, body);
const invite = async (email: string, more = {}) => {
  const answer = await root.call("POST", "/v1/admin/users", { email, ...more });
  expect(answer.status).toBe(201);
  return invitationSchema.parse(await answer.json());
};

test("an invitation makes an account once, and its secret is stored nowhere", async () => {
  const email = newEmail();
  const { url, user } = await invite(email.toUpperCase(), { name: "Ann", role: "admin" });
  expect(url).toMatch(new RegExp(`^${edge.url}/join/sxi_[\\w-]{43}$`));
  expect(user).toMatchObject({ email, name: "Ann", role: "admin", invited: true, disabled: false });
  expect((await root.call("POST", "/v1/admin/users", { email })).status).toBe(409);
  const { rows } = await edge.sql.query("SELECT account_links::text AS row FROM account_links");
  for (const { row } of rows) expect(row).not.toContain(tokenIn(url));
  // Nobody signs in without a password.
  expect((await login(email, "")).status).toBe(422);
  expect((await login(email, "x")).status).toBe(401);

  const shown = await post(`${edge.url}/v1/auth/link`, { token: tokenIn(url) });
  expect(await shown.json()).toMatchObject({ kind: "invitation", email, name: "Ann" });
  const race = await Promise.all([join(tokenIn(url)), join(tokenIn(url)), join(tokenIn(url))]);
  expect(race.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
  expect(await problemOf(await join(tokenIn(url)))).toMatchObject({ code: "account.link_invalid" });
  expect(await (await login(email)).json()).toMatchObject({ user: { role: "admin", name: "Ann" } });
});

test("a new invitation replaces the first; one that has expired is refused", async () => {
  const { url, user } = await invite(newEmail());
  const again = resetLinkSchema.parse(
    await (await root.call("POST", `/v1/admin/users/${user.id}/reset`)).json(),
  );
  expect(again.url).toContain("/join/sxi_");
  expect((await join(tokenIn(url))).status).toBe(403);
  await edge.sql.query("UPDATE account_links SET expires_at = now() WHERE user_id = $1", [user.id]);
  expect((await join(tokenIn(again.url))).status).toBe(403);
});

test("a reset link sets the password, ends every session and clears the counts of attempts", async () => {
  await earlyInWindow();
  const { email, user, refreshToken, accessToken } = await register(edge.url);
  for (let wrong = 0; wrong < 11; wrong += 1) await login(email, "wrong");
  expect((await login(email)).status).toBe(429);
  const { url } = resetLinkSchema.parse(
    await (await root.call("POST", `/v1/admin/users/${user.id}/reset`)).json(),
  );
  expect(url).toMatch(/\/reset\/sxr_[\w-]{43}$/);
  expect((await join(tokenIn(url), "short")).status).toBe(422);
  expect((await join(tokenIn(url), "another long sentence")).status).toBe(200);
  const me = { headers: { authorization: `Bearer ${accessToken}` } };
  expect((await fetch(`${edge.url}/v1/me`, me)).status).toBe(401);
  expect((await refresh(edge.url, refreshToken)).status).toBe(401);
  expect((await login(email)).status).toBe(401);
  expect((await login(email, "another long sentence")).status).toBe(200);
});

test("a disabled account: nothing is accepted, encodes end, and all of it comes back", async () => {
  const account = await register(edge.url);
  const { email, user, accessToken, refreshToken } = account;
  const stream = await listen(edge.url, accessToken);
  const id = await edge.planned(personOf(edge.url, account));
  const task = await edge.task(id, "encode", 0);
  const lease = leased(await edge.worker.claim(task.id));
  expect((await change(user.id, { disabled: true })).status).toBe(200);

  const me = { headers: { authorization: `Bearer ${accessToken}` } };
  expect((await fetch(`${edge.url}/v1/me`, me)).status).toBe(401);
  expect((await refresh(edge.url, refreshToken)).status).toBe(401);
  expect((await login(email, "not it at all")).status).toBe(401);
  expect(await problemOf(await login(email))).toMatchObject({ status: 403, code: "account.disabled" });
  await eventually(async () => expect(stream.ended()).toBe(true));
  expect((await edge.worker.progress(task.id, lease)).outcome).toBe("gone");
  const shown = await (await root.call("GET", `/v1/videos/${id}`)).json();
  expect(shown).toMatchObject({ status: "failed", error: { code: "account.disabled" } });

  // An upload that was let in before is ended by the sweep.
  await edge.sql.query("UPDATE videos SET status = 'queued' WHERE id = $1", [id]);
  await sweepNow(edge);
  expect(await (await root.call("GET", `/v1/videos/${id}`)).json()).toMatchObject({ status: "failed" });

  const link = await root.call("POST", `/v1/admin/users/${user.id}/reset`);
  const { url } = resetLinkSchema.parse(await link.json());
  expect(await problemOf(await join(tokenIn(url)))).toMatchObject({ code: "account.disabled" });

  expect((await change(user.id, { disabled: false })).status).toBe(200);
  expect((await login(email)).status).toBe(200);
  expect((await root.call("POST", `/v1/videos/${id}/retry`)).status).toBe(202);
});

test("the last administrator who can sign in stays one", async () => {
  const last = { status: 409, code: "account.last_admin" };
  for (const body of [{ role: "user" }, { disabled: true }])
    expect(await problemOf(await change(root.user.id, body))).toMatchObject(last);
  // An invited administrator has not joined yet, and a disabled one does not count either.
  const { user, url } = await invite(newEmail(), { role: "admin" });
  expect(await problemOf(await change(root.user.id, { role: "user" }))).toMatchObject(last);
  await join(tokenIn(url));
  await change(user.id, { disabled: true });
  expect(await problemOf(await change(root.user.id, { disabled: true }))).toMatchObject(last);
  await change(user.id, { disabled: false });
  // Two who demote each other at once: one stays.
  const signedIn = sessionSchema.parse(await (await login(user.email)).json());
  const other = { headers: { authorization: `Bearer ${signedIn.accessToken}` } };
  await Promise.all([
    change(user.id, { role: "user" }),
    fetch(`${edge.url}/v1/admin/users/${root.user.id}`, {
      method: "PATCH",
      body: JSON.stringify({ role: "user" }),
      headers: { ...other.headers, "content-type": "application/json" },
    }),
  ]);
  const { rows } = await edge.sql.query("SELECT count(*)::int AS admins FROM users WHERE role = 'admin'");
  expect(rows[0].admins).toBe(1);
});

test("quotas of an account replace the installation's, and unknown fields and accounts are refused", async () => {
  const answer = await change(ann.user.id, { quotaBytes: 1000, quotaMinutes: 1 });
  const shown = adminUserSchema.parse(await answer.json());
  expect(shown).toMatchObject({ quotaBytes: 1000, quotaMinutes: 1 });
  const ticket = (size: number) =>
    ann.call("POST", "/v1/videos", { filename: "a.mp4", size, contentType: "video/mp4" });
  expect(await problemOf(await ticket(1001))).toMatchObject({ code: "upload.quota_exceeded" });
  expect((await ticket(900)).status).toBe(201);
  await change(ann.user.id, { quotaBytes: null });
  await edge.sql.query("UPDATE videos SET duration = 60 WHERE owner_id = $1", [ann.user.id]);
  // As their owner sees them.
  const seen = await (await ann.call("GET", "/v1/me")).json();
  expect(seen).toMatchObject({ quotaBytes: null, minutes: { stored: 1, quota: 1 } });
  expect(await problemOf(await ticket(10))).toMatchObject({ code: "upload.quota_exceeded" });
  await change(ann.user.id, { quotaMinutes: 2 });
  expect((await ticket(10)).status).toBe(201);

  for (const body of [{ quotaBytes: -1 }, { quotaBytes: 1.5 }, { role: "owner" }, { email: "a@b.c" }])
    expect((await change(ann.user.id, body)).status, JSON.stringify(body)).toBe(422);
  for (const id of ["none", "a%00b", "x".repeat(200)])
    expect(await problemOf(await change(id, { role: "user" }))).toMatchObject({ code: "account.not_found" });
});
