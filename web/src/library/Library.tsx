/** One's own videos as cards, newest first. */
import { useSearchParams } from "@solidjs/router";
import type { Video } from "@storagex/contract/video";
import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { videosKey } from "../api/cache.ts";
import { me } from "../api/session.ts";
import { listVideos } from "../api/videos.ts";
import { Cards } from "../ui/Cards.tsx";
import { formatSize } from "../ui/format.ts";
import { MoreButton } from "../ui/MoreButton.tsx";
import { Reason } from "../ui/Reason.tsx";
import { askToCancel, askToCancelTicket } from "../upload/actions.ts";
import { CancelUpload } from "../upload/CancelUpload.tsx";
import { statusOfUpload } from "../upload/status.ts";
import { uploadFacts } from "../upload/words.ts";
import { createNextAct } from "../video/next-act.ts";
import { SkeletonCards, VideoCard } from "../video/VideoCard.tsx";
import { DropHead } from "./DropHead.tsx";
import { FilterBar, filterIn, filterOut } from "./FilterBar.tsx";
import { createPages } from "./pages.ts";
import { createStoredBytes, unfinishedStatus } from "./unfinished.ts";

export function Library(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const filter = createMemo(() => filterIn(search));
  const pages = createPages(() => videosKey(filter()), listVideos);
  const videos = () => pages.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = () => filter().status !== undefined || filter().q !== undefined;
  return (
    <main class="gutter grid gap-7 py-6 pb-32 md:py-8 md:pb-32">
      <DropHead />
      <div class="grid gap-3">
        <FilterBar
          filter={filter()}
          onChange={(next) => setSearch(filterOut(next), { replace: true, scroll: false })}
        />
        <Stored />
      </div>
      <Switch>
        <Match when={pages.isError && !pages.data}>
          <Reason message={reasonOf(pages.error)}>
            <button type="button" class="key mt-4" onClick={() => void pages.refetch()}>
              Retry
            </button>
          </Reason>
        </Match>
        <Match when={pages.isPending}>
          <SkeletonCards awaited="Asking for your videos" />
        </Match>
        <Match when={videos().length === 0}>
          <Empty
            filtered={filtered()}
            words={filter().q}
            onClear={() => setSearch({ status: null, q: null })}
          />
        </Match>
        <Match when={true}>
          <Cards>
            <For each={videos()}>{(video) => <LibraryCard video={video} />}</For>
          </Cards>
        </Match>
      </Switch>
      <MoreButton pages={pages} />
    </main>
  );
}

function LibraryCard(props: { video: Video }): JSX.Element {
  const next = createNextAct(() => props.video);
  const stored = createStoredBytes(() => props.video);
  const isUnfinished = () => props.video.status === "pending_upload" && !next.upload();
  return (
    <VideoCard
      video={props.video}
      words={
        mapped(next.upload(), statusOfUpload) ??
        mapped(stored(), (bytes) => unfinishedStatus(bytes, props.video.size))
      }
      facts={mapped(next.upload(), (running) => running.reason ?? uploadFacts(running))}
      onPress={next.press()}
      busy={next.busy()}
    >
      <Show when={next.upload()}>
        {(running) => <CancelUpload name={running().name} onPress={() => askToCancel(running())} />}
      </Show>
      <Show when={isUnfinished()}>
        <CancelUpload
          name={props.video.title}
          onPress={() => askToCancelTicket(props.video, stored() ?? 0)}
        />
      </Show>
    </VideoCard>
  );
}

const mapped = <A, B>(value: A | undefined, map: (value: A) => B): B | undefined =>
  value === undefined ? undefined : map(value);

function Stored(): JSX.Element {
  return (
    <Show when={me()}>
      {(user) => (
        <p class="number text-mute">
          {formatSize(user().storage.used)} stored
          <Show when={user().storage.reserved > 0}> · {formatSize(user().storage.reserved)} on the way</Show>
        </p>
      )}
    </Show>
  );
}

const nothingMatches = (words: string | undefined) =>
  words ? `No videos match “${words}”.` : "No videos match.";

function Empty(props: { filtered: boolean; words: string | undefined; onClear: () => void }): JSX.Element {
  return (
    <div class="hatch grid min-h-72 place-items-center border-3 border-ink p-6">
      <div class="frame grid max-w-md gap-4 p-6 text-center">
        <p dir="auto" class="headline normal-case! text-large">
          {props.filtered ? nothingMatches(props.words) : "Nothing here yet."}
        </p>
        <Show
          when={props.filtered}
          fallback={<p>Drop a video anywhere. It can be watched while it is still being encoded.</p>}
        >
          <button type="button" class="key justify-self-center" onClick={props.onClear}>
            Show all videos
          </button>
        </Show>
      </div>
    </div>
  );
}

/** What the server sends, and what shows until the data is there. */
export function LibrarySkeleton(): JSX.Element {
  return (
    <main class="gutter grid gap-7 py-6 pb-32 md:py-8 md:pb-32">
      <DropHead />
      <SkeletonCards awaited="Asking for your videos" />
    </main>
  );
}
