/** Webhooks: endpoints, what they are told and when, signatures, tries, and what the sender may ask. */
import {
  type Delivery,
  deliveryPageSchema,
  MAX_WEBHOOKS,
  madeWebhookSchema,
  queuedDeliverySchema,
  RETRY_WAITS,
  webhookDeletedSchema,
  webhookEventSchema,
  webhookListSchema,
  webhookVideoSchema,
} from "@storagex/contract/webhooks";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { z } from "zod";
import { bodyOf } from "../src/webhooks/body.ts";
import { readDocument } from "./fuzz/document.ts";
import { problemOf } from "./support/client.ts";
import { newKey } from "./support/direct-rows.ts";
import { eventually } from "./support/eventually.ts";
import { insideEdge } from "./support/in-process.ts";
import { newPerson, type Person } from "./support/person.ts";
import { edge, usePipeline } from "./support/shared-pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";
import { claim, leased, report, tried } from "./support/webhook-sender.ts";

usePipeline();

const URL_OF = "https://hooks.example.org/a?b=c";
async function make(person: Person, body: Record<string, unknown> = {}) {
  const answer = await person.call("POST", "/v1/webhooks", { url: URL_OF, ...body });
  if (answer.status !== 201) throw new Error(`webhook: ${answer.status} ${await answer.text()}`);
  const { webhook, secret } = madeWebhookSchema.parse(await answer.json());
  return { webhook, secret, path: `/v1/webhooks/${webhook.id}` };
}
async function deliveries(person: Person, path: string, query = ""): Promise<Delivery[]> {
  const answer = await person.call("GET", `${path}/deliveries${query}`);
  return deliveryPageSchema.parse(await answer.json()).items;
}
const due = (id: string) =>
  edge.sql.query("UPDATE webhook_deliveries SET next_attempt_at = now() WHERE id = $1", [id]);
const sentSchema = z.object({ type: z.string(), timestamp: z.iso.datetime(), data: z.unknown() });
const handed = (id: string) => edge.bridge.deliveries.includes(id);

test("what happens to a video is told as it was, once, signed, and handed over at once", async () => {
  const [person, other] = [await newPerson(edge.url), await newPerson(edge.url)];
  const { path, secret, webhook } = await make(person);
  const narrow = await make(person, { events: ["video.playable", "video.deleted"], description: " one " });
  const foreign = await make(other);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
  expect(narrow.webhook).toMatchObject({ events: ["video.playable", "video.deleted"], description: "one" });
  const id = await edge.completed(person);
  await person.call("PATCH", `/v1/videos/${id}`, {
    title: "Edited",
    externalId: "e-1",
    metadata: { a: "b" },
  });
  await person.call("DELETE", `/v1/videos/${id}`);

  const all = (await deliveries(person, path)).toReversed();
  expect(all.map(({ type }) => type)).toEqual([
    "video.created",
    "video.uploaded",
    "video.playable",
    "video.completed",
    "video.updated",
    "video.deleted",
  ]);
  const few = (await deliveries(person, narrow.path)).toReversed();
  expect(few.map(({ type }) => type)).toEqual(["video.playable", "video.deleted"]);
  expect(few[0]?.eventId).toBe(all[2]?.eventId);
  expect(await deliveries(other, foreign.path)).toEqual([]);
  await eventually(async () => expect(all.slice(0, 2).every((each) => handed(each.id))).toBe(true));

  const verifier = new Webhook(secret);
  const told: { type: string; data: unknown }[] = [];
  const { events } = await readDocument(edge.url);
  for (const each of all) {
    const { lease, url, headers, body } = await leased(each.id);
    expect([url, headers["webhook-id"]]).toEqual([URL_OF, each.eventId]);
    const sent = sentSchema.parse(verifier.verify(body, headers));
    told.push(sent);
    expect(events.get(sent.type)?.(JSON.parse(body)), `${sent.type} as the document says`).toBeUndefined();
    expect(events.get(sent.type)?.({ ...sent, timestamp: "now" })).toContain("timestamp");
    expect(() => verifier.verify(`${body} `, headers)).toThrow();
    await report(each.id, lease, 204);
  }
  const videos = told.slice(0, -1).map(({ data }) => webhookVideoSchema.parse(data));
  expect(videos.map(({ status }) => status)).toEqual([
    "pending_upload",
    "queued",
    "processing",
    "completed",
    "completed",
  ]);
  expect(videos.map(({ title }) => title)).toEqual([...Array(4).fill("holiday"), "Edited"]);
  expect(videos.map(({ revision }) => revision)).toEqual([0, 0, 0, 0, 1]);
  expect(JSON.stringify(told)).not.toMatch(/X-Amz-|https?:/);
  expect(webhookDeletedSchema.strict().parse(told.at(-1)?.data)).toEqual({
    id,
    externalId: "e-1",
    metadata: { a: "b" },
  });
  expect((await deliveries(person, path)).every(({ status }) => status === "delivered")).toBe(true);
  expect((await deliveries(person, path, "?status=waiting")).length).toBe(0);
  // What made the bodies is not kept beside them.
  const kept = "SELECT count(*)::int AS n FROM webhook_events WHERE video IS NOT NULL AND body IS NOT NULL";
  expect((await edge.sql.query(kept)).rows[0].n).toBe(0);
  const pages = await person.call("GET", `${path}/deliveries?limit=4`);
  const first = deliveryPageSchema.parse(await pages.json());
  const rest = await deliveries(person, path, `?limit=4&cursor=${first.nextCursor}`);
  expect([...first.items, ...rest].map((each) => each.id)).toEqual(all.map((each) => each.id).toReversed());
  expect(
    await problemOf(await person.call("GET", `${narrow.path}/deliveries?cursor=${first.nextCursor}`)),
  ).toMatchObject({ code: "request.invalid" });
  await person.call("PATCH", `/v1/webhooks/${webhook.id}`, { enabled: false });
});

