/** Pieces that lists of videos and users share. */
import { For, type JSX, Show } from "solid-js";
import { CardSkeleton } from "../video/VideoCard.tsx";

export const CARDS = "grid gap-7 sm:grid-cols-2 lg:grid-cols-3";

/** The next page by cursor, while there is one. */
export function MoreKey(props: {
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}): JSX.Element {
  return (
    <Show when={props.pages.hasNextPage}>
      <button
        type="button"
        class="key justify-self-center"
        disabled={props.pages.isFetchingNextPage}
        onClick={() => void props.pages.fetchNextPage()}
      >
        {props.pages.isFetchingNextPage ? "Fetching older ones" : "Show older ones"}
      </button>
    </Show>
  );
}

export function SkeletonCards(props: { awaited: string }): JSX.Element {
  return (
    <div class={CARDS}>
      <p class="sr-only">{props.awaited}</p>
      <For each={[1, 2, 3]}>{() => <CardSkeleton />}</For>
    </div>
  );
}
