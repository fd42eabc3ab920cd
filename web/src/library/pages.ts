/** A paged list: pages by cursor, kept up to date by the live connection or by polling. */

import type { Video } from "@storagex/contract/videos/video";
import type { Accessor } from "solid-js";
import type { Filter } from "../api/calls/videos.ts";
import type { Page } from "../api/merge.ts";
import { useInfiniteQuery } from "../api/query.ts";
import { pollEvery } from "../live/follow.ts";

type Key = readonly [string, Filter];

/** `read` fetches one page. */
export function createPages<V extends Video>(
  key: Accessor<Key>,
  read: (filter: Filter, cursor: string | null) => Promise<Page<V>>,
) {
  return useInfiniteQuery<Page<V>, string | null, Key>(() => ({
    queryKey: key(),
    queryFn: ({ pageParam, queryKey }) => read(queryKey[1], pageParam),
    initialPageParam: null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: pollEvery(),
    // The old list stays until the next filter's response has arrived.
    placeholderData: (before) => before,
  }));
}
