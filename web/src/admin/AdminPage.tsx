/**
 * Everybody's videos with their owners, and the users. The API decides who may see it; this page only shows
 * its refusal.
 */
import { useSearchParams } from "@solidjs/router";
import type { AdminVideo } from "@storagex/contract/video";
import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { createAct } from "../api/act.ts";
import { reasonOf } from "../api/api-error.ts";
import { adminVideosKey, putVideo } from "../api/cache.ts";
import { me } from "../api/session.ts";
import { adminListVideos, retryVideo } from "../api/videos.ts";
import { FilterBar } from "../library/FilterBar.tsx";
import { filterIn, filterOut } from "../library/filter.ts";
import { createPages } from "../library/pages.ts";
import { NotFound } from "../shell/NotFound.tsx";
import { Cards } from "../ui/Cards.tsx";
import { MoreButton } from "../ui/MoreButton.tsx";
import { Reason } from "../ui/Reason.tsx";
import { SkeletonCards, VideoCard } from "../video/VideoCard.tsx";
import { Users } from "./Users.tsx";

export function AdminPage(): JSX.Element {
  return (
    <Show
      when={me()?.role === "admin"}
      fallback={
        <NotFound
          what="Not for you."
          why="This page is for administrators. Your own videos are in the library."
        />
      }
    >
      <main class="gutter grid gap-10 py-6 pb-32 md:py-8 md:pb-32">
        <h1 class="headline text-phone md:text-giant">Everybody</h1>
        <Users />
        <Videos />
      </main>
    </Show>
  );
}

function Videos(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const filter = createMemo(() => filterIn(search));
  const pages = createPages(() => adminVideosKey(filter()), adminListVideos);
  const videos = () => pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="all-videos" class="grid gap-4">
      <h2 id="all-videos" class="headline text-large">
        Videos
      </h2>
      <FilterBar
        filter={filter()}
        isAwaited={false}
        onChange={(next) => setSearch(filterOut(next), { replace: true, scroll: false })}
      />
      <Switch>
        <Match when={pages.isError && !pages.data}>
          <Reason message={reasonOf(pages.error)} />
        </Match>
        <Match when={pages.isPending}>
          <SkeletonCards awaited="Asking for everybody's videos" />
        </Match>
        <Match when={videos().length === 0}>
          <p class="hatch border-3 border-ink p-6">
            <span class="frame inline-block p-3 font-bold">No videos match.</span>
          </p>
        </Match>
        <Match when={true}>
          <Cards>
            <For each={videos()}>{(video) => <AdminCard video={video} />}</For>
          </Cards>
        </Match>
      </Switch>
      <MoreButton pages={pages} />
    </section>
  );
}

function AdminCard(props: { video: AdminVideo }): JSX.Element {
  const retry = createAct(async () => putVideo(await retryVideo(props.video.id)));
  return (
    <VideoCard
      video={props.video}
      owner={props.video.owner.email}
      {...(props.video.status === "pending_upload"
        ? { words: { tone: "plain", left: "Uploading" } as const }
        : {})}
      onPress={props.video.status === "failed" ? retry.run : undefined}
      busy={retry.busy()}
    />
  );
}
