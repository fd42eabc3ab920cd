/** One's own videos: the head, the filters, and the list. */
import { useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { t } from "../messages/library.ts";
import { SkeletonCards } from "../video/VideoCard.tsx";
import { DropLine } from "./DropLine.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { filterIn, filterOut, NO_FILTER } from "./filter.ts";
import { LibraryHead } from "./LibraryHead.tsx";
import { Listing, type ListingFacts } from "./Listing.tsx";
import { followView } from "./view.ts";

export function Library(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const filter = createMemo(() => filterIn(search));
  const [facts, setFacts] = createSignal<ListingFacts>({
    count: undefined,
    isEmpty: false,
    isAwaited: false,
  });
  followView();
  return (
    <main class="gutter grid gap-6 py-6 pb-32 md:py-8 md:pb-32">
      <Show when={facts().isEmpty} fallback={<DropLine count={facts().count} />}>
        <LibraryHead />
      </Show>
      <Show when={!facts().isEmpty}>
        <FilterBar
          filter={filter()}
          isAwaited={facts().isAwaited}
          onChange={(next) => setSearch(filterOut(next), { replace: true, scroll: false })}
        />
      </Show>
      <Listing filter={filter()} onFacts={setFacts} onClear={() => setSearch(NO_FILTER)} />
    </main>
  );
}

/** What the server sends, and what shows until the data is there. */
export function LibrarySkeleton(): JSX.Element {
  return (
    <main class="gutter grid gap-6 py-6 pb-32 md:py-8 md:pb-32">
      <DropLine count={undefined} />
      <div class="min-h-11 border-3 border-ink" aria-hidden="true" />
      <SkeletonCards awaited={t("loading")} />
    </main>
  );
}
