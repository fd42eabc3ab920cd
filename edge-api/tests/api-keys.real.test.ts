/** API keys: making, using and revoking them. */
import { apiKeyListSchema, madeApiKeySchema } from "@storagex/contract/accounts/api-keys";
import { problemSchema } from "@storagex/contract/problem";
import { bulkAnswerSchema } from "@storagex/contract/videos/video-bulk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { post, problemOf } from "./support/client.ts";
import { newKey, newSigned, newVideo, type Signed } from "./support/direct-rows.ts";
import { eventually } from "./support/eventually.ts";
import { type Edge, startEdge } from "./support/harness.ts";
import { listen } from "./support/live-stream.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const call = (token: string, method: string, path: string, body?: unknown) =>
  fetch(edge.url + path, {
    method,
    headers: { ...as(token), ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const make = (person: Signed, body: unknown) => post(`${edge.url}/v1/keys`, body, as(person.accessToken));
const listed = async (person: Signed) =>
  apiKeyListSchema.parse(await (await call(person.accessToken, "GET", "/v1/keys")).json()).items;

test("a key is shown once, says when it was used, and calls nothing once it is revoked", async () => {
  const person = await newSigned(edge);
  const videoId = await newVideo(edge, person.userId);
  const answer = await make(person, {
    name: " Nightly\u0000 import ",
    scopes: ["videos:read", "videos:read"],
    expiresIn: 3_600,
  });
  expect(answer.status).toBe(201);
  const { key, secret } = madeApiKeySchema.parse(await answer.json());
  expect(secret).toMatch(/^sxk_[A-Za-z0-9]{32}$/);
  expect(key).toMatchObject({
    name: "Nightly import",
    hint: `…${secret.slice(-4)}`,
    scopes: ["videos:read"],
    lastUsedAt: null,
  });
  expect(Date.parse(key.expiresAt ?? "") - Date.parse(key.createdAt)).toBe(3_600_000);
  const rows = await edge.sql.query("SELECT * FROM api_keys WHERE id = $1", [key.id]);
  expect(JSON.stringify(rows.rows)).not.toContain(secret);

  expect((await call(secret, "GET", `/v1/videos/${videoId}`)).status).toBe(200);
  const list = z
    .object({ items: z.array(z.unknown()) })
    .parse(await (await call(secret, "GET", "/v1/videos")).json());
  expect(list.items).toMatchObject([{ id: videoId }]);
  await eventually(async () => expect((await listed(person))[0]?.lastUsedAt).not.toBeNull());
  expect(await listed(person)).toMatchObject([{ id: key.id, name: "Nightly import" }]);

  const stream = await listen(edge.url, secret);
  expect(stream.answer.status).toBe(200);
  expect((await call(person.accessToken, "DELETE", `/v1/keys/${key.id}`)).status).toBe(204);
  for (const path of ["/v1/videos", `/v1/videos/${videoId}`, "/v1/me"])
    expect(await problemOf(await call(secret, "GET", path)), path).toMatchObject({
      code: "auth.token_invalid",
    });
  await eventually(async () => expect(stream.ended()).toBe(true));
  expect(await listed(person)).toEqual([]);
});

test("what cannot be made or deleted is refused", async () => {
  const [person, other] = [await newSigned(edge), await newSigned(edge)];
  const refused = async (body: unknown) => problemOf(await make(person, body));
  for (const body of [
    { name: "a", scopes: [] },
    { name: "a", scopes: ["everything"] },
    { name: "a", scopes: ["videos:read"], expiresIn: 59 },
    { name: "a", scopes: ["videos:read"], expiresIn: 400_000_000 },
    { name: "\u0000\u0007", scopes: ["videos:read"] },
    { name: "a", scopes: ["videos:read"], role: "admin" },
  ])
    expect(await refused(body), JSON.stringify(body)).toMatchObject({ status: 422, code: "request.invalid" });
  expect(await refused({ name: "a", scopes: ["admin"] })).toMatchObject({ code: "auth.forbidden" });

  await newKey(edge, other.userId, ["videos:read"]);
  const [others] = await listed(other);
  for (const id of [others?.id, "none", "%00"])
    expect(await problemOf(await call(person.accessToken, "DELETE", `/v1/keys/${id}`))).toMatchObject({
      code: "api_key.not_found",
    });

  await edge.sql.query(
    `INSERT INTO api_keys (id, user_id, name, secret_hash, hint, scopes)
      SELECT $1 || n, $1, 'key', $1 || n, '…', '[]' FROM generate_series(1, 99) AS n`,
    [person.userId],
  );
  const both = await Promise.all([1, 2].map(() => make(person, { name: "a", scopes: ["videos:read"] })));
  expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  expect(await listed(person)).toHaveLength(100);
});

test("a missing scope is named", async () => {
  const person = await newSigned(edge);
  const secret = await newKey(edge, person.userId, ["videos:write"]);
  const problem = problemSchema.parse(await (await call(secret, "GET", "/v1/videos")).json());
  expect(problem).toMatchObject({ status: 403, code: "auth.scope_missing", scope: "videos:read" });
});

test("an administrator's key without that scope is of its own account: acts on many, and live changes", async () => {
  const [admin, other] = [await newSigned(edge, "admin"), await newSigned(edge)];
  const [own, others] = [await newVideo(edge, admin.userId), await newVideo(edge, other.userId)];
  const secret = await newKey(edge, admin.userId, ["videos:read", "videos:write"]);
  const everything = await newKey(edge, admin.userId, ["videos:read", "admin"]);
  const streams = await Promise.all([secret, everything].map((key) => listen(edge.url, key)));
  const change = { action: "tag", tags: ["seen"], ids: [others, own] };
  const { results } = bulkAnswerSchema.parse(
    await (await call(secret, "POST", "/v1/videos/bulk", change)).json(),
  );
  expect(results).toMatchObject([
    { id: others, ok: false },
    { id: own, ok: true },
  ]);
  await call(other.accessToken, "PATCH", `/v1/videos/${others}`, { title: "changed" });
  await call(admin.accessToken, "PATCH", `/v1/videos/${own}`, { title: "changed, too" });
  await eventually(async () => {
    for (const stream of streams) expect(stream.text()).toContain("changed, too");
  });
  const [narrow, wide] = streams.map((stream) => stream.text());
  expect(wide).toContain(others);
  expect(narrow).not.toContain(others);
  await Promise.all(streams.map((stream) => stream.close()));
});

test("keys end with their account", async () => {
  const person = await newSigned(edge);
  const secret = await newKey(edge, person.userId, ["videos:read"]);
  const admin = await newSigned(edge, "admin");
  expect((await call(admin.accessToken, "DELETE", `/v1/admin/users/${person.userId}`)).status).toBe(204);
  expect(await problemOf(await call(secret, "GET", "/v1/me"))).toMatchObject({ code: "auth.token_invalid" });
  const { rows } = await edge.sql.query("SELECT 1 FROM api_keys WHERE user_id = $1", [person.userId]);
  expect(rows).toEqual([]);
});
