/** Upload links: what whoever has one may do, within which limits, and how soon it ends. */

import { linkedTicketSchema } from "@storagex/contract/uploads/upload";
import { uploadLinkPageSchema } from "@storagex/contract/uploads/upload-links";
import { playbackSchema } from "@storagex/contract/videos/playback";
import { expect, test } from "vitest";
import { MAX_LINK_TICKETS } from "../src/uploads/limit.ts";
import { earlyInWindow, problemOf } from "./support/client.ts";
import { newKey } from "./support/direct-rows.ts";
import { eventually } from "./support/eventually.ts";
import {
  begin,
  codeOf,
  complete,
  encode,
  FILE,
  listed,
  newLink,
  OWNERS,
  putPart,
  send,
  shown,
  ticketBy,
  usedOf,
} from "./support/linked-uploads.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";

usePipeline();

test("a stranger uploads by a link, watches that video alone, and its owner has it as the link says", async () => {
  const link = await newLink(ann, {
    title: "Wedding, by a guest",
    tags: ["wedding"],
    externalId: "guest-7",
    metadata: { table: "4" },
    maxBytes: 5_000,
  });
  expect(link).toMatchObject({ maxUploads: 1, used: 0, maxBytes: 5_000 });
  expect(link.token).toMatch(/^sxu_[0-9A-Za-z]{32}$/);
  expect(link.url).toBe(`${edge.url}/u/${link.token}`);
  expect(Date.parse(link.expiresAt) - Date.parse(link.createdAt)).toBe(86_400_000);
  const { rows } = await edge.sql.query("SELECT * FROM upload_links WHERE id = $1", [link.id]);
  expect(JSON.stringify(rows)).not.toContain(link.token);
  expect(await shown(link)).toEqual({
    state: "open",
    expiresAt: link.expiresAt,
    uploadsLeft: 1,
    maxBytes: 5_000,
    title: "Wedding, by a guest",
  });

  const answer = await begin(link, { title: "My own title" });
  expect(answer.status).toBe(201);
  const body: unknown = await answer.json();
  const ticket = linkedTicketSchema.parse(body);
  for (const field of OWNERS) expect(body).not.toHaveProperty(["video", field]);
  const { video, token } = ticket;
  const path = `/v1/videos/${video.id}`;
  await putPart(ticket);
  const parts = await send(token, "GET", `${path}/upload/parts`);
  expect(await parts.json()).toMatchObject({ parts: [{ partNumber: 1, size: 1_000 }] });
  const more = await send(token, "POST", `${path}/upload/parts`, { partNumbers: [1] });
  expect(more.status).toBe(200);
  expect((await send(token, "POST", `${path}/upload/stored`, {})).status).toBe(200);
  const done = await complete(ticket);
  expect(done.status).toBe(200);
  const queued: unknown = await done.json();
  expect(queued).toMatchObject({
    id: video.id,
    status: "queued",
    title: "Wedding, by a guest",
    origin: "link",
  });
  for (const field of OWNERS) expect(queued).not.toHaveProperty(field);

  await encode(video.id);
  const read = await send(token, "GET", path);
  const seen: unknown = await read.json();
  expect(seen).toMatchObject({ status: "completed" });
  for (const field of OWNERS) expect(seen).not.toHaveProperty(field);
  const again = await send(token, "GET", path, undefined, {
    "if-none-match": read.headers.get("etag") ?? "",
  });
  expect(again.status).toBe(304);
  const playback = playbackSchema.parse(await (await send(token, "GET", `${path}/playback`)).json());
  const list = new URL("720p.m3u8", playback.hls ?? "").href;
  expect((await fetch(list)).status).toBe(200);

  expect(await ann.video(video.id)).toMatchObject({
    title: "Wedding, by a guest",
    tags: ["wedding"],
    externalId: "guest-7",
    metadata: { table: "4" },
    origin: "link",
  });
  expect(await usedOf(ann, link)).toBe(1);
  expect(await codeOf(begin(link))).toBe("upload_link.used_up");
  expect(await shown(link)).toMatchObject({ state: "used_up", uploadsLeft: 0 });

  // Another's video, another act, and the link for what its video's token is for.
  const others = await ann.uploaded();
  for (const rest of ["", "/playback", "/upload/parts"])
    expect(await codeOf(send(token, "GET", `/v1/videos/${others}${rest}`)), rest).toBe("video.not_found");
  const forbidden: [string, string, string, unknown?][] = [
    [token, "POST", "/v1/videos", FILE],
    [token, "PATCH", path, { title: "Mine" }],
    [token, "DELETE", path],
    [token, "GET", `${path}/source`],
    [token, "GET", "/v1/videos"],
    [link.token, "GET", path],
    [link.token, "GET", "/v1/upload-links"],
    [link.token, "POST", "/v1/upload-links", {}],
    [link.token, "POST", "/v1/videos/import", { url: "https://example.org/a.mp4" }],
    [link.token, "GET", "/v1/me"],
  ];
  for (const [by, method, address, sent] of forbidden)
    expect(await codeOf(send(by, method, address, sent)), `${method} ${address}`).toBe(
      "upload_link.not_allowed",
    );

  // Revoked, everything by it ends within 5 s, and what was uploaded stays its owner's.
  expect((await ann.call("DELETE", `/v1/upload-links/${link.id}`)).status).toBe(204);
  expect(await codeOf(begin(link))).toBe("auth.token_invalid");
  expect(await codeOf(send(token, "GET", path))).toBe("auth.token_invalid");
  await expect.poll(async () => (await fetch(list)).status, { timeout: 5_000 }).toBe(403);
  expect(await shown(link)).toMatchObject({ state: "revoked" });
  expect(await listed(ann)).toEqual([]);
  expect((await ann.video(video.id)).status).toBe("completed");
});

