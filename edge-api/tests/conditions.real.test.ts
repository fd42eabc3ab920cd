/**
 * Conditional requests: two users who change the same video do not overwrite each other's change, and who asks
 * again for what is unchanged gets no body.
 */
import { expect, test } from "vitest";
import { newKey, newSigned, newVideo } from "./support/direct-rows.ts";
import { eventually } from "./support/eventually.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";

usePipeline();

const edit = (method: "PATCH" | "DELETE", id: string, ifMatch: string, body?: object) =>
  fetch(`${edge.url}/v1/videos/${id}`, {
    method,
    headers: {
      authorization: `Bearer ${ann.accessToken}`,
      "if-match": ifMatch,
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });

const codeOf = async (answer: Response) => (await answer.json()) as { code?: string; revision?: number };

test("of two who rename at once from the same revision one is told that it changed meanwhile", async () => {
  const id = await ann.uploaded();
  const { revision } = await ann.video(id);
  const answers = await Promise.all(
    ["one", "two", "three"].map((title) => edit("PATCH", id, `"${revision}"`, { title })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  for (const answer of answers) {
    const { code, revision: now } = await codeOf(answer);
    if (answer.status === 412) expect(code).toBe("request.changed_meanwhile");
    else expect(now).toBe(revision + 1);
  }
  expect((await ann.video(id)).revision).toBe(revision + 1);
  const { rows } = await edge.sql.query(
    "SELECT data FROM events WHERE video_id = $1 AND type = 'video.updated' ORDER BY id",
    [id],
  );
  expect(rows).toEqual([{ data: { revision: revision + 1 } }]);
});

test("weak tags, longer tags and lists are taken; what names no revision matches none", async () => {
  const id = await ann.uploaded();
  let { revision } = await ann.video(id);
  for (const tag of [`W/"${revision}"`, `"${revision + 1}-a1b2"`, `"99", "${revision + 2}"`, "*"]) {
    expect((await edit("PATCH", id, tag, { title: tag })).status, tag).toBe(200);
    revision += 1;
    // The longer tags name the revision that the next edit will find.
  }
  for (const tag of [`"${revision}0"`, '"x"', String(revision)])
    expect((await edit("PATCH", id, tag, { title: "no" })).status, tag).toBe(412);
  expect((await ann.video(id)).title).toBe("*");
});

test("a deletion heeds it, and what is not there is a 404 whatever it says", async () => {
  const id = await ann.uploaded();
  await ann.call("PATCH", `/v1/videos/${id}`, { title: "changed" });
  const refused = await edit("DELETE", id, '"0"');
  expect([refused.status, (await codeOf(refused)).code]).toEqual([412, "request.changed_meanwhile"]);
  expect((await edit("DELETE", id, '"1"')).status).toBe(204);
  expect((await edit("DELETE", id, '"1"')).status).toBe(404);
  expect((await edit("PATCH", id, '"1"', { title: "gone" })).status).toBe(404);
});

test("captions count as edits; work on the video does not", async () => {
  const id = await ann.uploaded();
  const revisionNow = async () => (await ann.video(id)).revision;
  expect(await revisionNow()).toBe(0);
  const captions = { language: "en", label: "English", content: "1\n00:00:01,000 --> 00:00:02,000\nHello\n" };
  const added = await ann.call("POST", `/v1/videos/${id}/captions`, captions);
  expect(await revisionNow()).toBe(1);
  const track = (await added.json()) as { id: string };
  expect((await ann.call("DELETE", `/v1/videos/${id}/captions/${track.id}`)).status).toBe(204);
  expect(await revisionNow()).toBe(2);
  const { seq } = await ann.video(id);
  await edge.worker.claim((await edge.task(id, "plan")).id);
  await eventually(async () => {
    const now = await ann.video(id);
    expect(now.seq).toBeGreaterThan(seq);
    expect(now.revision).toBe(2);
  });
});

test("a ticket keeps the part size that it was made with", async () => {
  const MIB = 1024 * 1024;
  const { video, upload } = await ann.ticket(16 * MIB + 5);
  expect([upload.partSize, upload.partCount]).toEqual([8 * MIB, 3]);
  const stored = async () => {
    const answer = await ann.call("GET", `/v1/videos/${video.id}/upload/parts`);
    return (await answer.json()) as { partSize: number; parts: { partNumber: number; size: number }[] };
  };
  expect(await stored()).toEqual({ partSize: 8 * MIB, partCount: 3, parts: [] });
  // As if the ticket had used another part size.
  await edge.sql.query("UPDATE videos SET part_size = $2 WHERE id = $1", [video.id, 6 * MIB]);
  expect((await stored()).partSize).toBe(6 * MIB);
  const asked = await ann.call("POST", `/v1/videos/${video.id}/upload/parts`, { partNumbers: [1, 2, 3] });
  const { parts } = (await asked.json()) as { parts: { partNumber: number; url: string }[] };
  const lengths = [6 * MIB, 6 * MIB, 4 * MIB + 5];
  for (const { partNumber, url } of parts) {
    const body = new Uint8Array(lengths[partNumber - 1] ?? 0);
    expect((await fetch(url, { method: "PUT", body })).status).toBe(200);
  }
  expect((await stored()).parts.map(({ size }) => size)).toEqual(lengths);
  const beyond = await ann.call("POST", `/v1/videos/${video.id}/upload/parts`, { partNumbers: [4] });
  expect(beyond.status).toBe(422);
  expect((await ann.call("POST", `/v1/videos/${video.id}/complete`, {})).status).toBe(200);
  // A row of an earlier release has no part size: its ticket used the one for its size.
  const old = await ann.ticket(10);
  await edge.sql.query("UPDATE videos SET part_size = NULL WHERE id = $1", [old.video.id]);
  const answer = await ann.call("GET", `/v1/videos/${old.video.id}/upload/parts`);
  expect(await answer.json()).toEqual({ partSize: 16 * MIB, partCount: 1, parts: [] });
});

test("a video, a list, playback and statistics are not sent twice to who names their tag", async () => {
  const id = await edge.completed(ann);
  const get = (path: string, tag = "") =>
    fetch(`${edge.url}${path}`, {
      headers: { authorization: `Bearer ${ann.accessToken}`, ...(tag && { "if-none-match": tag }) },
    });
  const paths = ["", "/playback", "/statistics"].map((part) => `/v1/videos/${id}${part}`);
  const tags = new Map<string, string>();
  for (const path of [...paths, "/v1/videos"]) {
    // Between the two the window of the signed URLs may end.
    await eventually(async () => {
      const tag = (await get(path)).headers.get("etag") ?? "";
      tags.set(path, tag);
      const again = await get(path, `"other", W/${tag}`);
      expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", tag]);
    });
  }
  const [detail = ""] = paths;
  const own = tags.get(detail) ?? "";
  expect((await edit("PATCH", id, own, { title: "changed" })).status).toBe(200);
  for (const path of [detail, "/v1/videos"]) expect((await get(path, tags.get(path))).status).toBe(200);
  expect((await edit("PATCH", id, own, { title: "changed again" })).status).toBe(412);
});

test("many who read at the same time get each what is theirs, also while one of them loses it", async () => {
  const [ann, ben, admin, ended] = await Promise.all([
    newSigned(edge),
    newSigned(edge),
    newSigned(edge, "admin"),
    newSigned(edge),
  ]);
  const [annKey, adminKey] = [
    await newKey(edge, ann.userId, ["videos:read"]),
    await newKey(edge, admin.userId, ["videos:read"]),
  ];
  const [annVideo, benVideo] = [await newVideo(edge, ann.userId), await newVideo(edge, ben.userId)];
  const callers = {
    ann: ann.accessToken,
    ben: ben.accessToken,
    admin: admin.accessToken,
    ended: ended.accessToken,
    annKey,
    adminKey,
  };
  const get = async (caller: keyof typeof callers, path: string) => {
    const headers = { authorization: `Bearer ${callers[caller]}` };
    const answer = await fetch(`${edge.url}${path}`, { headers });
    const { id, items = [] } = (await answer.json()) as { id?: string; items?: { id: string }[] };
    return `${caller} ${path}: ${answer.status}${answer.ok ? ` ${id ?? items.map((item) => item.id)}` : ""}`;
  };
  const [me, list, annPath, benPath] = [
    "/v1/me",
    "/v1/videos?limit=3",
    `/v1/videos/${annVideo}`,
    `/v1/videos/${benVideo}`,
  ];
  const expected = [
    `ann ${me}: 200 ${ann.userId}`,
    `ben ${me}: 200 ${ben.userId}`,
    `admin ${me}: 200 ${admin.userId}`,
    `ended ${me}: 401`,
    `annKey ${me}: 200 ${ann.userId}`,
    `ann ${list}: 200 ${annVideo}`,
    `ben ${list}: 200 ${benVideo}`,
    `admin ${list}: 200 `,
    `annKey ${list}: 200 ${annVideo}`,
    `ann ${annPath}: 200 ${annVideo}`,
    `ann ${benPath}: 404`,
    `ann ${annPath}/playback: 409`,
    `ann ${benPath}/playback: 404`,
    `ben ${annPath}: 404`,
    `ben ${benPath}: 200 ${benVideo}`,
    `admin ${annPath}: 200 ${annVideo}`,
    `annKey ${annPath}: 200 ${annVideo}`,
    `annKey ${benPath}: 404`,
    `adminKey ${annPath}: 404`,
    `ended ${annPath}: 401`,
  ];
  const readAll = () =>
    Promise.all(
      expected.map((line) => {
        const [caller = "", path = ""] = line.split(/[ :]/);
        return get(caller as keyof typeof callers, path);
      }),
    );
  await edge.sql.query("UPDATE sessions SET ended_at = now() WHERE id = $1", [ended.sessionId]);
  for (let round = 0; round < 6; round += 1)
    expect((await Promise.all([readAll(), readAll(), readAll()])).flat()).toEqual(
      [expected, expected, expected].flat(),
    );
  await edge.sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [ben.userId]);
  expect(await readAll()).toEqual(
    expected.map((line) => (line.startsWith("ben ") ? line.replace(/: .*/, ": 401") : line)),
  );
});