test("a failed try waits longer and longer, then the delivery fails; sent again it has all its tries", async () => {
  const person = await newPerson(edge.url);
  const { path } = await make(person);
  const { deliveryId } = queuedDeliverySchema.parse(await (await person.call("POST", `${path}/test`)).json());
  const read = async () => (await deliveries(person, path)).find(({ id }) => id === deliveryId);
  for (const [at, wait] of [...RETRY_WAITS, undefined].entries()) {
    await tried(deliveryId, at % 2 === 0 ? 500 : null);
    const now = await read();
    expect(now?.attempts).toHaveLength(at + 1);
    const { status, error, response, milliseconds } = now?.attempts.at(-1) ?? {};
    expect([status, error, response, milliseconds]).toEqual([
      at % 2 === 0 ? 500 : null,
      at % 2 === 0 ? null : "refused",
      "thanks",
      7,
    ]);
    if (wait === undefined) {
      expect(now).toMatchObject({ status: "failed", nextAttemptAt: null });
      break;
    }
    expect(now?.status).toBe("waiting");
    const { rows } = await edge.sql.query(
      "SELECT extract(epoch FROM next_attempt_at - now())::float8 AS wait FROM webhook_deliveries WHERE id = $1",
      [deliveryId],
    );
    expect(rows[0].wait).toBeLessThanOrEqual(wait);
    expect(rows[0].wait).toBeGreaterThan(wait - 60);
    // Not before its time.
    if (wait > 60) expect(await claim(deliveryId)).toEqual({ outcome: "none" });
    await due(deliveryId);
  }
  expect((await person.call("POST", `${path}/deliveries/${deliveryId}/redeliver`)).status).toBe(202);
  await tried(deliveryId, 503);
  expect(await read()).toMatchObject({ status: "waiting" });
  await due(deliveryId);
  await tried(deliveryId, 200);
  expect(await read()).toMatchObject({ status: "delivered" });
  expect(await claim(deliveryId)).toEqual({ outcome: "none" });
});

