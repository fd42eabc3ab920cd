/** Captions: the existing tracks, a form to add one from a file, a button to delete one. */
import type { CaptionTrack } from "@storagex/contract/captions";
import type { VideoDetail } from "@storagex/contract/video";
import { createSignal, For, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { rereadVideo } from "../api/cache.ts";
import { deleteCaptions } from "../api/videos.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { CaptionsForm } from "./CaptionsForm.tsx";

export function Captions(props: { video: VideoDetail }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <section aria-labelledby="captions-title" class="frame grid gap-4 p-4 shadow-drop">
      <h2 id="captions-title" class="label text-base">
        Captions
      </h2>
      <Show when={props.video.captions.length > 0} fallback={<p class="text-small">None yet.</p>}>
        <ul class="border-3 border-ink">
          <For each={props.video.captions}>{(track) => <Track id={props.video.id} track={track} />}</For>
        </ul>
      </Show>
      <button type="button" class="key justify-self-start" onClick={() => setOpen(true)}>
        <Icon name="plus" size={12} /> Add captions
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title="Add captions">
        <CaptionsForm id={props.video.id} onAdded={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}

function Track(props: { id: string; track: CaptionTrack }): JSX.Element {
  const remove = createAct(async () => {
    await deleteCaptions(props.id, props.track.id);
    await rereadVideo(props.id);
  });
  return (
    <li class="flex items-center justify-between gap-2 border-t-3 border-ink pl-3 first:border-t-0">
      <span class="min-w-0 py-2">
        <span dir="auto" class="block truncate font-bold">
          {props.track.label}
        </span>
        <span class="number text-mute">{props.track.language ?? "language unknown"}</span>
      </span>
      <button
        type="button"
        class="grid size-11 shrink-0 place-items-center"
        disabled={remove.busy()}
        aria-label={`Delete the captions ${props.track.label}`}
        onClick={remove.run}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
