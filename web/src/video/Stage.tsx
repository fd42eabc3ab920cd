/**
 * The player's place on the page: the player when something can be played, else the state or the failure;
 * below it the status bar.
 */

import { useLocation } from "@solidjs/router";
import type { VideoDetail } from "@storagex/contract/video";
import { useQuery } from "@tanstack/solid-query";
import { type JSX, Match, Show, Switch } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { getPlayback } from "../api/videos.ts";
import { Player } from "../player/Player.tsx";
import { Reason } from "../ui/Reason.tsx";
import { StatusBar } from "../ui/StatusBar.tsx";
import { statusOfUpload } from "../upload/status.ts";
import { uploadOf } from "../upload/store.ts";
import { createNextAct } from "./next-act.ts";
import { type PLAY, videoStatus } from "./status-bar.ts";

export function Stage(props: { video: VideoDetail }): JSX.Element {
  const playable = () => props.video.playable || props.video.status === "completed";
  return (
    <Show when={playable()} fallback={<NotYet video={props.video} />}>
      <Playing video={props.video} />
    </Show>
  );
}

function Playing(props: { video: VideoDetail }): JSX.Element {
  const playback = useQuery(() => ({
    // Fetched again when the state changes (only then is there an MP4 or a storyboard) and when captions are
    // added or deleted.
    queryKey: ["playback", props.video.id, props.video.status, props.video.captions.map(({ id }) => id)],
    queryFn: () => getPlayback(props.video.id),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before: Awaited<ReturnType<typeof getPlayback>> | undefined) => before,
  }));
  const location = useLocation<Partial<typeof PLAY>>();
  const plays = location.state?.play === true;
  const shape = () =>
    props.video.width && props.video.height ? props.video.width / props.video.height : 16 / 9;
  return (
    <div class="grid gap-4">
      <Switch fallback={<div class="hatch aspect-video border-3 border-ink shadow-drop" />}>
        <Match when={playback.data}>
          {(answer) => (
            <Player
              id={props.video.id}
              title={props.video.title}
              playback={answer()}
              shape={shape()}
              duration={props.video.duration}
              plays={plays}
            />
          )}
        </Match>
        <Match when={playback.isError}>
          <Reason message={reasonOf(playback.error)}>
            <button type="button" class="key mt-4" onClick={() => void playback.refetch()}>
              Retry
            </button>
          </Reason>
        </Match>
      </Switch>
      <div class="flex flex-wrap items-stretch gap-4">
        <Show when={props.video.status === "processing"}>
          <div class="min-w-0 grow border-3 border-ink">
            <StatusBar
              words={{ ...videoStatus({ ...props.video, playable: false }) }}
              about={props.video.title}
            />
          </div>
        </Show>
        <Show when={playback.data?.download}>
          {(download) => (
            <a href={download()} class="key">
              Download MP4
            </a>
          )}
        </Show>
      </div>
    </div>
  );
}

function NotYet(props: { video: VideoDetail }): JSX.Element {
  const next = createNextAct(() => props.video);
  const words = () => {
    const running = next.upload();
    return running ? statusOfUpload(running) : videoStatus(props.video);
  };
  return (
    <div class="frame shadow-drop">
      <div class="hatch grid aspect-video max-h-[60vh] w-full place-items-center p-4">
        <Show
          when={props.video.error}
          fallback={<p class="frame max-w-md p-4 text-center font-bold">{awaited(props.video)}</p>}
        >
          {(error) => (
            <div class="max-w-xl">
              <Reason message={error().message} code={error().code} />
            </div>
          )}
        </Show>
      </div>
      <div class="border-t-3 border-ink">
        <StatusBar words={words()} about={props.video.title} onPress={next.press()} busy={next.busy()} />
      </div>
      <Show when={next.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
    </div>
  );
}

function awaited(video: VideoDetail): string {
  if (video.status === "pending_upload")
    return uploadOf(video.id)
      ? "The bytes are on their way to storage."
      : "The upload is not finished. Choose the same file again: what is there already is not sent twice.";
  if (video.status === "queued") return "It waits for a free worker. You can close this page.";
  return "A worker reads the file. The first picture comes in a few seconds.";
}