test("the last use goes to one of many at once; what is aborted or expires gives it back", async () => {
  const link = await newLink(ann, { maxUploads: 2 });
  const first = await ticketBy(link);
  const racing = await Promise.all(Array.from({ length: 8 }, () => begin(link)));
  expect(racing.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const answer of racing.filter(({ status }) => status !== 201))
    expect(await problemOf(answer)).toMatchObject({ status: 403, code: "upload_link.used_up" });
  expect(await usedOf(ann, link)).toBe(2);

  const abort = await send(first.token, "DELETE", `/v1/videos/${first.video.id}/upload`);
  expect(abort.status).toBe(204);
  expect(await usedOf(ann, link)).toBe(1);
  const second = await ticketBy(link);
  await edge.sql.query("UPDATE videos SET ticket_expires_at = now() - interval '1 minute' WHERE id = $1", [
    second.video.id,
  ]);
  await sweepNow(edge);
  expect(await usedOf(ann, link)).toBe(1);

  // Where the account itself has no room, the link is not used.
  await edge.sql.query("UPDATE users SET quota_bytes = 1 WHERE id = $1", [ann.user.id]);
  expect(await codeOf(begin(link))).toBe("upload.quota_exceeded");
  await edge.sql.query("UPDATE users SET quota_bytes = NULL WHERE id = $1", [ann.user.id]);
  expect(await usedOf(ann, link)).toBe(1);

  // Complete, and deleted by its owner: it was used all the same.
  const third = await ticketBy(link);
  await putPart(third);
  expect((await complete(third)).status).toBe(200);
  expect((await ann.call("DELETE", `/v1/videos/${third.video.id}`)).status).toBe(204);
  expect(await codeOf(send(third.token, "GET", `/v1/videos/${third.video.id}`))).toBe("video.not_found");
  expect(await usedOf(ann, link)).toBe(2);
});

