/** Whether anybody may watch the video by its address, and that address. */
import type { Video } from "@storagex/contract/video";
import { useQueryClient } from "@tanstack/solid-query";
import { type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { videoKey } from "../api/cache.ts";
import { updateVideo } from "../api/videos.ts";
import { Reason } from "../ui/Reason.tsx";
import { CopyField } from "./CopyField.tsx";
import { embedCode } from "./embed-code.ts";

export function Visibility(props: { video: Video }): JSX.Element {
  const cache = useQueryClient();
  const isPublic = () => props.video.visibility === "public";
  const change = createAct(async (changes: Parameters<typeof updateVideo>[1]) => {
    await updateVideo(props.video.id, changes);
    await cache.invalidateQueries({ queryKey: videoKey(props.video.id) });
  });
  return (
    <section class="grid gap-3" aria-label="Public page">
      <label class="flex min-h-11 items-center gap-3 font-bold">
        <input
          type="checkbox"
          class="size-6 accent-ink"
          checked={isPublic()}
          disabled={change.busy()}
          onChange={(event) => change.run({ visibility: event.currentTarget.checked ? "public" : "private" })}
        />
        Public: anyone with the address can watch, and search engines may list it
      </label>
      <Show when={isPublic()}>
        <CopyField label="Public page" text={`${location.origin}/watch/${props.video.id}`} />
        <CopyField
          label="Embed code"
          text={embedCode(`${location.origin}/embed/${props.video.id}`, props.video)}
        />
        <label class="flex min-h-11 items-center gap-3 font-bold">
          <input
            type="checkbox"
            class="size-6 accent-ink"
            checked={props.video.publicDownload}
            disabled={change.busy()}
            onChange={(event) => change.run({ publicDownload: event.currentTarget.checked })}
          />
          Allow downloading the MP4
        </label>
      </Show>
      <Show when={change.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
    </section>
  );
}
