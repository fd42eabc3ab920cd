/** Lets the owner choose the poster: a candidate of the worker's, a frame of the video, or an image. */
import { POSTER_IMAGE_TYPES } from "@storagex/contract/videos/poster";
import type { VideoDetail } from "@storagex/contract/videos/video";
import { createSignal, Index, type JSX, Show, untrack } from "solid-js";
import { createAct } from "../../api/act.ts";
import { putVideo, rereadVideo } from "../../api/cache.ts";
import { updateVideo } from "../../api/calls/videos.ts";
import { t } from "../../messages/video.ts";
import type { Remote } from "../../player/remote.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { formatClock } from "../../ui/format.ts";
import { Icon } from "../../ui/Icon.tsx";
import { ReasonOf } from "../../ui/Reason.tsx";
import { StatusBar } from "../../ui/StatusBar.tsx";
import type { OwnPoster } from "./own-poster.ts";

export function PosterChoice(props: {
  video: VideoDetail;
  remote: Remote;
  ownPoster: OwnPoster;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}): JSX.Element {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={t("poster")}>
      <Candidates video={props.video} />
      <Own ownPoster={props.ownPoster} remote={props.remote} />
    </Dialog>
  );
}

/**
 * The choice is shown at once and saved behind it. Nothing is disabled meanwhile: a radio that is would lose
 * the focus. Of quick presses the last one wins.
 */
function Candidates(props: { video: VideoDetail }): JSX.Element {
  const [wanted, setWanted] = createSignal<number>();
  const shown = () => wanted() ?? props.video.posterIndex;
  const choose = createAct(async () => {
    for (let saved: number | undefined; saved !== wanted(); ) {
      saved = wanted();
      putVideo(await updateVideo(props.video.id, { posterIndex: saved }));
    }
    await rereadVideo(props.video.id);
    setWanted(undefined);
  });
  return (
    <>
      <fieldset class="grid grid-cols-2 gap-3 sm:grid-cols-3">
        <legend class="mb-3">{t("posterHelp")}</legend>
        {/* By place: a radio stays, with the focus, where its picture gets a fresh URL. */}
        <Index each={props.video.posters}>
          {(poster, at) => (
            <label class="poster-choice">
              <input
                type="radio"
                name="poster"
                class="sr-only"
                checked={poster().index === shown()}
                aria-label={t("posterOf", at + 1, props.video.posters.length)}
                onChange={() => {
                  setWanted(poster().index);
                  choose.run();
                }}
              />
              <img src={poster().url} alt="" loading="lazy" class="aspect-video w-full object-cover" />
              <span class="poster-mark">
                <Icon name="check" size={16} />
              </span>
            </label>
          )}
        </Index>
      </fieldset>
      <ReasonOf failure={choose.failure()} />
    </>
  );
}

function Own(props: { ownPoster: OwnPoster; remote: Remote }): JSX.Element {
  let input: HTMLInputElement | undefined;
  // Where the player was when the dialog was opened; null before playback has begun.
  const at = untrack(() => props.remote.exactTime());
  const isBusy = () => props.ownPoster.status() !== null;
  return (
    <section aria-label={t("ownPoster")} class="mt-6 grid gap-4">
      <div class="grid gap-4 sm:flex sm:flex-wrap">
        <Show when={at !== null}>
          <button
            type="button"
            class="button button-signal"
            aria-disabled={isBusy()}
            onClick={() => !isBusy() && props.ownPoster.takeFrame(at ?? 0)}
          >
            {t("useFrameAt", formatClock(at ?? 0))}
          </button>
        </Show>
        <button
          type="button"
          class="button"
          aria-disabled={isBusy()}
          onClick={() => !isBusy() && input?.click()}
        >
          {t("uploadImage")}
        </button>
        <input
          ref={input}
          type="file"
          class="hidden"
          tabindex="-1"
          accept={POSTER_IMAGE_TYPES.join(",")}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            // The same file can be chosen again after it was changed.
            event.currentTarget.value = "";
            if (file) props.ownPoster.upload(file);
          }}
        />
      </div>
      <p class="text-small text-mute">
        {t("imageRule")}
        <Show when={at === null}>{t("toUseFrame")}</Show>
      </p>
      <Show when={props.ownPoster.status()}>
        {(status) => (
          <div role="status" class="border-3 border-ink">
            <StatusBar
              words={{ tone: "signal", left: status().text, fraction: status().fraction ?? 0 }}
              about={t("thePoster")}
            />
          </div>
        )}
      </Show>
      <ReasonOf failure={isBusy() ? undefined : props.ownPoster.failure()} />
    </section>
  );
}