test("five uploads by a link are on their way at most, also of many at once", async () => {
  const link = await newLink(ann, { maxUploads: 100 });
  const answers = await Promise.all(Array.from({ length: 12 }, () => begin(link)));
  const made = answers.filter(({ status }) => status === 201);
  expect(made).toHaveLength(5);
  const refused = answers.find(({ status }) => status !== 201);
  expect(await refused?.json()).toMatchObject({
    code: "upload_link.used_up",
    detail: expect.stringContaining("only 5 uploads at a time"),
  });
  expect(await shown(link)).toMatchObject({ state: "busy", uploadsLeft: 95 });
  const one = linkedTicketSchema.parse(await made[0]?.json());
  await putPart(one);
  expect((await complete(one)).status).toBe(200);
  expect((await begin(link)).status).toBe(201);
});

test("an upload waits for its owner's account before its link, as the account's deletion locks them", async () => {
  const link = await newLink(ann);
  const client = await edge.sql.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", [ann.user.id]);
    const begun = begin(link);
    await eventually(async () => {
      const { rows } = await edge.sql.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND (query LIKE '%FOR NO KEY UPDATE%' OR query LIKE '%reserved_bytes%')`,
      );
      expect(rows).toHaveLength(1);
    });
    const locked = await client.query("SELECT 1 FROM upload_links WHERE id = $1 FOR UPDATE NOWAIT", [
      link.id,
    ]);
    expect(locked.rowCount).toBe(1);
    await client.query("COMMIT");
    expect((await begun).status).toBe(201);
  } finally {
    client.release(true);
  }
});

test("an upload that was begun in time ends after its link has expired; no other begins", async () => {
  const link = await newLink(ann, { maxUploads: 5, expiresIn: 60 });
  const ticket = await ticketBy(link);
  await edge.sql.query("UPDATE upload_links SET expires_at = now() WHERE id = $1", [link.id]);
  expect(await problemOf(await begin(link))).toMatchObject({ status: 403, code: "upload_link.expired" });
  expect(await shown(link)).toMatchObject({ state: "expired" });
  await putPart(ticket);
  expect((await complete(ticket)).status).toBe(200);
  // It is listed for a month.
  await sweepNow(edge);
  expect(await usedOf(ann, link)).toBe(1);
  await edge.sql.query("UPDATE upload_links SET expires_at = now() - interval '31 days' WHERE id = $1", [
    link.id,
  ]);
  await sweepNow(edge);
  expect(await listed(ann)).toEqual([]);
  expect(await codeOf(fetch(`${edge.url}/v1/linked/${link.token}`))).toBe("upload_link.not_found");
});

test("what a link does not allow is refused by field, and uses nothing", async () => {
  const link = await newLink(ann, { maxBytes: 1_000 });
  for (const [more, path] of [
    [{ size: 1_001 }, "size"],
    [{ size: 0 }, "size"],
    [{ tags: ["mine"] }, "tags"],
    [{ description: "x" }, "description"],
    [{ externalId: "mine" }, "externalId"],
    [{ metadata: {} }, "metadata"],
    [{ visibility: "public" }, "visibility"],
    [{ profile: { quality: "fast", av1: false } }, "profile"],
  ] as const)
    expect(await problemOf(await begin(link, more)), path).toMatchObject({
      status: 422,
      code: "request.invalid",
      errors: [path],
    });
  expect(await usedOf(ann, link)).toBe(0);
  for (const [body, path] of [
    [{ expiresIn: 59 }, "expiresIn"],
    [{ expiresIn: 604_801 }, "expiresIn"],
    [{ maxUploads: 0 }, "maxUploads"],
    [{ maxUploads: 1_001 }, "maxUploads"],
    [{ maxUploads: 2, externalId: "x" }, "externalId"],
    [{ title: "\u202e\u0000" }, "title"],
    [{ visibility: "public" }, "visibility"],
  ] as const)
    expect(await problemOf(await ann.call("POST", "/v1/upload-links", body)), path).toMatchObject({
      code: "request.invalid",
      errors: [path],
    });
  await ann.ticket(10, { externalId: "taken" });
  expect(await codeOf(ann.call("POST", "/v1/upload-links", { externalId: "taken" }))).toBe(
    "video.external_id_taken",
  );
});

test("an owner does not send parts for whoever uploads, and ends it by deleting the video", async () => {
  const link = await newLink(ann);
  const ticket = await ticketBy(link);
  const path = `/v1/videos/${ticket.video.id}`;
  for (const [method, rest, body] of [
    ["POST", "/upload/parts", { partNumbers: [1] }],
    ["GET", "/upload/parts", undefined],
    ["POST", "/upload/stored", {}],
    ["POST", "/complete", {}],
  ] as const)
    expect(await problemOf(await ann.call(method, path + rest, body)), rest).toMatchObject({
      status: 409,
      code: "upload_link.no_parts",
    });
  expect((await ann.call("DELETE", path)).status).toBe(204);
  expect(await codeOf(send(ticket.token, "POST", `${path}/complete`, {}))).toBe("auth.token_invalid");
  expect(await usedOf(ann, link)).toBe(0);
});

test("the same call with its idempotency key makes one ticket, and one link", async () => {
  const header = { "idempotency-key": "once" };
  const link = await newLink(ann);
  const first = linkedTicketSchema.parse(await (await begin(link, {}, header)).json());
  // The one use is this ticket's: its uploader, whose answer was lost, goes on all the same.
  const again = await begin(link, {}, header);
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
  const second = linkedTicketSchema.parse(await again.json());
  expect([second.video.id, second.token]).toEqual([first.video.id, first.token]);
  expect(second.upload.parts).toHaveLength(1);
  expect(await codeOf(begin(link, { size: 2 }, header))).toBe("request.idempotency_reused");
  expect(await codeOf(begin(link))).toBe("upload_link.used_up");

  const make = () => send(ann.accessToken, "POST", "/v1/upload-links", { maxUploads: 3 }, header);
  const [made, same] = [await (await make()).json(), await (await make()).json()];
  expect(same).toEqual(made);
  expect(await listed(ann)).toHaveLength(2);
});

test("links are their owner's, by pages; keys need their scope; disabled or deleted, an account has none", async () => {
  const links = [await newLink(ann), await newLink(ann), await newLink(ann)];
  const ben = await edge.person();
  for (const id of [links[0]?.id ?? "", "none", "%00"])
    expect(await codeOf(ben.call("DELETE", `/v1/upload-links/${id}`))).toBe("upload_link.not_found");
  const page = async (query: string) =>
    uploadLinkPageSchema.parse(await (await ann.call("GET", `/v1/upload-links?${query}`)).json());
  const first = await page("limit=2");
  const rest = await page(`limit=2&cursor=${first.nextCursor}`);
  expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(links.map(({ id }) => id).reverse());
  expect(rest.nextCursor).toBeNull();
  expect(await codeOf(ben.call("GET", `/v1/upload-links?cursor=${first.nextCursor}`))).toBe(
    "request.invalid",
  );

  const reader = await newKey(edge, ann.user.id, ["videos:read"]);
  expect(await codeOf(send(reader, "GET", "/v1/upload-links"))).toBe("auth.scope_missing");
  const writer = await newKey(edge, ann.user.id, ["videos:write"]);
  expect((await send(writer, "POST", "/v1/upload-links", {})).status).toBe(201);

  const [link] = links;
  if (!link) throw new Error("there is no link");
  const ticket = await ticketBy(link);
  await edge.sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [ann.user.id]);
  expect(await codeOf(begin(link))).toBe("auth.token_invalid");
  expect(await codeOf(send(ticket.token, "GET", `/v1/videos/${ticket.video.id}`))).toBe("auth.token_invalid");
  expect(await codeOf(fetch(`${edge.url}/v1/linked/${link.token}`))).toBe("upload_link.not_found");
  await edge.sql.query("UPDATE users SET disabled_at = NULL WHERE id = $1", [ann.user.id]);
  const admin = await edge.person();
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [admin.user.id]);
  expect((await admin.call("DELETE", `/v1/admin/users/${ann.user.id}`)).status).toBe(204);
  expect(await codeOf(begin(link))).toBe("auth.token_invalid");
  const { rows } = await edge.sql.query("SELECT 1 FROM upload_links WHERE owner_id = $1", [ann.user.id]);
  expect(rows).toEqual([]);
});

test("who begins again and again by a link stops that link, and not its owner", async () => {
  await earlyInWindow();
  const link = await newLink(ann);
  const ticket = await ticketBy(link);
  expect((await send(ticket.token, "DELETE", `/v1/videos/${ticket.video.id}/upload`)).status).toBe(204);
  await edge.sql.query("UPDATE attempts SET count = $2 WHERE subject = $1", [
    `tickets:link:${link.id}`,
    MAX_LINK_TICKETS,
  ]);
  expect(await problemOf(await begin(link))).toMatchObject({ status: 429, code: "upload.too_often" });
  const { rows } = await edge.sql.query("SELECT count FROM attempts WHERE subject = $1", [
    `tickets:${ann.user.id}`,
  ]);
  expect(rows).toEqual([]);
  await ann.ticket(10);
});

test("an account has so many links that have not ended, also of two at once", async () => {
  await edge.sql.query(
    `INSERT INTO upload_links (id, owner_id, token_hash, token_sealed, max_uploads, expires_at)
      SELECT $1 || n, $1, $1 || n, '', 1, now() + interval '1 hour' FROM generate_series(1, 999) AS n`,
    [ann.user.id],
  );
  const both = await Promise.all([1, 2].map(() => ann.call("POST", "/v1/upload-links", {})));
  expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
});

test("forged and altered tokens are nobody's, and what the operator switches off is refused", async () => {
  const link = await newLink(ann, { maxUploads: 2 });
  const ticket = await ticketBy(link);
  const path = `/v1/videos/${ticket.video.id}`;
  const own = await ann.uploaded();
  const [, ends = "", tag = ""] = ticket.token.split(".");
  for (const forged of [
    `${ticket.token}x`,
    `sxv_${own}.${ends}.${tag}`,
    `sxv_${ticket.video.id}.zzzzzz.${tag}`,
    "sxv_",
    `sxv_${"x".repeat(5_000)}`,
  ])
    expect(await codeOf(send(forged, "GET", path)), forged.slice(0, 60)).toBe("auth.token_invalid");
  expect(await codeOf(send("sxu_x", "POST", "/v1/videos", FILE))).toBe("auth.token_invalid");
  try {
    await edge.restart({ STORAGEX_SHARING: "shares" });
    expect((await send(ticket.token, "GET", path)).status).toBe(200);
    await edge.restart({ STORAGEX_SHARING: "off" });
    for (const answer of [
      await ann.call("POST", "/v1/upload-links", {}),
      await begin(link),
      await send(ticket.token, "GET", path),
      await send(ticket.token, "POST", `${path}/complete`, {}),
      await fetch(`${edge.url}/v1/linked/${link.token}`),
    ])
      expect(await problemOf(answer)).toMatchObject({ status: 403, code: "sharing.not_allowed" });
    // They are seen and revoked all the same.
    expect(await listed(ann)).toHaveLength(1);
    expect((await ann.call("DELETE", `/v1/upload-links/${link.id}`)).status).toBe(204);
  } finally {
    await edge.restart();
  }
});

test("a link's token makes no body of a video's size parsed: four fields need less", async () => {
  const link = await newLink(ann);
  const body = JSON.stringify(FILE) + " ".repeat(200 * 1024);
  const sent = (token: string) =>
    fetch(`${edge.url}/v1/videos`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
    });
  expect(await problemOf(await sent(link.token))).toMatchObject({ status: 413, code: "request.too_large" });
  expect((await sent(ann.accessToken)).status).toBe(201);
});
