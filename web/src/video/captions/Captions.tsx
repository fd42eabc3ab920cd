/** Captions: the existing tracks, a form to add one from a file, a button to delete one. */
import { Key } from "@solid-primitives/keyed";
import type { CaptionTrack } from "@storagex/contract/videos/captions";
import type { VideoDetail } from "@storagex/contract/videos/video";
import { createSignal, type JSX, Show } from "solid-js";
import { createAct } from "../../api/act.ts";
import { rereadVideo } from "../../api/cache.ts";
import { deleteCaptions } from "../../api/calls/videos.ts";
import { t as common } from "../../messages/common.ts";
import { t } from "../../messages/video.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { ReasonOf } from "../../ui/Reason.tsx";
import { CaptionsForm } from "./CaptionsForm.tsx";

export function Captions(props: {
  video: VideoDetail;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}): JSX.Element {
  const [adds, setAdds] = createSignal(false);
  let wasAdded = false;
  const added = () => {
    wasAdded = true;
    setAdds(false);
  };
  /** The form had the focus and is gone: its opener gets it back. */
  const refocus = (opener: HTMLElement) => {
    if (wasAdded) queueMicrotask(() => opener.focus());
    wasAdded = false;
  };
  const change = (open: boolean) => {
    setAdds(false);
    props.onOpenChange(open);
  };
  return (
    <Dialog open={props.open} onOpenChange={change} title={t(adds() ? "addCaptions" : "captions")}>
      <Show when={!adds()} fallback={<CaptionsForm id={props.video.id} onAdded={added} />}>
        <div class="grid gap-5">
          <Show when={props.video.captions.length > 0} fallback={<p>{t("noCaptions")}</p>}>
            <ul class="border-3 border-ink">
              <Key each={props.video.captions} by="id">
                {(track) => <Track id={props.video.id} track={track()} />}
              </Key>
            </ul>
          </Show>
          <button ref={refocus} type="button" class="button justify-self-start" onClick={() => setAdds(true)}>
            <Icon name="plus" size={12} /> {t("addCaptions")}
          </button>
        </div>
      </Show>
    </Dialog>
  );
}

/** A track; its cross asks before anything is deleted. */
function Track(props: { id: string; track: CaptionTrack }): JSX.Element {
  const [asks, setAsks] = createSignal(false);
  const remove = createAct(async () => {
    await deleteCaptions(props.id, props.track.id);
    await rereadVideo(props.id);
  });
  return (
    <li class="grid gap-2 border-t-3 border-ink first:border-t-0">
      <div class="flex items-center justify-between gap-2 pl-3">
        <span class="min-w-0 py-2">
          <span dir="auto" class="block truncate font-bold">
            {props.track.label}
          </span>
          <span class="number text-mute">{props.track.language ?? t("languageUnknown")}</span>
        </span>
        <button
          type="button"
          class="grid size-11 shrink-0 place-items-center"
          aria-expanded={asks()}
          aria-label={t("deleteCaptionsOf", props.track.label)}
          onClick={() => setAsks(!asks())}
        >
          <Icon name="close" />
        </button>
      </div>
      <Show when={asks()}>
        <div class="flex flex-wrap gap-3 p-3 pt-0">
          <button
            type="button"
            class="button button-fail-full"
            aria-disabled={remove.busy()}
            onClick={remove.run}
            ref={(element) => queueMicrotask(() => element.focus())}
          >
            {t("deleteCaptions")}
          </button>
          <button type="button" class="button" onClick={() => setAsks(false)}>
            {common("cancel")}
          </button>
        </div>
      </Show>
      <ReasonOf failure={remove.failure()} />
    </li>
  );
}
