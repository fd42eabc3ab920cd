/** The audit log as administrators read it: who did what to whom; filters, pages, and what deletions leave of it. */
import { invitationSchema } from "@storagex/contract/accounts/account";
import { madeApiKeySchema } from "@storagex/contract/accounts/api-keys";
import { type AuditEntry, auditPageSchema } from "@storagex/contract/accounts/audit-log";
import { beforeEach, expect, test } from "vitest";
import { PASSWORD, post, problemOf } from "./support/client.ts";
import { newKey } from "./support/direct-rows.ts";
import type { Person } from "./support/person.ts";
import { edge, usePipeline } from "./support/shared-pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";

usePipeline();

let root: Person;
beforeEach(async () => {
  root = await edge.registered();
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [root.user.id]);
  await edge.sql.query("DELETE FROM audit");
});

const ask = (query: Record<string, string> | string[][] = {}) =>
  root.call("GET", `/v1/admin/audit?${new URLSearchParams(query)}`);
async function page(query: Record<string, string> | string[][] = {}) {
  const answer = await ask(query);
  expect(answer.status).toBe(200);
  return auditPageSchema.parse(await answer.json());
}
const log = async (query: Record<string, string> | string[][] = {}) => (await page(query)).items;
const actionsIn = (entries: AuditEntry[]) => entries.map(({ action }) => action);
const change = (id: string, body: unknown) => root.call("PATCH", `/v1/admin/users/${id}`, body);

test("an entry says who did what to whom, when, by which key and from where", async () => {
  const ben = await edge.registered();
  await edge.sql.query("DELETE FROM audit");
  const secret = await newKey(edge, root.user.id, ["admin"]);
  const headers = {
    authorization: `Bearer ${secret}`,
    "content-type": "application/json",
    "user-agent": "Tool/1",
  };
  const by = (body: string) =>
    fetch(`${edge.url}/v1/admin/users/${ben.user.id}`, { method: "PATCH", headers, body });
  expect((await by('{"disabled": true}')).status).toBe(200);
  const [entry, ...others] = await log();
  expect(others).toEqual([]);
  const { rows } = await edge.sql.query("SELECT id FROM api_keys WHERE user_id = $1", [root.user.id]);
  expect(entry).toEqual({
    id: expect.stringMatching(/^\d+$/),
    at: expect.any(String),
    action: "account.disabled",
    actor: { kind: "user", account: { id: root.user.id, email: root.user.email }, keyId: rows[0].id },
    target: {
      kind: "account",
      id: ben.user.id,
      name: null,
      owner: { id: ben.user.id, email: ben.user.email },
    },
    address: null,
    client: "Tool",
    userAgent: "Tool/1",
  });
  expect(Math.abs(Date.parse(entry?.at ?? "") - Date.now())).toBeLessThan(3_600_000);
});

test("a person's sign-in, key and share are in it, named while they exist, and an owner's edits are not", async () => {
  const ben = await edge.registered();
  const video = await ben.uploaded();
  await edge.sql.query("UPDATE videos SET title = 'A film' WHERE id = $1", [video]);
  const login = await post(`${edge.url}/v1/auth/login`, { email: ben.user.email, password: PASSWORD });
  expect(login.status).toBe(200);
  const made = await ben.call("POST", "/v1/keys", { name: "Nightly", scopes: ["videos:read"] });
  const { key } = madeApiKeySchema.parse(await made.json());
  expect((await ben.call("PATCH", `/v1/videos/${video}`, { title: "A film" })).status).toBe(200);
  expect((await ben.call("POST", `/v1/videos/${video}/shares`, {})).status).toBe(201);
  const own = { id: ben.user.id, email: ben.user.email };
  expect(await log({ account: ben.user.email.toUpperCase() })).toMatchObject([
    { action: "share.created", target: { kind: "video", id: video, name: "A film", owner: own } },
    { action: "api_key.created", target: { kind: "api_key", id: key.id, name: "Nightly", owner: own } },
    { action: "session.started", target: { kind: "session", owner: own }, actor: { account: own } },
    { action: "account.registered", target: { kind: "account", id: own.id, owner: own } },
  ]);
  await ben.call("DELETE", `/v1/keys/${key.id}`);
  expect(await log({ target: key.id })).toMatchObject([
    { action: "api_key.deleted", target: { name: null } },
    { action: "api_key.created", target: { name: null } },
  ]);
});

