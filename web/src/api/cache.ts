/**
 * The one cache of API responses, and the two changes that events bring: a video changed, a video was
 * deleted.
 */
import type { AdminVideo, Video, VideoDetail } from "@storagex/contract/videos/video";
import { QueryClient } from "@tanstack/query-core";
import { ApiError } from "./api-error.ts";
import type { Filter } from "./calls/videos.ts";
import {
  type ChangedVideo,
  isNew,
  lacksChunks,
  mergeIntoPages,
  newerDetail,
  type Pages,
  removeFromPages,
} from "./merge.ts";
import { me } from "./session.ts";

/** Browser only: no query runs while the server renders, so one instance is safe. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) =>
        count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
  },
});

export const videosKey = (filter: Filter) => ["videos", filter] as const;
export const adminVideosKey = (filter: Filter) => ["admin-videos", filter] as const;
export const videoKey = (id: string) => ["video", id] as const;
export const adminUsersKey = (q: string) => ["admin-users", q] as const;

const listeners = new Set<(video: ChangedVideo) => void>();

/** Calls back for every changed video that an event or a response brings. */
export const onVideoChange = (listen: (video: ChangedVideo) => void): void => void listeners.add(listen);

const dropListeners = new Set<(id: string) => void>();

/** Calls back for every video that is deleted here or elsewhere. */
export const onVideoDrop = (listen: (id: string) => void): void => void dropListeners.add(listen);

/** Updates a changed video in every query at once. */
export function putVideo(changed: ChangedVideo): void {
  for (const listen of listeners) listen(changed);
  const mayBeFound = isOtherwise(changed);
  const mine = (video: ChangedVideo): Video | undefined => {
    const { processing: _processing, ...rest } = video;
    return video.ownerId === me()?.id ? rest : undefined;
  };
  for (const [key, list] of lists<Video>("videos")) {
    // Where it belongs in another order, and which words find it, only the server knows.
    const { sort, q } = filterOf(key);
    if ((sort && !holds(list, changed.id)) || (q && mayBeFound)) rereadSoon(key);
    queryClient.setQueryData(key, mergeIntoPages(list, changed, filterOf(key), mine));
  }
  for (const [key, list] of lists<AdminVideo>("admin-videos")) {
    // An event does not contain its owner's address: for a new video, an administrator's list is fetched
    // again.
    if (isNew(list, changed, filterOf(key)) || (filterOf(key).q && mayBeFound)) rereadSoon(key);
    queryClient.setQueryData(
      key,
      mergeIntoPages(list, changed, filterOf(key), () => undefined),
    );
  }
  const before = queryClient.getQueryData<VideoDetail>(videoKey(changed.id));
  if (!before) return;
  queryClient.setQueryData(videoKey(changed.id), newerDetail(before, changed));
  if (before.status !== changed.status || before.playable !== changed.playable) void rereadVideo(changed.id);
  // Events come every second: do not cancel a fetch that is already running. An edit elsewhere may be one of
  // what events leave out.
  else if (lacksChunks(before, changed) || before.revision < changed.revision)
    void queryClient.invalidateQueries({ queryKey: videoKey(changed.id) }, { cancelRefetch: false });
}

/** Videos whose state is known; forgotten together, which costs one more reading of a search. */
const MAX_KNOWN = 1_000;
const known = new Map<string, string>();

/** Whether the video was edited or has another status since its last event: progress moves it into no search. */
function isOtherwise({ id, revision, status }: ChangedVideo): boolean {
  const now = `${revision} ${status}`;
  if (known.get(id) === now) return false;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(id, now);
  return true;
}

const REREAD_MS = 3_000;
const rereadings = new Set<string>();

/**
 * Fetches a list again, once for all the events of a few seconds; does not cancel a fetch that is already
 * running.
 */
function rereadSoon(key: readonly unknown[]): void {
  const name = JSON.stringify(key);
  if (rereadings.has(name)) return;
  rereadings.add(name);
  setTimeout(() => {
    rereadings.delete(name);
    void queryClient.invalidateQueries({ queryKey: key, exact: true }, { cancelRefetch: false });
  }, REREAD_MS);
}

/** Fetches what is shown of one video again: what a response or an event does not contain. */
export const rereadVideo = (id: string): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: videoKey(id) });

/** Fetches everything shown again, except a player's URLs: those are fetched only when they expire. */
export const rereadAll = (): Promise<void> =>
  queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "playback" });

/** Removes a deleted video from everything that shows it. */
export function dropVideo(id: string): void {
  for (const listen of dropListeners) listen(id);
  for (const [key, list] of [...lists<Video>("videos"), ...lists<AdminVideo>("admin-videos")]) {
    queryClient.setQueryData(key, removeFromPages(list, id));
  }
  void queryClient.invalidateQueries({ queryKey: videoKey(id) });
}

/** A user was deleted, and their videos with them. */
export function dropUser(): void {
  void queryClient.invalidateQueries({ queryKey: ["admin-users"] });
  void queryClient.invalidateQueries({ queryKey: ["admin-videos"] });
}

function lists<V extends Video>(root: "videos" | "admin-videos"): [readonly unknown[], Pages<V>][] {
  return queryClient
    .getQueriesData<Pages<V>>({ queryKey: [root] })
    .flatMap(([key, list]) => (list ? [[key, list] satisfies [readonly unknown[], Pages<V>]] : []));
}

const holds = (list: Pages<Video>, id: string): boolean =>
  list.pages.some(({ items }) => items.some((item) => item.id === id));

function filterOf(key: readonly unknown[]): Filter {
  const filter = key[1];
  return typeof filter === "object" && filter !== null ? filter : {};
}
