/** What was done with the source that its owner may not expect; shows nothing where there are no notes. */
import type { VideoDetail } from "@storagex/contract/videos/video";
import { For, type JSX, Show } from "solid-js";
import { noteText } from "../../messages/of-api.ts";
import { t } from "../../messages/video.ts";

export function Notes(props: { notes: VideoDetail["notes"] }): JSX.Element {
  return (
    <Show when={props.notes.length > 0}>
      <section aria-labelledby="notes-title" class="grid gap-2 border-3 border-ink p-3">
        <h2 id="notes-title" class="label text-mute">
          {t("notes")}
        </h2>
        <ul class="grid gap-1">
          <For each={props.notes}>{(note) => <li class="min-w-0 break-words">{noteText(note)}</li>}</For>
        </ul>
      </section>
    </Show>
  );
}