test("an endpoint has two in flight; a sender that died leaves its delivery to others, and its late report is nothing", async () => {
  const person = await newPerson(edge.url);
  const { path } = await make(person);
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1)
    ids.push(queuedDeliverySchema.parse(await (await person.call("POST", `${path}/test`)).json()).deliveryId);
  const [one = "", two = "", three = ""] = ids;
  const dead = await leased(one);
  expect(await claim(one)).toEqual({ outcome: "none" });
  // Whoever has the lease and did not get the answer gets it again, and takes no second place.
  expect(await claim(one, dead.lease)).toMatchObject({ outcome: "leased", body: dead.body });
  const racing = await Promise.all([claim(two), claim(three)]);
  expect(racing.map(({ outcome }) => outcome).toSorted()).toEqual(["leased", "none"]);
  const left = racing[0]?.outcome === "none" ? two : three;
  // Its place is free as soon as one has ended.
  await report(one, dead.lease, 500);
  await eventually(async () => expect(handed(left)).toBe(true));
  expect((await claim(left)).outcome).toBe("leased");
  // The leases end without a report.
  await edge.sql.query(
    "UPDATE webhook_deliveries SET handed_until = now() - interval '1 second' WHERE id = ANY($1)",
    [ids],
  );
  edge.bridge.deliveries.length = 0;
  await sweepNow(edge);
  await eventually(async () => expect([two, three].every(handed)).toBe(true));
  const again = await leased(two);
  const late = racing[0]?.outcome === "leased" ? racing[0].lease : "none";
  await report(two, late, 200);
  expect(await deliveries(person, path, "?status=delivered")).toEqual([]);
  await report(two, again.lease, 200);
  expect((await deliveries(person, path, "?status=delivered")).map(({ id }) => id)).toEqual([two]);
});

test("of two claims at once for an endpoint's last place one is refused, though neither saw the other begin", async () => {
  const person = await newPerson(edge.url);
  const { path, webhook } = await make(person);
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1)
    ids.push(queuedDeliverySchema.parse(await (await person.call("POST", `${path}/test`)).json()).deliveryId);
  const [one = "", two = "", three = ""] = ids;
  await leased(one);
  const holder = await edge.sql.connect();
  try {
    await holder.query("BEGIN");
    await holder.query("SELECT 1 FROM webhooks WHERE id = $1 FOR UPDATE", [webhook.id]);
    const racing = Promise.all([claim(two), claim(three)]);
    await eventually(async () => {
      const { rowCount } = await edge.sql.query(
        `SELECT 1 FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM webhooks%'`,
      );
      expect(rowCount).toBe(2);
    });
    await holder.query("COMMIT");
    expect((await racing).map(({ outcome }) => outcome).toSorted()).toEqual(["leased", "none"]);
  } finally {
    holder.release(true);
  }
});

/** One event with its kept row, waiting. */
async function edited(events: string[] = ["video.updated"]) {
  const person = await newPerson(edge.url);
  const { path, webhook, secret } = await make(person, { events });
  const id = await edge.completed(person);
  await person.call("PATCH", `/v1/videos/${id}`, { title: "Edited", tags: ["a"] });
  const [{ id: delivery = "", eventId = "" } = {}] = await deliveries(person, path);
  const { rows } = await edge.sql.query("SELECT video, type FROM webhook_events WHERE id = $1", [eventId]);
  const row = z.tuple([z.object({ video: z.record(z.string(), z.unknown()), type: webhookEventSchema })]);
  const [{ video, type }] = row.parse(rows);
  const keep = (kept: unknown) =>
    edge.sql.query("UPDATE webhook_events SET video = $2 WHERE id = $1", [eventId, JSON.stringify(kept)]);
  return { person, path, webhook, secret, id, delivery, eventId, video, type, keep };
}

test("what cannot be made is a failed try with its reason, others go on, and once it can be made it is sent", async () => {
  const { person, path, id, delivery, eventId, video, type, keep } = await edited();
  await keep({ id, status: "unheard of" });
  const { deliveryId: behind } = queuedDeliverySchema.parse(
    await (await person.call("POST", `${path}/test`)).json(),
  );
  expect(await claim(delivery)).toEqual({ outcome: "none" });
  const read = async () => (await deliveries(person, path)).find((each) => each.id === delivery);
  const failed = await read();
  expect(failed).toMatchObject({
    status: "waiting",
    attempts: [
      { status: null, response: null, error: expect.stringContaining("could not make the request") },
    ],
  });
  expect(Date.parse(failed?.nextAttemptAt ?? "")).toBeGreaterThan(Date.parse(failed?.attempts[0]?.at ?? ""));
  await tried(behind, 200);
  // Its endpoint is not to blame.
  const { rows } = await edge.sql.query("SELECT failing_since FROM webhooks WHERE owner_id = $1", [
    person.user.id,
  ]);
  expect(rows).toEqual([{ failing_since: null }]);
  await keep(video);
  await due(delivery);
  const { body } = await leased(delivery);
  // Who comes after another has made the body sends that.
  const told = { eventId, type, at: new Date().toISOString() };
  expect(await bodyOf(insideEdge(edge), told)).toBe(body);
});

