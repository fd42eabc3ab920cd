import type { Video, VideoDetail } from "@storagex/contract/videos/video";
import { expect, test } from "vitest";
import {
  isNew,
  lacksChunks,
  mergeIntoPages,
  newer,
  newerDetail,
  type Pages,
  removeFromPages,
} from "./merge.ts";

const video = (id: string, fields: Partial<Video> = {}): Video => ({
  id,
  ownerId: "me",
  title: `Title ${id}`,
  filename: `${id}.mp4`,
  size: 10,
  tags: [],
  visibility: "private",
  externalId: null,
  publicDownload: false,
  origin: "upload",
  import: null,
  status: "processing",
  progress: 0.1,
  uploaded: 1,
  queuePosition: null,
  playable: false,
  poster: null,
  error: null,
  duration: null,
  width: null,
  height: null,
  renditions: [],
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:10.000Z",
  completedAt: null,
  seq: 1,
  revision: 0,
  ...fields,
});
const list = (...pages: Video[][]): Pages<Video> => ({
  pages: pages.map((items, index) => ({ items, nextCursor: index < pages.length - 1 ? "more" : null })),
  pageParams: pages.map(() => null),
});
const ids = (pages: Pages<Video>) => pages.pages.map((page) => page.items.map(({ id }) => id));
const joins = (changed: Video) => changed;

test("a change goes where the video stands, on whichever page", () => {
  const merged = mergeIntoPages(list([video("b")], [video("a")]), video("a", { progress: 0.5 }), {}, joins);
  expect(ids(merged)).toEqual([["b"], ["a"]]);
  expect(merged.pages[1]?.items[0]?.progress).toBe(0.5);
});

test("an event that was overtaken changes nothing", () => {
  const now = video("a", { progress: 0.5, seq: 2 });
  expect(newer(now, video("a", { progress: 0.4 }))).toBe(now);
});

test("a poster that an event leaves out stays", () => {
  expect(newer(video("a", { poster: "https://s3.test/p" }), video("a")).poster).toBe("https://s3.test/p");
});

test("a video leaves a list whose filter it no longer fits", () => {
  const merged = mergeIntoPages(
    list([video("a")]),
    video("a", { status: "completed" }),
    { status: "processing" },
    joins,
  );
  expect(ids(merged)).toEqual([[]]);
});

test("a new video comes first, an old one that is not shown stays away", () => {
  const shown = list([video("a", { createdAt: "2026-01-02T00:00:00.000Z" })]);
  const fresh = video("n", { createdAt: "2026-01-03T00:00:00.000Z" });
  expect(ids(mergeIntoPages(shown, fresh, {}, joins))).toEqual([["n", "a"]]);
  expect(ids(mergeIntoPages(shown, video("old"), {}, joins))).toEqual([["a"]]);
});

test("somebody else's video joins no list of mine", () => {
  expect(ids(mergeIntoPages(list([]), video("x"), {}, () => undefined))).toEqual([[]]);
});

test("a search loses nothing and takes nothing by an event: only the API knows what it finds", () => {
  for (const q of ["cafe", "see café", "only in the description"]) {
    const found = list([video("x", { title: "CAFÉ am See", revision: 1 })]);
    const tagged = video("x", { title: "CAFÉ am See", tags: ["lake"], seq: 2, revision: 2 });
    const merged = mergeIntoPages(found, tagged, { q }, joins);
    expect(ids(merged)).toEqual([["x"]]);
    expect(merged.pages[0]?.items[0]?.tags).toEqual(["lake"]);
    expect(ids(mergeIntoPages(list([]), tagged, { q }, joins))).toEqual([[]]);
    expect(ids(mergeIntoPages(found, tagged, { q, status: "failed" }, joins))).toEqual([[]]);
  }
});

