import type { PlayablePlayback as Playback } from "@storagex/contract/videos/playback";
import { expect, test } from "vitest";
import { createFreshPlayback } from "./fresh-playback.ts";

const answer = (hls: string, fields: Partial<Playback> = {}): Playback => ({
  state: "complete",
  hls,
  mp4: null,
  download: null,
  poster: null,
  storyboard: null,
  captions: [],
  expiresAt: "2026-01-01T00:00:00.000Z",
  ...fields,
});
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("refused addresses are replaced once, however many segments are refused", async () => {
  let asked = 0;
  const fresh = createFreshPlayback(
    async () => answer(`/play/${++asked}`),
    answer("/play/0"),
    () => 0,
  );
  fresh.refused();
  fresh.refused();
  await settled();
  expect(asked).toBe(1);
  expect(fresh.playback().hls).toBe("/play/1");
});

test("when fresh addresses are refused at once, the reason is shown instead of asking for ever", async () => {
  const clock = { now: 0 };
  let asked = 0;
  const fresh = createFreshPlayback(
    async () => answer(`/play/${++asked}`),
    answer("/play/0"),
    () => clock.now,
  );
  fresh.refused();
  await settled();
  clock.now = 1_000;
  fresh.refused();
  expect(fresh.failure()).toMatch(/stopped/);
  clock.now = 60_000;
  fresh.refused();
  await settled();
  expect([asked, fresh.failure()]).toEqual([2, undefined]);
});

test("a newer answer brings poster and storyboard but never changes what plays", () => {
  const fresh = createFreshPlayback(async () => answer("/play/1"), answer("/play/0"));
  fresh.offer(answer("/play/2", { storyboard: "/play/2/storyboard.vtt" }));
  expect(fresh.playback()).toMatchObject({ hls: "/play/0", storyboard: "/play/2/storyboard.vtt" });
});
