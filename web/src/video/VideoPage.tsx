/**
 * The page of one video: player, state and next action, chunk timeline while it is processed, facts,
 * renditions, deletion.
 */
import { Title } from "@solidjs/meta";
import { useNavigate } from "@solidjs/router";
import { codecName } from "@storagex/contract/formats/codecs";
import type { VideoDetail } from "@storagex/contract/video";
import { useQuery } from "@tanstack/solid-query";
import { type JSX, Match, Show, Suspense, Switch } from "solid-js";
import { ApiError, reasonOf } from "../api/api-error.ts";
import { videoKey } from "../api/cache.ts";
import { getVideo } from "../api/videos.ts";
import { pollEvery } from "../live/follow.ts";
import { NotFound } from "../shell/NotFound.tsx";
import { Ago } from "../ui/Ago.tsx";
import { formatFrameRate, formatSize } from "../ui/format.ts";
import { Reason } from "../ui/Reason.tsx";
import { Captions } from "./Captions.tsx";
import { ChunkTimeline } from "./ChunkTimeline.tsx";
import { DeleteVideo } from "./DeleteVideo.tsx";
import { Facts } from "./Facts.tsx";
import { Notes } from "./Notes.tsx";
import { PosterChoice } from "./PosterChoice.tsx";
import { RenameTitle } from "./RenameTitle.tsx";
import { Renditions } from "./Renditions.tsx";
import { Stage } from "./Stage.tsx";
import { Statistics } from "./Statistics.tsx";

export function VideoPage(props: { id: string }): JSX.Element {
  const query = useQuery(() => ({
    queryKey: videoKey(props.id),
    queryFn: () => getVideo(props.id),
    refetchInterval: pollEvery(),
  }));
  const isGone = () => query.error instanceof ApiError && query.error.status === 404;
  return (
    <Switch>
      <Match when={isGone()}>
        <Title>Not found · StorageX</Title>
        <NotFound
          what="No such video."
          why="It was deleted, belongs to somebody else, or the address is mistyped."
        />
      </Match>
      <Match when={query.data}>{(video) => <Present video={video()} />}</Match>
      <Match when={query.isError}>
        <main class="gutter py-10">
          <Reason message={reasonOf(query.error)}>
            <button type="button" class="key mt-4" onClick={() => void query.refetch()}>
              Retry
            </button>
          </Reason>
        </main>
      </Match>
      <Match when={query.isPending}>
        <VideoSkeleton />
      </Match>
    </Switch>
  );
}

function Present(props: { video: VideoDetail }): JSX.Element {
  const navigate = useNavigate();
  return (
    <main class="gutter grid items-start gap-8 py-6 pb-32 md:py-8 md:pb-32 lg:grid-cols-[minmax(0,1fr)_340px]">
      <Title>{`${props.video.title} · StorageX`}</Title>
      <div class="grid min-w-0 gap-8">
        <Stage video={props.video} />
        <div class="grid gap-3">
          <RenameTitle video={props.video} />
          <p class="number text-mute">
            uploaded <Ago at={props.video.createdAt} /> · {summary(props.video)}
          </p>
        </div>
        <Show when={props.video.processing}>
          {(processing) => <ChunkTimeline processing={processing()} />}
        </Show>
        <Notes notes={props.video.notes} />
        <Facts video={props.video} />
        <Show when={props.video.status === "completed"}>
          {/* Its own Suspense: waiting for the numbers must not remove the page and a running player. */}
          <Suspense fallback={<div class="hatch h-80 border-3 border-ink" aria-hidden="true" />}>
            <Statistics video={props.video} />
          </Suspense>
        </Show>
      </div>
      <div class="grid min-w-0 gap-6">
        <Show when={props.video.renditions.length > 0}>
          <Renditions video={props.video} />
        </Show>
        <Show when={props.video.posters.length > 1}>
          <PosterChoice video={props.video} />
        </Show>
        <Show when={props.video.status === "completed"}>
          <Captions video={props.video} />
        </Show>
        <DeleteVideo video={props.video} onDeleted={() => navigate("/")} />
      </div>
    </main>
  );
}

function summary(video: VideoDetail): string {
  return [
    formatSize(video.size),
    video.width && video.height ? `${video.width}×${video.height}` : "",
    video.source ? formatFrameRate(video.source.frameRate) : "",
    video.source ? `${codecName(video.source.codec)} ${video.source.bitDepth} bit` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What the server sends, and what shows until the data is there. */
export function VideoSkeleton(): JSX.Element {
  return (
    <main class="gutter grid items-start gap-8 py-6 md:py-8 lg:grid-cols-[minmax(0,1fr)_340px]">
      <p class="sr-only">Asking for the video</p>
      <div class="grid gap-8" aria-hidden="true">
        <div class="hatch aspect-video border-3 border-ink shadow-drop" />
        <div class="h-10 w-2/3 bg-ink" />
      </div>
      <div class="hatch h-60 border-3 border-ink shadow-drop" aria-hidden="true" />
    </main>
  );
}
