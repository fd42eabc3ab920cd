/** Everybody's videos with their owners. */
import { Key } from "@solid-primitives/keyed";
import { useSearchParams } from "@solidjs/router";
import type { AdminVideo } from "@storagex/contract/videos/video";
import { createEffect, createMemo, type JSX, Match, on, Switch } from "solid-js";
import { createAct } from "../api/act.ts";
import { reasonOf } from "../api/api-error.ts";
import { adminVideosKey, putVideo } from "../api/cache.ts";
import { adminListVideos, retryVideo } from "../api/calls/videos.ts";
import { FilterBar } from "../library/FilterBar.tsx";
import { filterIn, filterOut } from "../library/filter.ts";
import { createPages } from "../library/pages.ts";
import { t } from "../messages/admin.ts";
import { t as common } from "../messages/common.ts";
import { Cards } from "../ui/Cards.tsx";
import { MoreButton } from "../ui/MoreButton.tsx";
import { Reason } from "../ui/Reason.tsx";
import type { StatusWords } from "../ui/StatusBar.tsx";
import { toast } from "../ui/toasts/toasts.ts";
import { mayRetry } from "../video/may.ts";
import { SkeletonCards, VideoCard } from "../video/VideoCard.tsx";

export function Videos(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const filter = createMemo(() => filterIn(search));
  const pages = createPages(() => adminVideosKey(filter()), adminListVideos);
  const videos = () => pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="all-videos" class="grid gap-4">
      <h2 id="all-videos" class="headline text-large">
        {t("allVideos")}
      </h2>
      <FilterBar
        filter={filter()}
        isAwaited={false}
        isOfAll
        onChange={(next) => setSearch(filterOut(next), { replace: true, scroll: false })}
      />
      <Switch>
        <Match when={pages.isError && !pages.data}>
          <Reason message={reasonOf(pages.error)} />
        </Match>
        <Match when={pages.isPending}>
          <SkeletonCards awaited={t("loadingAll")} />
        </Match>
        <Match when={videos().length === 0}>
          <p class="hatch border-3 border-ink p-6">
            <span class="frame inline-block p-3 font-bold wrap-anywhere">
              {filter().q ? t("noVideosMatch", filter().q ?? "") : t("noVideos")}
            </span>
          </p>
        </Match>
        <Match when={true}>
          <Cards>
            <Key each={videos()} by="id">
              {(video) => <AdminCard video={video()} />}
            </Key>
          </Cards>
        </Match>
      </Switch>
      <MoreButton pages={pages} />
    </section>
  );
}

/** Where an administrator's part is another than the owner's. */
function wordsFor(video: AdminVideo): StatusWords | undefined {
  if (video.status === "pending_upload") return { tone: "plain", left: t("uploading") };
  if (video.status !== "failed") return undefined;
  const failed = { tone: "fail", left: t("failed") } as const;
  return mayRetry(video) ? { ...failed, right: common("retry"), icon: "retry" } : failed;
}

function AdminCard(props: { video: AdminVideo }): JSX.Element {
  const retry = createAct(async () => putVideo(await retryVideo(props.video.id)));
  createEffect(on(retry.failure, (failure) => failure && toast(failure.message), { defer: true }));
  return (
    <VideoCard
      video={props.video}
      owner={props.video.owner.email}
      words={wordsFor(props.video)}
      onPress={mayRetry(props.video) ? retry.run : undefined}
      busy={retry.busy()}
    />
  );
}
