/** What the library shows, as the address says it, so that a filtered library can be linked. Pure. */
import { VIDEO_SORTS, VIDEO_STATUSES } from "@storagex/contract/videos/video-statuses";
import type { Filter } from "../api/calls/videos.ts";

type Search = Partial<Record<string, string | string[]>>;

const all = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** The filter that an address names; invalid values are left out. */
export function filterIn(search: Search): Filter {
  const status = VIDEO_STATUSES.find((each) => each === search.status);
  const sort = VIDEO_SORTS.find((each) => each === search.sort);
  const q = typeof search.q === "string" ? search.q.slice(0, 200) : "";
  const tags = all(search.tag).filter((tag) => tag !== "" && tag.length <= 50);
  return {
    ...(status ? { status } : {}),
    ...(q ? { q } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(sort && sort !== "newest" ? { sort } : {}),
  };
}

/** The filter as parameters of an address. */
export const filterOut = ({ status, q, tags, sort }: Filter) => ({
  status: status ?? null,
  q: q || null,
  tag: tags && tags.length > 0 ? tags : null,
  sort: sort ?? null,
});

export const NO_FILTER = { status: null, q: null, tag: null };

/** Whether some videos may be left out; the order leaves none out. */
export const isFiltered = ({ status, q, tags }: Filter): boolean =>
  status !== undefined || q !== undefined || tags !== undefined;