test("an order takes no new ones, nor does a tag that they have not", () => {
  expect(ids(mergeIntoPages(list([]), video("y"), { sort: "title" }, joins))).toEqual([[]]);
  expect(ids(mergeIntoPages(list([]), video("y"), { tags: ["sea"] }, joins))).toEqual([[]]);
});

test("a deleted video is gone from every page", () => {
  expect(ids(removeFromPages(list([video("b"), video("a")], [video("c")]), "a"))).toEqual([["b"], ["c"]]);
});

test("the page of one video takes processing when an event carries it, and keeps what it does not", () => {
  const source = { codec: "h264", frameRate: 25, bitDepth: 8, audio: [], audioTracks: [] };
  const processing = { chunks: [], playableTo: 4, speed: 2, secondsLeft: 9, retries: 0 };
  const detail: VideoDetail = {
    ...video("a"),
    description: "",
    metadata: {},
    chapters: [],
    views: 0,
    source,
    frameRate: 25,
    processing,
    quality: null,
    posters: [],
    posterIndex: 0,
    posterChange: null,
    captions: [],
    notes: [],
    profile: { quality: "fast", av1: false },
  };
  expect(newerDetail(detail, video("a", { progress: 0.2 })).processing).toEqual(processing);
  const change = { ...processing, playableTo: 8, chunkCount: 0 };
  const later = newerDetail(detail, { ...video("a"), processing: change });
  expect(later.processing?.playableTo).toBe(8);
  expect(later.source).toEqual(source);
  expect(
    newerDetail(detail, { ...video("a", { status: "completed" }), processing: null }).processing,
  ).toBeNull();
});

test("of the chunks an event has those that changed; without them all the page is read again", () => {
  const chunk = (index: number, progress = 0) => ({
    ...{ index, from: 4 * index, to: 4 * index + 4, uploaded: true, worker: null, progress },
    state: progress === 1 ? ("done" as const) : ("waiting" as const),
  });
  const processing = {
    chunks: [chunk(0), chunk(1), chunk(2)],
    playableTo: 0,
    speed: null,
    secondsLeft: null,
  };
  const detail: VideoDetail = {
    ...video("a"),
    ...{ description: "", metadata: {}, chapters: [], views: 0 },
    ...{
      source: null,
      frameRate: 25,
      quality: null,
      posters: [],
      posterIndex: 0,
      posterChange: null,
      captions: [],
      notes: [],
    },
    ...{ profile: { quality: "fast", av1: false }, processing: { ...processing, retries: 0 } },
  };
  const change = { ...processing, retries: 0, chunks: [chunk(1, 1)], playableTo: 8, chunkCount: 3 };
  const event = { ...video("a"), processing: change };
  const { processing: after } = newerDetail(detail, event);
  expect(after?.chunks).toEqual([chunk(0), chunk(1, 1), chunk(2)]);
  expect(after).toMatchObject({ playableTo: 8 });
  expect(after).not.toHaveProperty("chunkCount");
  expect(lacksChunks(detail, event)).toBe(false);
  expect(lacksChunks(detail, { ...event, processing: { ...change, chunkCount: 4 } })).toBe(true);
  expect(lacksChunks({ ...detail, processing: null }, event)).toBe(true);
});

test("only what would stand first is new to a list: not what another page holds, nor what the filter leaves out", () => {
  const at = (second: string) => ({ createdAt: `2026-01-01T00:00:${second}.000Z` });
  const shown = list([video("b", at("20")), video("a", at("10"))]);
  expect(isNew(shown, video("c", at("30")), {})).toBe(true);
  expect(isNew(shown, video("c", at("30")), { status: "failed" })).toBe(false);
  expect(isNew(shown, video("c", { ...at("30"), status: "failed" }), { status: "failed" })).toBe(true);
  expect(isNew(shown, video("old", at("05")), {})).toBe(false);
  expect(isNew(shown, video("a", at("10")), {})).toBe(false);
  expect(isNew(list([]), video("old", at("05")), {})).toBe(true);
});