test("a row that was kept by the release before has what it lacks by default", async () => {
  const { delivery, video, keep } = await edited();
  const later = [
    "metadata",
    "visibility",
    "public_download",
    "origin",
    "captions",
    "notes",
    "revision",
    "loudness",
  ];
  await keep(Object.fromEntries(Object.entries(video).filter(([column]) => !later.includes(column))));
  const { body } = await leased(delivery);
  expect(webhookVideoSchema.parse(JSON.parse(body).data)).toMatchObject({
    title: "Edited",
    tags: ["a"],
    metadata: {},
    visibility: "private",
    origin: "upload",
    revision: 0,
    captions: [],
  });
});

test("an edit that changes nothing is none, and is not told", async () => {
  const { person, path, id } = await edited();
  const before = await person.video(id);
  expect(before).toMatchObject({ title: "Edited", revision: 1 });
  for (const same of [
    { title: "Edited" },
    { tags: ["a"], visibility: "private", publicDownload: false, posterIndex: 0 },
    { metadata: { unknown: null }, externalId: null, description: "" },
  ]) {
    const answer = await person.call("PATCH", `/v1/videos/${id}`, same);
    expect(answer.status, JSON.stringify(same)).toBe(200);
    expect(await answer.json()).toMatchObject({ title: "Edited", revision: 1 });
  }
  expect(await deliveries(person, path)).toHaveLength(1);
  expect((await person.call("PATCH", `/v1/videos/${id}`, { title: "Edited", tags: ["b"] })).status).toBe(200);
  expect(await deliveries(person, path)).toHaveLength(2);
  expect(await person.video(id)).toMatchObject({ tags: ["b"], revision: 2 });
});

test("a secret that no key opens fails the try with its reason; one that only signs along is left out", async () => {
  const { person, path, webhook, secret, delivery } = await edited();
  const rotated = z
    .object({ secret: z.string() })
    .parse(await (await person.call("POST", `${path}/rotate`)).json());
  const lose = (column: string) =>
    edge.sql.query(`UPDATE webhooks SET ${column} = '2.another.AAAA.AAAA' WHERE id = $1`, [webhook.id]);
  await lose("old_secret_sealed");
  const { headers, body, lease } = await leased(delivery);
  expect(new Webhook(rotated.secret).verify(body, headers)).toMatchObject({ type: "video.updated" });
  expect(() => new Webhook(secret).verify(body, headers)).toThrow();
  await report(delivery, lease, 500);
  await lose("secret_sealed");
  await due(delivery);
  expect(await claim(delivery)).toEqual({ outcome: "none" });
  const [now] = await deliveries(person, path);
  expect(now?.attempts.at(-1)).toMatchObject({ status: null, error: expect.stringContaining("rotate it") });
  // Rotated it is sent.
  await person.call("POST", `${path}/rotate`);
  await due(delivery);
  await tried(delivery, 200);
});

