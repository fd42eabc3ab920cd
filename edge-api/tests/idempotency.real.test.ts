/** Calls with an `Idempotency-Key`: carried out once, answered again as what was made is now. */

import { IDEMPOTENCY_HEADER, REPLAYED_HEADER } from "@storagex/contract/idempotency";
import { publicRoutes } from "@storagex/contract/routes/public";
import { ticketSchema } from "@storagex/contract/uploads/upload";
import { addedCaptionsSchema } from "@storagex/contract/videos/captions";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { problemOf } from "./support/client.ts";
import { newKey, newSigned, newVideo } from "./support/direct-rows.ts";
import { type Edge, startEdge } from "./support/harness.ts";
import { newPerson } from "./support/person.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());

/** Sends a call by a token, with a key if one is given. */
async function send(token: string, path: string, body: unknown, key?: string): Promise<Response> {
  return fetch(edge.url + path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(key !== undefined && { [IDEMPOTENCY_HEADER]: key }),
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}
const objectSchema = z.record(z.string(), z.unknown());
const isReplayed = (answer: Response) => answer.headers.get(REPLAYED_HEADER) === "true";
const TICKET = { filename: "a.mp4", size: 6_000_000, contentType: "video/mp4" };
const countOf = async (table: string, owner: string) =>
  (await edge.sql.query(`SELECT count(*)::int AS n FROM ${table} WHERE owner_id = $1`, [owner])).rows[0].n;

test("a ticket is made once, shown again as it is now with URLs that take parts, and is 404 once deleted", async () => {
  const person = await newPerson(edge.url);
  const { id: owner } = person.user;
  const made = await send(person.accessToken, "/v1/videos", TICKET, "one");
  expect([made.status, isReplayed(made)]).toEqual([201, false]);
  const first = ticketSchema.parse(await made.json());
  await person.call("PATCH", `/v1/videos/${first.video.id}`, { title: "Renamed" });
  const again = await send(person.accessToken, "/v1/videos", TICKET, "one");
  expect([again.status, isReplayed(again)]).toEqual([201, true]);
  const second = ticketSchema.parse(await again.json());
  expect(second.video).toMatchObject({ id: first.video.id, title: "Renamed" });
  expect(await countOf("videos", owner)).toBe(1);
  await person.putParts(second);
  expect((await person.call("POST", `/v1/videos/${first.video.id}/complete`, {})).status).toBe(200);
  const later = await (await send(person.accessToken, "/v1/videos", TICKET, "one")).json();
  expect(later).toMatchObject({ video: { status: "queued" }, upload: { ...first.upload, parts: [] } });
  await person.call("DELETE", `/v1/videos/${first.video.id}`);
  const gone = await problemOf(await send(person.accessToken, "/v1/videos", TICKET, "one"));
  expect(gone).toMatchObject({ code: "video.not_found" });
  // Another credential has keys of its own.
  const key = await newKey(edge, owner, ["videos:write"]);
  expect(isReplayed(await send(key, "/v1/videos", TICKET, "one"))).toBe(false);
});

test("another body or address is refused, so is a call that still runs; a failure and a crash free the key", async () => {
  const person = await newPerson(edge.url);
  const post = (body: unknown, key: string, path = "/v1/videos") => send(person.accessToken, path, body, key);
  expect((await post(TICKET, "two")).status).toBe(201);
  const reused = { status: 422, code: "request.idempotency_reused" };
  expect(await problemOf(await post({ ...TICKET, size: 7 }, "two"))).toMatchObject(reused);
  // The raw body counts, not what it means.
  expect(await problemOf(await post(`${JSON.stringify(TICKET)} `, "two"))).toMatchObject(reused);
  const bulk = { ids: ["none"], action: "retry" };
  expect(await problemOf(await post(bulk, "two", "/v1/videos/bulk"))).toMatchObject(reused);
  expect(await problemOf(await post({ ...TICKET, size: 0 }, "three"))).toMatchObject({
    code: "request.invalid",
  });
  const free = await post(TICKET, "three");
  expect([free.status, isReplayed(free)]).toEqual([201, false]);

  const lease = (ended: string) =>
    edge.sql.query(
      `UPDATE idempotency_keys SET status = NULL, kept = NULL, leased_until = now() + ${ended}
        WHERE credential IN (SELECT id FROM sessions WHERE user_id = $1)`,
      [person.user.id],
    );
  await lease("interval '1 minute'");
  expect(await problemOf(await post(TICKET, "two"))).toMatchObject({
    status: 409,
    code: "request.idempotency_running",
  });
  await lease("interval '-1 second'");
  expect(isReplayed(await post(TICKET, "two"))).toBe(false);
  expect(isReplayed(await post(TICKET, "two"))).toBe(true);
  // A day later it is a new call.
  await edge.sql.query("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'");
  expect(isReplayed(await post(TICKET, "two"))).toBe(false);

  for (const key of ["", "x".repeat(256), "caf\u00e9"])
    expect(await problemOf(await post(TICKET, key)), key).toMatchObject({
      code: "request.invalid",
      errors: [IDEMPOTENCY_HEADER],
    });
  // Of calls at the same time, one is carried out.
  const before = await countOf("videos", person.user.id);
  const racing = await Promise.all(Array.from({ length: 8 }, () => post(TICKET, "racing")));
  const fresh = racing.filter((answer) => answer.status === 201 && !isReplayed(answer));
  expect(fresh).toHaveLength(1);
  for (const answer of racing) expect([201, 409]).toContain(answer.status);
  expect(await countOf("videos", person.user.id)).toBe(before + 1);
});

/** What each call that makes something is sent, with what its first answer holds and no later one. */
const CALLS: [route: { path: string }, body: unknown, secret: string | undefined][] = [
  [publicRoutes.createKey, { name: "key", scopes: ["videos:read"] }, "secret"],
  [publicRoutes.createPlaybackKey, { name: "site" }, "privateJwk"],
  [publicRoutes.createShare, { label: "for Ann" }, undefined],
  [publicRoutes.inviteUser, { email: "someone.new@example.test", role: "user" }, "url"],
  [publicRoutes.resetUser, undefined, "url"],
  [publicRoutes.changeVideos, { ids: ["none"], action: "retry" }, undefined],
];

test("a secret is shown once, whatever is sent again; what is shown is as documented", async () => {
  const admin = await newSigned(edge, "admin");
  const other = await newSigned(edge);
  const videoId = await newVideo(edge, admin.userId);
  for (const [route, body, secret] of CALLS) {
    const id = route.path.includes("/users/") ? other.userId : videoId;
    const path = route.path.replace("{id}", id);
    const [first, again] = [
      await send(admin.accessToken, path, body, path),
      await send(admin.accessToken, path, body, path),
    ];
    expect([again.status, isReplayed(again)], path).toEqual([first.status, true]);
    const [shown, later] = [objectSchema.parse(await first.json()), await again.json()];
    const { [secret ?? ""]: hidden, ...rest } = shown;
    expect(hidden === undefined, path).toBe(secret === undefined);
    expect(later, path).toEqual(rest);
  }
  const { rows } = await edge.sql.query("SELECT kept FROM idempotency_keys");
  expect(JSON.stringify(rows)).not.toMatch(/sxk_|sxs_|sxi_|sxr_|"d":/);
});

test("captions that were added are added once, and gone they are 404", async () => {
  const person = await newPerson(edge.url);
  const id = await person.uploaded();
  const captions = { language: "en", label: "English", content: "1\n00:00:00,000 --> 00:00:01,000\nHi\n" };
  const path = `/v1/videos/${id}/captions`;
  const added = addedCaptionsSchema.parse(await (await send(person.accessToken, path, captions, "c")).json());
  const again = await send(person.accessToken, path, captions, "c");
  expect(isReplayed(again)).toBe(true);
  expect(await again.json()).toEqual(added);
  expect((await person.video(id)).captions).toHaveLength(1);
  await person.call("DELETE", `${path}/${added.id}`);
  expect(await problemOf(await send(person.accessToken, path, captions, "c"))).toMatchObject({
    code: "captions.not_found",
  });
});
