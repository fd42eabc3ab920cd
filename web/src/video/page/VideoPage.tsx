/** The page of one video: picture first, title and acts beside it, the chunks, and the statistics behind a fold. */

import { Title } from "@solidjs/meta";
import { A } from "@solidjs/router";
import { chaptersOf, withoutChapters } from "@storagex/contract/videos/chapters";
import type { VideoDetail } from "@storagex/contract/videos/video";
import { createMemo, type JSX, Match, Show, Switch } from "solid-js";
import { ApiError, reasonOf } from "../../api/api-error.ts";
import { videoKey } from "../../api/cache.ts";
import { getVideo } from "../../api/calls/videos.ts";
import { useQuery } from "../../api/query.ts";
import { AudienceFold } from "../../audience/AudienceFold.tsx";
import { pollEvery } from "../../live/follow.ts";
import { t as common } from "../../messages/common.ts";
import { t } from "../../messages/video.ts";
import { createRemote } from "../../player/remote.ts";
import { NotFound } from "../../shell/NotFound.tsx";
import { Ago } from "../../ui/Ago.tsx";
import { formatClock, formatSize } from "../../ui/format.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Reason } from "../../ui/Reason.tsx";
import { hasOriginal } from "../may.ts";
import { createPlaybackQuery } from "../playback-query.ts";
import { createOwnPoster, isPending } from "../poster/own-poster.ts";
import { ChunkTimeline } from "../timeline/ChunkTimeline.tsx";
import type { Processing } from "../timeline/timeline.ts";
import { Acts } from "./Acts.tsx";
import { ChapterList } from "./ChapterList.tsx";
import { Description } from "./Description.tsx";
import { Notes } from "./Notes.tsx";
import { Numbers } from "./Numbers.tsx";
import { Stage } from "./Stage.tsx";
import { VideoTitle } from "./VideoTitle.tsx";

const POSTER_POLL_MS = 1_500;

export function VideoPage(props: { id: string }): JSX.Element {
  const query = useQuery(() => ({
    queryKey: videoKey(props.id),
    queryFn: () => getVideo(props.id),
    // A poster that is being made is waited for.
    refetchInterval: ({ state }) => (state.data && isPending(state.data) ? POSTER_POLL_MS : pollEvery()),
  }));
  const isGone = () => query.error instanceof ApiError && query.error.status === 404;
  return (
    <Switch fallback={<VideoSkeleton />}>
      <Match when={isGone()}>
        <Title>{common("pageTitle", t("notFound"))}</Title>
        <NotFound what={t("gone")} why={t("goneWhy")} />
      </Match>
      <Match when={query.data}>{(found) => <Present video={found()} />}</Match>
      <Match when={query.isError}>
        <main class="gutter py-10">
          <Reason message={reasonOf(query.error)}>
            <button type="button" class="button mt-4" onClick={() => void query.refetch()}>
              {common("retry")}
            </button>
          </Reason>
        </main>
      </Match>
    </Switch>
  );
}

function Present(props: { video: VideoDetail }): JSX.Element {
  const remote = createRemote();
  const playback = createPlaybackQuery(() => props.video);
  const ownPoster = createOwnPoster(() => props.video);
  const chapters = createMemo(() =>
    chaptersOf(props.video.chapters, props.video.description, props.video.duration),
  );
  const text = createMemo(() =>
    props.video.chapters.length > 0 ? props.video.description : withoutChapters(props.video.description),
  );
  // The last news of the chunks stays on the page when the video is ready: nothing jumps, and one sees it end.
  const processing = createMemo<Processing | null>(
    (before) => (props.video.status === "queued" ? NO_PIECES : (props.video.processing ?? before)),
    null,
  );
  const isWorkedOn = () =>
    ["queued", "processing", "completed"].includes(props.video.status) ||
    (props.video.status === "pending_upload" && props.video.processing !== null);
  return (
    <main class="gutter pt-2 pb-32">
      <Title>{common("pageTitle", props.video.title)}</Title>
      <A href="/" class="back">
        <Icon name="back" size={12} /> {common("library")}
      </A>
      <div class="video-page" classList={{ "video-page-wide": remote.isWide() }}>
        <div class="video-page-stage">
          <Stage
            video={props.video}
            playback={playback}
            chapters={chapters()}
            remote={remote}
            ownPoster={ownPoster}
            tellsReady={processing() !== null}
          />
        </div>
        <aside aria-label={t("about")} class="video-page-about">
          <div class="grid gap-2">
            <VideoTitle title={props.video.title} />
            <p class="number text-mute">
              {t(hasOriginal(props.video) ? "uploaded" : "started")} <Ago at={props.video.createdAt} />
              {SEPARATOR}
              {summary(props.video)}
            </p>
          </div>
          <Acts
            video={props.video}
            download={playback.data?.download ?? null}
            remote={remote}
            ownPoster={ownPoster}
          />
          <Show when={text() || props.video.tags.length > 0}>
            <Description text={text()} tags={props.video.tags} onSeek={remote.seek} />
          </Show>
        </aside>
        <div class="video-page-rest">
          <Show when={isWorkedOn() ? processing() : null}>
            {(processing) => (
              <ChunkTimeline processing={processing()} status={props.video.status} onSeek={remote.seek} />
            )}
          </Show>
          <Notes notes={props.video.notes} />
          <Show when={chapters().length > 0}>
            <ChapterList chapters={chapters()} remote={remote} />
          </Show>
          <Show when={props.video.status !== "failed" || props.video.views > 0}>
            <AudienceFold video={props.video} onSeek={remote.seek} />
          </Show>
          <Numbers video={props.video} />
        </div>
      </div>
    </main>
  );
}

/** Before a worker has read the file. */
const NO_PIECES: Processing = { chunks: [], playableTo: 0, speed: null, secondsLeft: null, retries: 0 };

/** A line never begins with it. */
const SEPARATOR = "\u00a0· ";

/** Size, resolution, length and views: the rest is behind the fold. */
function summary(video: VideoDetail): string {
  return [
    formatSize(video.size),
    video.width && video.height ? `${video.width}×${video.height}` : "",
    video.duration === null ? "" : formatClock(video.duration),
    video.views > 0 ? t("views", video.views) : "",
  ]
    .filter(Boolean)
    .join(SEPARATOR);
}

/** What the server sends, and what shows until the data is there. */
export function VideoSkeleton(): JSX.Element {
  return (
    <main class="gutter pt-2 pb-32">
      <p class="sr-only">{t("loading")}</p>
      <A href="/" class="back">
        <Icon name="back" size={12} /> {common("library")}
      </A>
      <div class="video-page" aria-hidden="true">
        <div class="video-page-stage">
          <div class="stage">
            <div class="hatch stage-unready">
              <div class="player-picture" />
            </div>
          </div>
        </div>
        <div class="video-page-about">
          <div class="h-8 w-2/3 bg-ink" />
        </div>
      </div>
    </main>
  );
}