test("an endpoint that is gone or failed for five days is disabled with its reason, and sleeps until it is enabled", async () => {
  const person = await newPerson(edge.url);
  const { path } = await make(person);
  const state = async () =>
    webhookListSchema.parse(await (await person.call("GET", "/v1/webhooks")).json()).items[0];
  const sendTest = async () =>
    queuedDeliverySchema.parse(await (await person.call("POST", `${path}/test`)).json()).deliveryId;
  const waiting = await sendTest();
  await tried(await sendTest(), 410);
  expect(await state()).toMatchObject({ enabled: false, disabledReason: "gone" });
  expect(await claim(waiting)).toEqual({ outcome: "none" });
  for (const act of ["test", `deliveries/${waiting}/redeliver`])
    expect(await problemOf(await person.call("POST", `${path}/${act}`))).toMatchObject({
      code: "webhook.disabled",
    });
  // What happens meanwhile is not told.
  await person.ticket(1_000);
  const enabled = await person.call("PATCH", path, { enabled: true });
  expect(await enabled.json()).toMatchObject({ enabled: true, disabledReason: null });
  expect((await deliveries(person, path)).map(({ type }) => type)).toEqual(["webhook.test", "webhook.test"]);
  await tried(waiting, 500);
  const age = (days: number) =>
    edge.sql.query(
      `UPDATE webhooks SET failing_since = now() - interval '${days} days' WHERE owner_id = $1`,
      [person.user.id],
    );
  await age(4);
  await due(waiting);
  await tried(waiting, 500);
  expect(await state()).toMatchObject({ enabled: true });
  await age(6);
  await tried(await sendTest(), 200);
  await due(waiting);
  await tried(waiting, 500);
  expect(await state(), "a success in between counts").toMatchObject({ enabled: true });
  await age(6);
  await due(waiting);
  await tried(waiting, null);
  expect(await state()).toMatchObject({ enabled: false, disabledReason: "failing" });

  // A disabled account's webhooks sleep; a deleted account's are gone.
  await person.call("PATCH", path, { enabled: true });
  await due(waiting);
  await edge.sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [person.user.id]);
  expect(await claim(waiting)).toEqual({ outcome: "none" });
  await edge.sql.query("UPDATE users SET disabled_at = NULL WHERE id = $1", [person.user.id]);
  expect((await claim(waiting)).outcome).toBe("leased");
});

test("what the old address answers says nothing of the new one, which is sent to again", async () => {
  const person = await newPerson(edge.url);
  const { path } = await make(person);
  const answer = await person.call("POST", `${path}/test`);
  const { deliveryId } = queuedDeliverySchema.parse(await answer.json());
  const { lease } = await leased(deliveryId);
  await person.call("PATCH", path, { url: "https://new.example.org/hooks" });
  await report(deliveryId, lease, 410);
  const { items } = webhookListSchema.parse(await (await person.call("GET", "/v1/webhooks")).json());
  expect(items).toMatchObject([
    { enabled: true, disabledReason: null, url: "https://new.example.org/hooks" },
  ]);
  await due(deliveryId);
  expect((await leased(deliveryId)).url).toBe("https://new.example.org/hooks");
});

test("a rotated secret signs beside the one before for a day", async () => {
  const person = await newPerson(edge.url);
  const { path, secret, webhook } = await make(person);
  const rotated = z
    .object({ secret: z.string() })
    .parse(await (await person.call("POST", `${path}/rotate`)).json());
  expect(rotated.secret).not.toBe(secret);
  const { deliveryId } = queuedDeliverySchema.parse(await (await person.call("POST", `${path}/test`)).json());
  const { headers, body, lease } = await leased(deliveryId);
  for (const each of [secret, rotated.secret])
    expect(new Webhook(each).verify(body, headers)).toMatchObject({ type: "webhook.test" });
  await edge.sql.query("UPDATE webhooks SET old_secret_until = now() WHERE id = $1", [webhook.id]);
  await report(deliveryId, lease, 500);
  await due(deliveryId);
  const later = await leased(deliveryId);
  expect(() => new Webhook(secret).verify(later.body, later.headers)).toThrow();
  expect(later.body).toBe(body);
  const { rows } = await edge.sql.query("SELECT * FROM webhooks WHERE id = $1", [webhook.id]);
  for (const each of [secret, rotated.secret])
    expect(JSON.stringify(rows)).not.toContain(each.slice("whsec_".length));
  const audit = await edge.sql.query("SELECT action FROM audit WHERE target_id = $1 ORDER BY id", [
    webhook.id,
  ]);
  expect(audit.rows.map(({ action }) => action)).toEqual(["webhook.created", "webhook.rotated"]);
});

