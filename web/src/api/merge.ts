/** Merges one changed video into what is already shown. Pure. */
import type { videoUpdatedSchema } from "@storagex/contract/events";
import type { Video, VideoDetail } from "@storagex/contract/videos/video";
import type { z } from "zod";
import type { Filter } from "./calls/videos.ts";

export type ChangedVideo = z.infer<typeof videoUpdatedSchema>;
export type Page<V extends Video> = { items: V[]; nextCursor: string | null };
export type Pages<V extends Video> = { pages: Page<V>[]; pageParams: unknown[] };

/** Whether a list with this filter shows the video, unless search words leave it out: the API alone compares those. */
const matches = (video: Video, { status, tags }: Filter): boolean =>
  (!status || video.status === status) && (tags ?? []).every((tag) => video.tags.includes(tag));

/** The newer of both; an event that arrives late changes nothing. Fields that the event leaves out stay. */
export function newer<V extends Video>(old: V, changed: ChangedVideo): V {
  if (changed.seq < old.seq) return old;
  const { processing: _processing, ...video } = changed;
  // Posters are signed on request only; an event may leave the poster out.
  return { ...old, ...video, poster: video.poster ?? old.poster };
}

/** The same for the page of one video; an event contains only the chunks that changed. */
export function newerDetail(old: VideoDetail, changed: ChangedVideo): VideoDetail {
  const merged = newer(old, changed);
  if (merged === old || changed.processing === undefined) return merged;
  if (changed.processing === null) return { ...merged, processing: null };
  const { chunkCount: _chunkCount, ...processing } = changed.processing;
  const byIndex = new Map(processing.chunks.map((chunk) => [chunk.index, chunk]));
  const chunks = (old.processing?.chunks ?? []).map((chunk) => byIndex.get(chunk.index) ?? chunk);
  return { ...merged, processing: { ...processing, chunks } };
}

/** Whether the page of a video lacks chunks that the event counts: then it must be fetched again. */
export const lacksChunks = (old: VideoDetail, { processing }: ChangedVideo): boolean =>
  !!processing && (old.processing?.chunks.length ?? 0) !== processing.chunkCount;

/**
 * Updates the video where it is shown and removes it where the filter no longer matches. A new one is put
 * first, when `joins` makes an entry of it. The order of the others stays.
 */
export function mergeIntoPages<V extends Video>(
  list: Pages<V>,
  changed: ChangedVideo,
  filter: Filter,
  joins: (video: ChangedVideo) => V | undefined,
): Pages<V> {
  const known = list.pages.some((page) => page.items.some((item) => item.id === changed.id));
  if (known) {
    return eachPage(list, (items) =>
      items.flatMap((item) => {
        if (item.id !== changed.id) return [item];
        const now = newer(item, changed);
        return matches(now, filter) ? [now] : [];
      }),
    );
  }
  const [first] = list.pages;
  const entry = isNew(list, changed, filter) ? joins(changed) : undefined;
  if (!first || !entry) return list;
  return { ...list, pages: [{ ...first, items: [entry, ...first.items] }, ...list.pages.slice(1)] };
}

/**
 * Whether the video would come first in a fresh list: an older one is on a page that is not loaded yet. Its place
 * in another order is not known here, nor whether a search finds it.
 */
export function isNew<V extends Video>(list: Pages<V>, changed: ChangedVideo, filter: Filter): boolean {
  if (filter.q || (filter.sort && filter.sort !== "newest")) return false;
  if (!matches(changed, filter) || list.pages.some(({ items }) => items.some(({ id }) => id === changed.id)))
    return false;
  const newest = list.pages[0]?.items[0];
  return !newest || newest.createdAt <= changed.createdAt;
}

export function removeFromPages<V extends Video>(list: Pages<V>, id: string): Pages<V> {
  return eachPage(list, (items) => items.filter((item) => item.id !== id));
}

function eachPage<V extends Video>(list: Pages<V>, change: (items: V[]) => V[]): Pages<V> {
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: change(page.items) })) };
}
