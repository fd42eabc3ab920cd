/** The button below a list that has more entries than are shown. */
import { type JSX, Show } from "solid-js";
import { t as common } from "../messages/common.ts";

/** Loads the next page by cursor, while there is one. Its list stands before it. */
export function MoreButton(props: {
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}): JSX.Element {
  let button: HTMLButtonElement | undefined;
  const more = async () => {
    if (props.pages.isFetchingNextPage) return;
    const list = button?.previousElementSibling;
    const entries = () => list?.querySelectorAll<HTMLElement>("article, tbody tr, :scope > li") ?? [];
    const before = entries().length;
    await props.pages.fetchNextPage();
    // Who reads on by keyboard reads on at the first new one.
    focusEntry(entries()[before]);
  };
  return (
    <Show when={props.pages.hasNextPage}>
      <button
        ref={button}
        type="button"
        class="button justify-self-center"
        aria-disabled={props.pages.isFetchingNextPage}
        onClick={() => void more()}
      >
        {props.pages.isFetchingNextPage ? common("loadingMore") : common("showMore")}
      </button>
    </Show>
  );
}

/** Its first link or button; an entry without any has the focus itself. */
function focusEntry(entry: HTMLElement | undefined): void {
  const within = entry?.querySelector<HTMLElement>("h2 a, a, button");
  if (entry && !within) entry.tabIndex = -1;
  (within ?? entry)?.focus();
}
