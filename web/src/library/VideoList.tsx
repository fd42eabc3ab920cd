/** The list of the library: cards, rows, or why there are none. */
import type { Video } from "@storagex/contract/videos/video";
import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import type { Filter } from "../api/calls/videos.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/library.ts";
import { Cards } from "../ui/Cards.tsx";
import { Reason } from "../ui/Reason.tsx";
import { SkeletonCards } from "../video/VideoCard.tsx";
import type { CardDialogState } from "./card/CardDialog.tsx";
import { LibraryCard } from "./card/LibraryCard.tsx";
import { isFiltered } from "./filter.ts";
import type { Selection } from "./selection.ts";
import { view } from "./view.ts";

export function VideoList(props: {
  pages: { isError: boolean; isPending: boolean; isSuccess: boolean; error: unknown; refetch: () => unknown };
  videos: readonly Video[];
  filter: Filter;
  selection: Selection;
  onDialog: (dialog: CardDialogState) => void;
  onClear: () => void;
}): JSX.Element {
  const byId = createMemo(() => new Map(props.videos.map((video) => [video.id, video])));
  // By id: a video that changes keeps its card, with the focus and the menu in it.
  const cards = () => (
    <For each={[...byId().keys()]}>
      {(id) => (
        <Show when={byId().get(id)}>
          {(video) => <LibraryCard video={video()} selection={props.selection} onDialog={props.onDialog} />}
        </Show>
      )}
    </For>
  );
  return (
    <Switch>
      <Match when={props.pages.isError && props.videos.length === 0}>
        <Reason message={reasonOf(props.pages.error)}>
          <button type="button" class="button mt-4" onClick={() => props.pages.refetch()}>
            {common("retry")}
          </button>
        </Reason>
      </Match>
      <Match when={props.pages.isPending}>
        <SkeletonCards awaited={t("loading")} />
      </Match>
      <Match when={props.videos.length === 0}>
        <Empty filter={props.filter} onClear={props.onClear} />
      </Match>
      <Match when={view() === "list"}>
        <div class="grid gap-4">{cards()}</div>
      </Match>
      <Match when={true}>
        <Cards>{cards()}</Cards>
      </Match>
    </Switch>
  );
}

const nothingMatches = (words: string | undefined) =>
  words ? t("nothingMatchesWords", words) : t("nothingMatches");

function Empty(props: { filter: Filter; onClear: () => void }): JSX.Element {
  return (
    <div class="hatch grid min-h-72 place-items-center border-3 border-ink p-6">
      <div class="frame grid max-w-md gap-4 p-6 text-center">
        <Show
          when={isFiltered(props.filter)}
          fallback={
            <>
              <p class="headline text-large">{t("nothingYet")}</p>
              <p>{t("nothingYetHelp")}</p>
            </>
          }
        >
          <p dir="auto" class="headline normal-case! text-large">
            {nothingMatches(props.filter.q)}
          </p>
          <button type="button" class="button justify-self-center" onClick={() => props.onClear()}>
            {t("showAll")}
          </button>
        </Show>
      </div>
    </div>
  );
}