test("filters: by action, by whom, to whom, to what, and when", async () => {
  const [ben, eve] = [await edge.registered(), await edge.registered()];
  const video = await ben.uploaded();
  await edge.sql.query("DELETE FROM audit");
  await ben.call("POST", "/v1/keys", { name: "key", scopes: ["videos:read"] });
  await change(ben.user.id, { disabled: true });
  await change(ben.user.id, { disabled: false });
  await change(eve.user.id, { role: "admin" });
  await root.call("PATCH", `/v1/videos/${video}`, { title: "another" });
  const all = ["video.updated", "account.promoted", "account.enabled", "account.disabled", "api_key.created"];
  expect(actionsIn(await log())).toEqual(all);
  const two = [
    ["action", "account.enabled"],
    ["action", "account.promoted"],
  ];
  expect(actionsIn(await log(two))).toEqual(["account.promoted", "account.enabled"]);
  expect(actionsIn(await log({ action: "account.enabled" }))).toEqual(["account.enabled"]);
  expect(actionsIn(await log({ account: ben.user.id }))).toEqual(
    all.filter((action) => action !== "account.promoted"),
  );
  expect(actionsIn(await log({ actor: ben.user.id }))).toEqual(["api_key.created"]);
  expect(actionsIn(await log({ target: video }))).toEqual(["video.updated"]);
  expect(await log({ account: "nobody@example.test" })).toEqual([]);
  expect(await log({ target: "\0' OR 1" })).toEqual([]);
  for (const nonsense of [{ action: "video.seen" }, { from: "yesterday" }, { limit: "0" }, { account: "" }])
    expect(await problemOf(await ask(nonsense))).toMatchObject({ status: 422, code: "request.invalid" });

  await edge.sql.query(
    "UPDATE audit SET at = '2026-01-02T03:04:05.678901Z' WHERE action = 'account.disabled'",
  );
  // To the millisecond that the entry shows, both ends included.
  const at = "2026-01-02T03:04:05.678Z";
  expect(actionsIn(await log({ from: at, to: at }))).toEqual(["account.disabled"]);
  expect(actionsIn(await log({ to: "2026-01-02T04:04:05.678+01:00" }))).toEqual(["account.disabled"]);
  expect(await log({ to: "2026-01-02T03:04:05.677Z" })).toEqual([]);
  expect(await log({ from: "0000-01-01T00:00:00Z", to: "9999-12-31T23:59:59Z" })).toHaveLength(5);
});

test("pages follow each other without gap or repetition while entries are added; a cursor is its list's own", async () => {
  // Of one statement, at one time: only the id tells them apart.
  await edge.sql.query(
    `INSERT INTO audit (actor_kind, action, target_kind, target_id)
     SELECT 'system', 'video.retried', 'video', n FROM generate_series(1, 7) AS n`,
  );
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const { items, nextCursor }: Awaited<ReturnType<typeof page>> = await page({
      limit: "3",
      action: "video.retried",
      ...(cursor && { cursor }),
    });
    seen.push(...items.map(({ target }) => target.id));
    cursor = nextCursor;
    await change(root.user.id, { quotaMinutes: seen.length });
    if (seen.length === 3) {
      await edge.sql.query(
        "INSERT INTO audit (actor_kind, action, target_kind, target_id) VALUES ('system', 'video.retried', 'video', 'new')",
      );
      const others = await ask({ cursor: cursor ?? "" });
      expect(await problemOf(others)).toMatchObject({ status: 422, code: "request.invalid" });
    }
  } while (cursor);
  expect(seen).toEqual(["7", "6", "5", "4", "3", "2", "1"]);
});

test("a made-up cursor reads nothing, and is no failure of ours", async () => {
  const { nextCursor } = await page({ limit: "1" });
  expect(nextCursor).toBeNull();
  for (const n of [1, 2]) await change(root.user.id, { quotaMinutes: n });
  const first = await page({ limit: "1" });
  const [at, , mark] = JSON.parse(Buffer.from(first.nextCursor ?? "", "base64url").toString());
  const forged = Buffer.from(JSON.stringify([at, "not-a-number", mark])).toString("base64url");
  expect(await log({ limit: "1", cursor: forged })).toEqual([]);
});

test("it is the administrators' alone", async () => {
  const ben = await edge.registered();
  expect(await problemOf(await ben.call("GET", "/v1/admin/audit"))).toMatchObject({ code: "auth.forbidden" });
  const secret = await newKey(edge, root.user.id, ["videos:read"]);
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await fetch(`${edge.url}/v1/admin/audit`, { headers });
  expect(await problemOf(answer)).toMatchObject({ code: "auth.scope_missing" });
});

test("a deleted account stays in it by its id, without its address; a year later it is forgotten", async () => {
  const ben = await edge.registered();
  await root.call("DELETE", `/v1/admin/users/${ben.user.id}`);
  const its = { id: ben.user.id, email: null };
  expect(await log({ account: ben.user.id })).toMatchObject([
    { action: "account.deleted", target: { owner: its } },
    { action: "account.registered", actor: { account: its } },
  ]);
  await edge.sql.query(
    "UPDATE audit SET at = now() - interval '366 days' WHERE action = 'account.registered'",
  );
  await sweepNow(edge);
  expect(actionsIn(await log({ account: ben.user.id }))).toEqual(["account.deleted"]);
  // Also once its row is gone.
  await edge.sql.query("DELETE FROM users WHERE id = $1", [ben.user.id]);
  expect(await log({ account: ben.user.id })).toMatchObject([{ target: { owner: its } }]);
});

test("an invitation that is sent again is one, not a reset", async () => {
  const invited = await root.call("POST", "/v1/admin/users", {
    email: `${crypto.randomUUID()}@example.test`,
  });
  const { user } = invitationSchema.parse(await invited.json());
  await root.call("POST", `/v1/admin/users/${user.id}/reset`);
  expect(actionsIn(await log({ target: user.id }))).toEqual(["account.invited", "account.invited"]);
});
