import type { AdminVideo } from "@storagex/contract/videos/video";
import { InfiniteQueryObserver } from "@tanstack/query-core";
import { afterEach, expect, test, vi } from "vitest";
import { adminVideosKey, putVideo, queryClient, videosKey } from "./cache.ts";
import type { ChangedVideo, Page } from "./merge.ts";

afterEach(() => {
  vi.useRealTimers();
  queryClient.clear();
});

const created = (second: number) =>
  ({
    ...{ id: `v${second}`, title: "lake", filename: "lake.mp4", tags: [], seq: 1 },
    createdAt: `2026-01-01T00:00:0${second}.000Z`,
  }) as unknown as ChangedVideo;

/** A list that somebody looks at, and how often it was fetched. */
async function shown(queryKey: readonly unknown[]) {
  const list = { reads: 0, stop: () => {} };
  const observer = new InfiniteQueryObserver<Page<AdminVideo>>(queryClient, {
    queryKey,
    queryFn: async () => {
      list.reads += 1;
      return { items: [], nextCursor: null };
    },
    initialPageParam: null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  list.stop = observer.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(list.reads).toBe(1);
  return list;
}

test("however many events tell of new videos, a list is read again once in 3 seconds, also after the first time", async () => {
  vi.useFakeTimers();
  const list = await shown(adminVideosKey({}));
  for (let second = 1; second <= 9; second += 1) {
    for (let event = 0; event < 5; event += 1) putVideo(created(second));
    await vi.advanceTimersByTimeAsync(1_000);
  }
  // One for each three seconds.
  expect(list.reads).toBe(1 + 3);
  list.stop();
});

test("a search is read again after an edit or a move, however old the video, and not for progress", async () => {
  vi.useFakeTimers();
  const lists = [await shown(videosKey({ q: "cafe" })), await shown(adminVideosKey({ q: "cafe" }))];
  const reads = () => lists.map((list) => list.reads);
  const edited = { ...created(0), title: "CAFÉ am See", revision: 1 } as ChangedVideo;
  putVideo(edited);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(reads()).toEqual([2, 2]);
  putVideo({ ...edited, progress: 0.5 });
  await vi.advanceTimersByTimeAsync(4_000);
  expect(reads()).toEqual([2, 2]);
  putVideo({ ...edited, status: "completed" });
  await vi.advanceTimersByTimeAsync(4_000);
  expect(reads()).toEqual([3, 3]);
  for (const list of lists) list.stop();
});
