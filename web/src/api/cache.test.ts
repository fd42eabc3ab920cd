import type { AdminVideo } from "@storagex/contract/videos/video";
import { InfiniteQueryObserver } from "@tanstack/query-core";
import { afterEach, expect, test, vi } from "vitest";
import { adminVideosKey, putVideo, queryClient } from "./cache.ts";
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

test("however many events tell of new videos, a list is read again once in 3 seconds, also after the first time", async () => {
  vi.useFakeTimers();
  let reads = 0;
  const list = new InfiniteQueryObserver<Page<AdminVideo>>(queryClient, {
    queryKey: adminVideosKey({}),
    queryFn: async () => {
      reads += 1;
      return { items: [], nextCursor: null };
    },
    initialPageParam: null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const stop = list.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(reads).toBe(1);
  for (let second = 1; second <= 9; second += 1) {
    for (let event = 0; event < 5; event += 1) putVideo(created(second));
    await vi.advanceTimersByTimeAsync(1_000);
  }
  // One for each three seconds.
  expect(reads).toBe(1 + 3);
  stop();
});
