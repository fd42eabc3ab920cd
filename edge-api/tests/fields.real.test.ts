/** What owners write of their videos: description, tags, visibility, chapters. */
import { videoPageSchema } from "@storagex/contract/videos/video";
import { expect, test } from "vitest";
import { problemOf } from "./support/client.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";
import { planOf } from "./support/worker.ts";

usePipeline();

const FIELDS = {
  description: "Filmed at the lake.\nBy Ørsted",
  tags: ["holiday", "2026"],
  visibility: "public",
  chapters: [
    { start: 0, title: "Arrival" },
    { start: 62.5, title: "The lake" },
  ],
};

test("a ticket may hold them all, and what it leaves out is empty and private", async () => {
  const full = await ann.ticket(1, FIELDS);
  expect(full.video).toMatchObject({ ...FIELDS, publicDownload: false, origin: "upload", revision: 0 });
  expect(await ann.video(full.video.id)).toMatchObject(FIELDS);
  const { video } = await ann.ticket(1);
  expect(video).toMatchObject({ description: "", tags: [], visibility: "private", chapters: [] });
});

test("a change counts as one edit, leaves alone what it does not name, and is found by searches", async () => {
  const { video } = await ann.ticket(1, FIELDS);
  const address = `/v1/videos/${video.id}`;
  const answer = await ann.call("PATCH", address, { tags: [" a ", "b", "a"], publicDownload: true });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    ...FIELDS,
    tags: ["a", "b"],
    publicDownload: true,
    revision: 1,
  });
  await ann.call("PATCH", address, { description: "  one\r\ntwo zebras\u0000 " });
  expect((await ann.video(video.id)).description).toBe("one\ntwo zebras");
  for (const [q, count] of [
    ["zebra", 1],
    ["orsted", 0],
    ["holiday", 1],
    ["b", 1],
  ] as const) {
    const page = await ann.call("GET", `/v1/videos?q=${q}`);
    expect(videoPageSchema.parse(await page.json()).items, q).toHaveLength(count);
  }
});

test("lists leave out the long texts", async () => {
  await ann.ticket(1, FIELDS);
  const page = (await (await ann.call("GET", "/v1/videos")).json()) as { items: object[] };
  expect(page.items[0]).toMatchObject({ tags: FIELDS.tags, visibility: "public" });
  for (const field of ["description", "chapters", "metadata"])
    expect(page.items[0]).not.toHaveProperty(field);
});

test("an external id is the account's own: found by it, refused twice, free when its video is gone", async () => {
  const bob = await edge.person();
  const externalId = "order 1207 / ü";
  const { video } = await ann.ticket(1, { externalId });
  expect(video.externalId).toBe(externalId);
  const find = async (who: typeof ann) => {
    const page = await who.call("GET", `/v1/videos?${new URLSearchParams({ externalId })}`);
    return videoPageSchema.parse(await page.json()).items.map(({ id }) => id);
  };
  const none = await ann.call("GET", "/v1/videos?externalId=%00");
  expect(await none.json()).toMatchObject({ items: [] });
  await ann.ticket(1, { externalId: "another" });
  expect(await find(ann)).toEqual([video.id]);
  expect(await find(bob)).toEqual([]);
  await bob.ticket(1, { externalId });
  const ticket = { filename: "a.mp4", size: 1, contentType: "video/mp4", externalId };
  const taken = { status: 409, code: "video.external_id_taken" };
  expect(await problemOf(await ann.call("POST", "/v1/videos", ticket))).toMatchObject(taken);
  const other = (await ann.ticket(1)).video.id;
  expect(await problemOf(await ann.call("PATCH", `/v1/videos/${other}`, { externalId }))).toMatchObject(
    taken,
  );
  expect((await ann.call("DELETE", `/v1/videos/${video.id}?undo=60`)).status).toBe(204);
  expect((await ann.call("PATCH", `/v1/videos/${other}`, { externalId })).status).toBe(200);
  expect(await problemOf(await ann.call("POST", `/v1/videos/${video.id}/restore`))).toMatchObject(taken);
  expect((await ann.call("PATCH", `/v1/videos/${other}`, { externalId: null })).status).toBe(200);
  expect(await (await ann.call("POST", `/v1/videos/${video.id}/restore`)).json()).toMatchObject({
    externalId,
  });
});

