/** The button below a list that has more entries than are shown. */
import { type JSX, Show } from "solid-js";

/** Loads the next page by cursor, while there is one. */
export function MoreButton(props: {
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
        {props.pages.isFetchingNextPage ? "Loading more…" : "Show more"}
      </button>
    </Show>
  );
}
