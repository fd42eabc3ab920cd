/** Lets the owner choose the poster among the candidates that the worker made. */
import type { VideoDetail } from "@storagex/contract/video";
import { createSignal, For, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { putVideo, rereadVideo } from "../api/cache.ts";
import { updateVideo } from "../api/videos.ts";
import type { Remote } from "../player/remote.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Reason } from "../ui/Reason.tsx";

export function PosterChoice(props: {
  video: VideoDetail;
  remote: Remote;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}): JSX.Element {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title="Poster">
      <Candidates video={props.video} />
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
  });
  return (
    <>
      <fieldset class="grid grid-cols-2 gap-4">
        <legend class="mb-3">Shown before the video plays, in the library and where it is shared.</legend>
        <For each={props.video.posters}>
          {(poster, at) => (
            <label class="poster-choice">
              <input
                type="radio"
                name="poster"
                class="sr-only"
                checked={poster.index === shown()}
                aria-label={`Poster ${at() + 1} of ${props.video.posters.length}`}
                onChange={() => {
                  setWanted(poster.index);
                  choose.run();
                }}
              />
              <img src={poster.url} alt="" loading="lazy" class="aspect-video w-full object-cover" />
            </label>
          )}
        </For>
      </fieldset>
      <Show when={choose.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
    </>
  );
}
