/** Playback: growing playlists, signed URLs that expire, and no access without a right. */
import { get } from "node:http";
import { gunzipSync } from "node:zlib";
import { playablePlaybackSchema } from "@storagex/contract/videos/playback";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { locked } from "./support/locked.ts";
import type { Person } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { leased, planOf } from "./support/worker.ts";

let edge: Pipeline;
let ann: Person;
beforeAll(async () => {
  edge = await startPipeline({ STORAGEX_MEDIA_URL_SECONDS: "6", STORAGEX_WINDOW_SECONDS: "2" });
  ann = await edge.person();
});
afterAll(() => edge?.stop());

async function playback(person: Person, id: string) {
  const answer = await person.call("GET", `/v1/videos/${id}/playback`);
  if (answer.status !== 200) throw new Error(`playback: ${answer.status} ${await answer.text()}`);
  return playablePlaybackSchema.parse(await answer.json());
}
/** The playlist without what changes with each window: the signature. */
const bare = (list: string) => list.replaceAll(/\?X-Amz[^"\n]*/g, "");

test("lists grow as chunks and sound arrive, from EVENT to ENDLIST, only by appending", async () => {
  const plan = planOf(3);
  const id = await edge.planned(ann, plan);
  const early = await ann.call("GET", `/v1/videos/${id}/playback`);
  expect(early.status).toBe(200);
  expect(await early.json()).toMatchObject({ state: "partial", hls: null, mp4: null, storyboard: null });
  expect(await ann.video(id)).toMatchObject({ playable: false, processing: { playableTo: 0 } });

  const audio = leased(await edge.worker.claim((await edge.task(id, "audio")).id));
  await edge.worker.pin(audio, 0);
  await edge.worker.work((await edge.task(id, "encode", 0)).id, plan);
  const seen = await ann.video(id);
  expect(seen).toMatchObject({ playable: true, status: "processing", processing: { playableTo: 4 } });
  expect(seen.processing?.chunks.map(({ state, from, to }) => [state, from, to])).toEqual([
    ["done", 0, 4],
    ["waiting", 4, 8],
    ["waiting", 8, 12],
  ]);
  expect(seen.progress).toBeGreaterThan(0.2);

  let before = new Map<string, string>();
  const grow = async (segments: number, isEnd: boolean) => {
    const { hls, state, mp4 } = await playback(ann, id);
    expect([state, mp4]).toEqual(["partial", null]);
    const now = new Map<string, string>();
    for (const name of ["720p", "360p", "audio-0"]) {
      const answer = await fetch(new URL(`${name}.m3u8`, hls));
      expect(answer.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
      const text = await answer.text();
      expect(text.split("#EXTINF").length - 1).toBe(segments);
      expect(text.includes("#EXT-X-ENDLIST")).toBe(isEnd);
      expect(bare(text).startsWith(before.get(name) ?? "")).toBe(true);
      now.set(name, bare(text));
    }
    before = now;
  };
  await grow(2, false);
  await edge.worker.work((await edge.task(id, "encode", 2)).id, plan);
  await grow(2, false);
  await edge.worker.pin(audio, 1);
  await grow(2, false);
  await edge.worker.work((await edge.task(id, "encode", 1)).id, plan);
  // All chunks are there. The audio limits the playlists to two pieces, plus a segment that begins before.
  const { hls } = await playback(ann, id);
  expect((await (await fetch(new URL("audio-0.m3u8", hls))).text()).split("#EXTINF").length - 1).toBe(4);
  await edge.worker.pin(audio, 2);
  if (audio.kind === "audio") audio.pinned.pieces = 3;
  await edge.worker.succeed(audio.taskId, audio, await edge.worker.resultOf(audio, plan));
  await grow(6, true);
});

test("equal requests at once ask the database once, and go on without the one that came first", async () => {
  const plan = planOf(3);
  const playable = async () => {
    const id = await edge.planned(ann, plan);
    await edge.worker.pin(leased(await edge.worker.claim((await edge.task(id, "audio")).id)), 0);
    await edge.worker.work((await edge.task(id, "encode", 0)).id, plan);
    return new URL("720p.m3u8", (await playback(ann, id)).hls);
  };
  const url = await playable();
  const another = await playable();
  await using media = await locked(edge.sql, "media_objects");
  // A reset is noticed at once, a connection that is only closed when the response is written.
  const first = get(url).on("error", () => undefined);
  await media.waiting(1);
  const others = Array.from({ length: 8 }, () => fetch(url));
  // What comes after them has asked, so they have come, and asked nothing of their own.
  const after = fetch(another);
  await media.waiting(2);
  first.socket?.resetAndDestroy();
  // The reset is noticed before what comes after it is answered.
  await fetch(new URL("/healthz", url));
  await media.release();
  await after;
  const texts = await Promise.all(others.map(async (other) => (await other).text()));
  for (const text of texts) expect(text.split("#EXTINF").length - 1).toBe(2);
});

test("a long list is read in order, up to a gap", async () => {
  const plan = planOf(3);
  const id = await edge.planned(ann, plan);
  await edge.worker.pin(leased(await edge.worker.claim((await edge.task(id, "audio")).id)), 0);
  await edge.worker.work((await edge.task(id, "encode", 0)).id, plan);
  /** Copies of the first object, as if that many chunks or pieces were stored. */
  const add = (rendition: string, from: number, to: number) =>
    edge.sql.query(
      `INSERT INTO media_objects SELECT video_id, generation, rendition, place, attempt, replace(key, '-0.mp4', '-' || place || '.mp4'),
         size, etag, init_length, init_hash, codecs, timescale, segments, frames
       FROM media_objects, generate_series($3::int, $4::int) AS place
       WHERE video_id = $1 AND rendition = $2 AND index = 0`,
      [id, rendition, from, to],
    );
  for (const rendition of ["360p", "audio-0"]) await add(rendition, 1, 999);
  await add("720p", 1, 449);
  await add("720p", 451, 999);
  const { hls } = await playback(ann, id);
  const read = async (name: string) => {
    const text = await (await fetch(new URL(`${name}.m3u8`, hls))).text();
    return [...text.matchAll(/^http\S+?-(\d+)\.mp4\?/gm)].map(([, place]) => Number(place));
  };
  const places = (count: number) => Array.from({ length: 2 * count }, (_, at) => at >> 1);
  expect(await read("720p")).toEqual(places(450));
  expect(await read("360p")).toEqual(places(450));
  await add("720p", 450, 450);
  expect(await read("720p")).toEqual(places(1000));
  expect(await read("360p")).toEqual(places(1000));

  const raw = (headers: Record<string, string>) =>
    new Promise<{ encoding: string | undefined; etag: string; body: Buffer }>((resolve, reject) => {
      get(new URL("720p.m3u8", hls).href, { headers }, async (answer) => {
        const pieces: Buffer[] = [];
        for await (const piece of answer) pieces.push(piece);
        const { etag = "", "content-encoding": encoding } = answer.headers;
        resolve({ encoding, etag, body: Buffer.concat(pieces) });
      }).on("error", reject);
    });
  const [plain, packed] = [await raw({}), await raw({ "accept-encoding": "gzip" })];
  expect([plain.encoding, packed.encoding]).toEqual([undefined, "gzip"]);
  expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
  expect(packed.body.length).toBeLessThan(plain.body.length / 10);
  expect(packed.etag).toBe(`W/${plain.etag}`);
});

describe("a completed video", () => {
  let id = "";
  beforeAll(async () => {
    id = await edge.completed(ann);
  });

  test("repeats the same addresses within a window, in every reload", async () => {
    await eventually(async () => {
      const [first, second] = [await playback(ann, id), await playback(ann, id)];
      expect(second).toEqual(first);
      const lists = await Promise.all(
        [1, 2].map(async () => (await fetch(new URL("720p.m3u8", first.hls))).text()),
      );
      expect(lists[0]).toBe(lists[1]);
    });
  });

  test("has addresses that no one may alter, and that die", async () => {
    const { hls, mp4, poster, storyboard, expiresAt } = await playback(ann, id);
    const list = await (await fetch(new URL("360p.m3u8", hls))).text();
    const segment = /^http\S+/m.exec(list)?.[0] ?? "";
    const board = await (await fetch(storyboard ?? "")).text();
    const sheet = /^http\S+(?=#xywh)/m.exec(board)?.[0] ?? "";
    const signed = [segment, mp4, poster, sheet].map((url) => url ?? "");
    for (const url of signed) expect((await fetch(url)).status).toBe(200);
    for (const url of signed) {
      const altered = new URL(url);
      altered.searchParams.set("X-Amz-Expires", "604800");
      expect((await fetch(altered)).status).toBe(403);
      altered.search = "";
      expect((await fetch(altered)).status).toBe(403);
      const other = new URL(url);
      other.pathname = other.pathname.replace("processed", "raw");
      expect((await fetch(other)).status).toBe(403);
    }
    const token = new URL(hls).pathname.split("/")[2] ?? "";
    const [version, video, generation, issued, expires, kind, account, tag] = token.split(".");
    const later = (Number.parseInt(expires ?? "", 36) + 9999).toString(36);
    for (const forged of [
      token.slice(0, -1) + (token.endsWith("A") ? "B" : "A"),
      [version, video, generation, issued, later, kind, account, tag].join("."),
      [version, video, "2", issued, expires, kind, account, tag].join("."),
      [version, video, generation, issued, expires, kind, "somebodyelse", tag].join("."),
      [video, generation, issued, expires, tag].join("."),
      "x",
      "%00",
    ]) {
      const answer = await fetch(`${edge.url}/play/${forged}/master.m3u8`);
      expect(answer.status).toBe(403);
      expect((await problemOf(answer)).code).toBe("playback.token_invalid");
    }
    await new Promise((resolve) => setTimeout(resolve, Date.parse(expiresAt) - Date.now() + 1200));
    for (const url of [hls, storyboard ?? "", ...signed]) expect((await fetch(url)).status).toBe(403);
    expect((await fetch((await playback(ann, id)).hls)).status).toBe(200);
  });

  test("has segments of a type that is ours, whatever was stored", async () => {
    const { hls } = await playback(ann, id);
    for (const [name, type] of [
      ["720p", "video/mp4"],
      ["audio-0", "audio/mp4"],
    ]) {
      const list = await (await fetch(new URL(`${name}.m3u8`, hls))).text();
      const answer = await fetch(/^http\S+/m.exec(list)?.[0] ?? "", { headers: { range: "bytes=100-1099" } });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([206, type]);
      expect((await answer.arrayBuffer()).byteLength).toBe(1000);
    }
  });

  test("names the rates of its segments", async () => {
    const { hls } = await playback(ann, id);
    // 1,000 bytes in two seconds of video, and in 94 frames of audio.
    const rate = Math.ceil(4000 + (8000 * 48_000) / (94 * 1024));
    const text = await (await fetch(hls)).text();
    expect(text.match(/:BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+/g)).toEqual(
      Array(2).fill(`:BANDWIDTH=${rate},AVERAGE-BANDWIDTH=${rate}`),
    );
  });

  test("is refused to others, and names nothing that is not there", async () => {
    const bob = await edge.person();
    expect((await bob.call("GET", `/v1/videos/${id}/playback`)).status).toBe(404);
    expect((await fetch(`${edge.url}/v1/videos/${id}/playback`)).status).toBe(401);
    const { hls } = await playback(ann, id);
    for (const name of ["1080p.m3u8", "audio-7.m3u8", "x.mp4", "master"])
      expect((await fetch(new URL(name, hls))).status).toBe(404);
  });

  test("that is deleted is refused at once, though its token still stands", async () => {
    const gone = await edge.completed(ann);
    const { hls } = await playback(ann, gone);
    expect((await fetch(hls)).status).toBe(200);
    await ann.call("DELETE", `/v1/videos/${gone}`);
    const answer = await fetch(hls);
    expect((await problemOf(answer)).code).toBe("playback.token_invalid");
  });

  test("gives its MP4 the title as a name, whatever the title is", async () => {
    await ann.call("PATCH", `/v1/videos/${id}`, { title: `a'(*)"\u0301${"🎬".repeat(140)}` });
    const { mp4, download } = await playback(ann, id);
    for (const [url, how] of [
      [mp4, "inline"],
      [download, "attachment"],
    ]) {
      const answer = await fetch(url ?? "");
      expect(answer.status).toBe(200);
      const [, said, name] =
        /^(\w+); filename\*=UTF-8''([\w%.-]+)$/.exec(answer.headers.get("content-disposition") ?? "") ?? [];
      expect(said).toBe(how);
      expect(decodeURIComponent(name ?? "")).toBe(`a'(*)"\u0301${"🎬".repeat(113)}.mp4`);
    }
  });

  test("tells whoever has a list already that it is the same, until it is another", async () => {
    const growing = await edge.planned(ann, planOf(2, 0));
    const { id: first } = await edge.task(growing, "encode", 0);
    await edge.worker.work(first, planOf(2, 0));
    const { hls } = await playback(ann, growing);
    const list = new URL("720p.m3u8", hls ?? "");
    const ask = (etag?: string | null) => fetch(list, { headers: etag ? { "if-none-match": etag } : {} });
    const half = await ask();
    const text = await half.text();
    expect(half.headers.get("etag")).toMatch(/^"[0-9a-f]{32}"$/);
    const same = await ask(half.headers.get("etag"));
    expect([same.status, await same.text(), same.headers.get("etag")]).toEqual([
      304,
      "",
      half.headers.get("etag"),
    ]);
    const { id: second } = await edge.task(growing, "encode", 1);
    await edge.worker.work(second, planOf(2, 0));
    const more = await ask(half.headers.get("etag"));
    expect(more.status).toBe(200);
    expect((await more.text()).length).toBeGreaterThan(text.length);
    expect((await fetch(list, { method: "HEAD" })).headers.get("etag")).toBe(more.headers.get("etag"));
  });

  test("shows its facts on its page", async () => {
    expect(await ann.video(id)).toMatchObject({
      source: { codec: "h264", frameRate: 25, bitDepth: 8, audio: ["aac · 2 ch · en"] },
      processing: null,
      quality: {
        renditions: [
          { name: "720p", ssim: 0.98 },
          { name: "360p", ssim: null },
        ],
        cpuSeconds: 5,
        wallSeconds: 5,
      },
    });
  });
});
