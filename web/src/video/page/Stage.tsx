/**
 * The player's place on the page: the player when something can be played, else the state or the failure;
 * below it the status bar. Its size is the same in every state, so that nothing below it moves.
 */

import { useLocation } from "@solidjs/router";
import type { VideoDetail } from "@storagex/contract/videos/video";
import type { Chapter } from "@storagex/contract/videos/video-fields";
import { type JSX, Show, untrack } from "solid-js";
import { reasonOf } from "../../api/api-error.ts";
import { getPlayback } from "../../api/calls/videos.ts";
import { me } from "../../api/session.ts";
import { t as common } from "../../messages/common.ts";
import { failureText } from "../../messages/of-api.ts";
import { t } from "../../messages/video.ts";
import { Player } from "../../player/Player.tsx";
import { keepPlace, placeOf } from "../../player/places.ts";
import type { Remote } from "../../player/remote.ts";
import { Reason, ReasonOf } from "../../ui/Reason.tsx";
import { StatusBar } from "../../ui/StatusBar.tsx";
import { statusOfUpload } from "../../upload/status/current-status.ts";
import { uploadOf } from "../../upload/store.ts";
import { createNextAct } from "../next-act.ts";
import type { PlaybackQuery } from "../playback-query.ts";
import type { OwnPoster } from "../poster/own-poster.ts";
import type { PLAY } from "../status-bar.ts";
import { pageStatus } from "./status-of-page.ts";

type StageProps = {
  video: VideoDetail;
  playback: PlaybackQuery;
  chapters: readonly Chapter[];
  remote: Remote;
  ownPoster: OwnPoster;
  /** Whether the status bar stays although the video is ready: it was seen to be encoded. */
  tellsReady: boolean;
};

export function Stage(props: StageProps): JSX.Element {
  const playable = () => props.video.playable || props.video.status === "completed";
  // A change of shape would move the page: what was unknown when it was opened stays 16:9 until a reload.
  const shape = untrack(() =>
    props.video.width && props.video.height ? props.video.width / props.video.height : 16 / 9,
  );
  return (
    <div class="stage" style={{ "--shape": shape }}>
      <Show when={playable()} fallback={<NotYet video={props.video} />}>
        <Playing {...props} shape={shape} />
      </Show>
    </div>
  );
}

function Playing(props: StageProps & { shape: number }): JSX.Element {
  const bar = createUploadBar(() => props.video);
  const location = useLocation<Partial<typeof PLAY>>();
  const account = me()?.id ?? "";
  const { id } = props.video;
  const place = {
    seconds: () => placeOf(localStorage, account, id),
    keep: (seconds: number, duration: number) =>
      keepPlace(localStorage, { account, video: id }, seconds, duration),
  };
  return (
    <>
      <Player
        title={props.video.title}
        poster={props.video.poster}
        playback={props.playback.data}
        renew={() => getPlayback(id)}
        shape={props.shape}
        duration={props.video.duration}
        chapters={props.chapters}
        plays={location.state?.play === true}
        remote={props.remote}
        place={place}
        onUseFrame={props.video.status === "completed" ? props.ownPoster.takeFrame : undefined}
      />
      <Show when={props.playback.isError}>
        <Reason message={reasonOf(props.playback.error)}>
          <button type="button" class="button mt-4" onClick={() => void props.playback.refetch()}>
            {common("retry")}
          </button>
        </Reason>
      </Show>
      <Show when={props.video.status !== "completed" || props.tellsReady}>
        <div class="border-t-3 border-ink">
          <StatusBar words={bar.words()} about={props.video.title} onPress={bar.press()} busy={bar.busy()} />
        </div>
      </Show>
    </>
  );
}

/** The status bar's words and act: of this tab's upload while it runs, then of the video. */
function createUploadBar(video: () => VideoDetail) {
  const next = createNextAct(video);
  const words = () => {
    const running = next.upload();
    return running ? statusOfUpload(running) : pageStatus(video());
  };
  return { ...next, words };
}

function NotYet(props: { video: VideoDetail }): JSX.Element {
  const next = createUploadBar(() => props.video);
  return (
    <>
      <div class="hatch stage-unready">
        <div class="player-picture" />
        <div class="stage-news">
          <Show
            when={props.video.error}
            fallback={
              <p class="frame max-w-md p-4 text-center font-bold text-balance">{awaited(props.video)}</p>
            }
          >
            {(error) => (
              <div class="max-w-xl">
                <Reason message={failureText(error())} code={error().code} />
              </div>
            )}
          </Show>
        </div>
      </div>
      <div class="border-t-3 border-ink">
        <StatusBar words={next.words()} about={props.video.title} onPress={next.press()} busy={next.busy()} />
      </div>
      <ReasonOf failure={next.failure()} />
    </>
  );
}

function awaited(video: VideoDetail): string {
  if (video.status === "pending_upload" && video.origin === "import" && !video.processing)
    return t("awaitsImport");
  if (video.status === "pending_upload" && video.origin === "upload" && !uploadOf(video.id))
    return t("awaitsFile");
  if (video.status === "pending_upload" && !video.processing) return t("awaitsUpload");
  if (video.status === "queued") return t("awaitsWorker");
  return (video.processing?.chunks.length ?? 0) > 0 ? t("awaitsChunk") : t("awaitsReading");
}
