/** The list of the library with its selection, page after page. */
import { createEffect, createMemo, createSignal, type JSX, lazy, Show } from "solid-js";
import { videosKey } from "../api/cache.ts";
import { type Filter, listVideos } from "../api/calls/videos.ts";
import { me } from "../api/session.ts";
import { t } from "../messages/library.ts";
import { LoadedPart } from "../ui/LoadedPart.tsx";
import { MoreButton } from "../ui/MoreButton.tsx";
import type { CardDialogState } from "./card/CardDialog.tsx";
import { isFiltered } from "./filter.ts";
import { createPages } from "./pages.ts";
import { createSelection } from "./selection.ts";
import { VideoList } from "./VideoList.tsx";

const BulkBar = lazy(() => import("./BulkBar.tsx"));
const CardDialog = lazy(() => import("./card/CardDialog.tsx"));

/** What the head and the filters show of the list. */
export type ListingFacts = {
  /** Such as `26 videos`; undefined until it is known. */
  count: string | undefined;
  /** There is no video at all. */
  isEmpty: boolean;
  /** The list of another filter is still shown. */
  isAwaited: boolean;
};

export function Listing(props: {
  filter: Filter;
  onFacts: (facts: ListingFacts) => void;
  onClear: () => void;
}): JSX.Element {
  const pages = createPages(() => videosKey(props.filter), listVideos);
  const videos = createMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? []);
  const selection = createSelection(() => videos().map(({ id }) => id));
  const selected = () => videos().filter(({ id }) => selection.ids().has(id));
  const [dialog, setDialog] = createSignal<CardDialogState>();
  createEffect(() => {
    const shown = videos().length;
    props.onFacts({
      count: pages.isSuccess ? t("count", shown, pages.hasNextPage, total()) : undefined,
      isEmpty: pages.isSuccess && !pages.isPlaceholderData && shown === 0 && !isFiltered(props.filter),
      isAwaited: pages.isPlaceholderData,
    });
  });
  /** The dialog shows its video as the list has it now. */
  const current = (state: CardDialogState): CardDialogState =>
    state.kind === "tag-many"
      ? state
      : { ...state, video: videos().find(({ id }) => id === state.video.id) ?? state.video };
  const total = () => (isFiltered(props.filter) ? undefined : me()?.videos);
  let root: HTMLDivElement | undefined;
  const closeDialog = () => {
    const state = dialog();
    setDialog(undefined);
    if (!state || state.kind === "tag-many") return;
    // The menu's entry that opened it is gone: the menu's button takes the focus, after the dialog has let go of it.
    setTimeout(() =>
      root?.querySelector<HTMLElement>(`[data-video="${state.video.id}"] .card-menu`)?.focus(),
    );
  };
  // `x` selects the card that has the focus, Shift+X everything up to it, Escape nothing.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
    const id = event.target.closest<HTMLElement>("[data-video]")?.dataset.video;
    if (event.key === "Escape") selection.clear();
    else if (event.key.toLowerCase() === "x" && id) selection.toggle(id, event.shiftKey);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts beside the buttons, which do the same
    <div
      ref={root}
      class="grid gap-6"
      classList={{ "is-selecting": selected().length > 0 }}
      onKeyDown={onKeyDown}
    >
      <Show when={selected().length > 0}>
        <LoadedPart>
          <BulkBar
            videos={selected()}
            onTag={() => setDialog({ kind: "tag-many", videos: selected() })}
            onClear={selection.clear}
          />
        </LoadedPart>
      </Show>
      <VideoList
        pages={pages}
        videos={videos()}
        filter={props.filter}
        selection={selection}
        onDialog={setDialog}
        onClear={props.onClear}
      />
      <MoreButton pages={pages} />
      <Show when={dialog()}>
        {(state) => (
          <LoadedPart>
            <CardDialog state={current(state())} onDone={closeDialog} />
          </LoadedPart>
        )}
      </Show>
    </div>
  );
}
