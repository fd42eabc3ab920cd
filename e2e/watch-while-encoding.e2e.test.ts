/**
 * A video of more than a minute on two workers: playable long before it is done, live events within a second, one
 * playlist that only grows.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { videoUpdatedSchema } from "@storagex/contract/events";
import { beforeAll, expect, test } from "vitest";
import { ended, type Person, playback, read, register, until, upload } from "./testing/account.ts";
import { clip } from "./testing/clips.ts";
import { assertNothingLostOf } from "./testing/invariants.ts";
import type { Stack } from "./testing/running-stack.ts";
import { sharedStack } from "./testing/shared-stack.ts";

let stack: Stack;
let ann: Person;

beforeAll(async () => {
  stack = await sharedStack();
  ann = await register(() => stack.url);
});

/** Collects `video.updated` events of one video until `done` is true. */
async function listen(
  id: string,
  done: () => boolean,
): Promise<{ at: number; status: string; progress: number }[]> {
  const seen: { at: number; status: string; progress: number }[] = [];
  const closing = new AbortController();
  const answer = await fetch(`${stack.url}/v1/events`, {
    headers: { authorization: `Bearer ${ann.token()}` },
    signal: closing.signal,
  });
  expect(answer.headers.get("content-type")).toContain("text/event-stream");
  let rest = "";
  for await (const bytes of answer.body ?? []) {
    rest += new TextDecoder().decode(bytes);
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
      if (field("event") !== "video.updated") continue;
      const video = videoUpdatedSchema.parse(JSON.parse(field("data") ?? "null"));
      if (video.id === id) seen.push({ at: Date.now(), status: video.status, progress: video.progress });
    }
    if (done()) break;
  }
  closing.abort();
  return seen;
}

/** The URLs and byte ranges of a media playlist, in order. */
const segmentsOf = (playlist: string) =>
  [...playlist.matchAll(/#EXT-X-BYTERANGE:(\S+)\n(\S+?)\?/g)].map((match) => `${match[2]} ${match[1]}`);

test("plays while it encodes", async () => {
  const id = await upload(ann, await clip(64, "640x360"), "lecture.mp4");
  let over = false;
  const events = listen(id, () => over);

  const early = await until(ann, id, (video) => video.playable);
  expect(early.status).toBe("processing");
  expect(early.processing?.chunks.length).toBeGreaterThan(3);
  expect((await fetch(early.poster ?? "")).headers.get("content-type")).toBe("image/jpeg");
  const first = await playback(ann, id);
  expect(first.state).toBe("partial");
  const master = await (await fetch(first.hls)).text();
  const rendition = new URL(/^[^#\s]\S*$/m.exec(master)?.[0] ?? "", first.hls).href;

  let before: string[] = [];
  let grew = 0;
  for (;;) {
    const playlist = await (await fetch(rendition)).text();
    const now = segmentsOf(playlist);
    expect(now.slice(0, before.length), "served segments never change").toEqual(before);
    if (now.length > before.length) grew += 1;
    before = now;
    if (playlist.includes("#EXT-X-ENDLIST")) break;
    expect(playlist).toContain("#EXT-X-PLAYLIST-TYPE:EVENT");
    await sleep(500);
  }
  expect(grew).toBeGreaterThan(1);

  const video = await until(ann, id, ended);
  expect(video.status).toBe("completed");
  over = true;
  const updates = await events;
  expect(updates.length).toBeGreaterThan(5);
  const progress = updates.map((update) => update.progress);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect((await read(ann, id)).processing).toBeNull();
  await assertNothingLostOf(stack, ann);
});