test("a deletion that is undone is never told, one that is not when it is final", async () => {
  const person = await newPerson(edge.url);
  const { path } = await make(person, { events: ["video.deleted"] });
  const [kept, gone] = [(await person.ticket(1_000)).video.id, (await person.ticket(1_000)).video.id];
  for (const id of [kept, gone]) await person.call("DELETE", `/v1/videos/${id}?undo=3600`);
  const all = await deliveries(person, path);
  expect(all).toHaveLength(2);
  // Sending it again sends nothing early: it could not be taken back.
  for (const { id } of all) await person.call("POST", `${path}/deliveries/${id}/redeliver`);
  for (const { id } of all) expect(await claim(id)).toEqual({ outcome: "none" });
  expect((await person.call("POST", `/v1/videos/${kept}/restore`)).status).toBe(200);
  const [left] = await deliveries(person, path);
  expect(await deliveries(person, path)).toHaveLength(1);
  await due(left?.id ?? "");
  const { body } = await leased(left?.id ?? "");
  expect(JSON.parse(body)).toMatchObject({ type: "video.deleted", data: { id: gone } });
});

test("what cannot be made, and what belongs to others, is refused", async () => {
  const [person, other] = [await newPerson(edge.url), await newPerson(edge.url)];
  const refused = async (url: string) => problemOf(await person.call("POST", "/v1/webhooks", { url }));
  for (const url of [
    "http://example.org/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://[::ffff:10.0.0.1]/",
    "https://localhost/",
    "ftp://example.org/",
    "gopher://example.org",
    "file:///etc/passwd",
  ])
    expect(await refused(url), url).toMatchObject({ status: 422, code: "webhook.address_refused" });
  for (const url of ["nonsense", "https://example.org/\0"])
    expect(await refused(url), url).toMatchObject({ status: 422, code: "request.invalid" });
  for (const body of [
    { url: URL_OF, events: [] },
    { url: URL_OF, events: ["task.started"] },
    { url: URL_OF, secret: "mine" },
  ])
    expect(await problemOf(await person.call("POST", "/v1/webhooks", body))).toMatchObject({
      code: "request.invalid",
    });
  const { path } = await make(person);
  expect(await problemOf(await person.call("PATCH", path, { url: "https://10.0.0.1/" }))).toMatchObject({
    code: "webhook.address_refused",
  });
  const { deliveryId } = queuedDeliverySchema.parse(await (await person.call("POST", `${path}/test`)).json());
  const acts: [string, string, unknown?][] = [
    ["GET", ""],
    ["PATCH", "", { enabled: false }],
    ["DELETE", ""],
    ["POST", "/rotate"],
    ["POST", "/test"],
    ["GET", "/deliveries"],
    ["POST", `/deliveries/${deliveryId}/redeliver`],
  ];
  // The second is no id at all: PostgreSQL refuses a NUL.
  for (const address of [path, "/v1/webhooks/%00"])
    for (const [method, rest, body] of acts)
      expect(await problemOf(await other.call(method, address + rest, body)), method + rest).toMatchObject({
        status: 404,
        code: "webhook.not_found",
      });
  const others = await make(other);
  expect(
    await problemOf(await other.call("POST", `${others.path}/deliveries/${deliveryId}/redeliver`)),
  ).toMatchObject({ code: "webhook.delivery_not_found" });
  const key = await newKey(edge, person.user.id, ["videos:read", "videos:write"]);
  const byKey = await fetch(`${edge.url}/v1/webhooks`, { headers: { authorization: `Bearer ${key}` } });
  expect(await problemOf(byKey)).toMatchObject({ code: "auth.scope_missing" });

  await edge.sql.query(
    `INSERT INTO webhooks (id, owner_id, url, secret_sealed) SELECT $1 || n, $1, 'https://example.org', '' FROM generate_series(1, $2::int) AS n`,
    [person.user.id, MAX_WEBHOOKS - 1],
  );
  expect(await problemOf(await person.call("POST", "/v1/webhooks", { url: URL_OF }))).toMatchObject({
    code: "webhook.too_many",
  });
  expect((await person.call("DELETE", path)).status).toBe(204);
  expect(await claim(deliveryId)).toEqual({ outcome: "none" });
  const password = { password: "correct horse battery" };
  expect((await person.call("POST", "/v1/me/delete", password)).status).toBe(204);
  const { rows } = await edge.sql.query("SELECT 1 FROM webhooks WHERE owner_id = $1", [person.user.id]);
  expect(rows).toEqual([]);
});