test("pairs of metadata are merged, null removes one, and fifty are the most", async () => {
  const { video } = await ann.ticket(1, { metadata: { customer: "1207", room: "B" } });
  const address = `/v1/videos/${video.id}`;
  expect(video.metadata).toEqual({ customer: "1207", room: "B" });
  const changed = await ann.call("PATCH", address, { metadata: { room: null, seat: "7\n8", none: null } });
  expect(await changed.json()).toMatchObject({ metadata: { customer: "1207", seat: "7\n8" }, revision: 1 });
  const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, ""]));
  expect(await problemOf(await ann.call("PATCH", address, { metadata: pairs(49) }))).toMatchObject({
    status: 422,
    errors: ["metadata"],
  });
  expect((await ann.call("PATCH", address, { metadata: pairs(48) })).status).toBe(200);
  const { metadata } = await ann.video(video.id);
  expect(Object.keys(metadata)).toHaveLength(50);
});

const REFUSED: [change: object, path: string][] = [
  [{ description: "x".repeat(5_001) }, "description"],
  [{ tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, "tags"],
  [{ tags: ["x".repeat(51)] }, "tags.0"],
  [{ tags: ["a", "\u202e"] }, "tags.1"],
  [{ visibility: "hidden" }, "visibility"],
  [{ externalId: "x".repeat(201) }, "externalId"],
  [{ externalId: "a\u0000b" }, "externalId"],
  [{ metadata: { a: 1 } }, "metadata.a"],
  [{ metadata: { a: "\u0000" } }, "metadata.a"],
  [{ metadata: { ["k".repeat(41)]: "" } }, `metadata.${"k".repeat(41)}`],
  [
    {
      chapters: [
        { start: 5, title: "a" },
        { start: 5, title: "b" },
      ],
    },
    "chapters",
  ],
  [{ chapters: [{ start: 0, title: "\u200e" }] }, "chapters.0.title"],
  [{ chapters: Array.from({ length: 201 }, (_, start) => ({ start, title: "a" })) }, "chapters"],
];

test.each(REFUSED.map(([change, path]) => ({ path, change })))(
  "$path is refused by its name",
  async ({ path, change }) => {
    const { video } = await ann.ticket(1);
    for (const answer of [
      await ann.call("PATCH", `/v1/videos/${video.id}`, change),
      await ann.call("POST", "/v1/videos", { filename: "a.mp4", size: 1, ...change }),
    ]) {
      expect(answer.status).toBe(422);
      expect((await problemOf(answer)).errors).toContain(path);
    }
    expect((await ann.video(video.id)).revision).toBe(0);
  },
);

test("the largest fields that are allowed fit into a request", async () => {
  const fields = {
    description: "漢".repeat(5_000),
    tags: Array.from({ length: 20 }, (_, n) => `${n}`.padEnd(50, "漢")),
    chapters: Array.from({ length: 200 }, (_, start) => ({ start, title: "漢".repeat(300) })),
  };
  const { video } = await ann.ticket(1, fields);
  expect(video).toMatchObject(fields);
});

test("a video's chapters are the source's until somebody sets others, none among them", async () => {
  const plan = planOf(1);
  const chapters = [{ start: 1, title: "Of the file" }];
  const id = await edge.planned(ann, { ...plan, source: { ...plan.source, chapters } });
  expect((await ann.video(id)).chapters).toEqual(chapters);
  for (const own of [[{ start: 2, title: "Mine" }], []]) {
    await ann.call("PATCH", `/v1/videos/${id}`, { chapters: own });
    expect((await ann.video(id)).chapters).toEqual(own);
  }
});
