/** Lets the owner choose the poster among the candidates that the worker made. */
import type { VideoDetail } from "@storagex/contract/video";
import { For, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { putVideo, rereadVideo } from "../api/cache.ts";
import { updateVideo } from "../api/videos.ts";
import { Reason } from "../ui/Reason.tsx";

export function PosterChoice(props: { video: VideoDetail }): JSX.Element {
  const choose = createAct(async (posterIndex: number) => {
    putVideo(await updateVideo(props.video.id, { posterIndex }));
    await rereadVideo(props.video.id);
  });
  return (
    <section aria-labelledby="poster-title" class="frame grid gap-4 p-4 shadow-drop">
      <h2 id="poster-title" class="label text-base">
        Poster
      </h2>
      <fieldset aria-labelledby="poster-title" class="grid grid-cols-3 gap-3" disabled={choose.busy()}>
        <For each={props.video.posters}>
          {(poster, at) => (
            <label class="relative block cursor-pointer border-3 border-ink bg-black has-checked:outline-[6px] has-checked:outline-signal has-focus-visible:outline-[6px]">
              <input
                type="radio"
                name="poster"
                class="sr-only"
                checked={poster.index === props.video.posterIndex}
                aria-label={`Poster ${at() + 1} of ${props.video.posters.length}`}
                onChange={() => choose.run(poster.index)}
              />
              <img src={poster.url} alt="" loading="lazy" class="aspect-video w-full object-contain" />
              <Show when={poster.index === props.video.posterIndex}>
                <span class="label absolute right-0 bottom-0 bg-signal px-1.5 text-small text-black">
                  Shown
                </span>
              </Show>
            </label>
          )}
        </For>
      </fieldset>
      <Show when={choose.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
    </section>
  );
}
