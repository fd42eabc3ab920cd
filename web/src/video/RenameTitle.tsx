/** The title, and the form to change it. */
import type { Video } from "@storagex/contract/video";
import { createSignal, For, type JSX, Show, untrack } from "solid-js";
import { createAct } from "../api/act.ts";
import { putVideo } from "../api/cache.ts";
import { updateVideo } from "../api/videos.ts";
import { Reason } from "../ui/Reason.tsx";

export function RenameTitle(props: { video: Video }): JSX.Element {
  const [editing, setEditing] = createSignal(false);
  let opener: HTMLButtonElement | undefined;
  const close = () => {
    setEditing(false);
    queueMicrotask(() => opener?.focus());
  };
  return (
    <Show
      when={editing()}
      fallback={
        <div class="flex items-start justify-between gap-4 max-md:flex-col">
          <h1 dir="auto" class="headline min-w-0 normal-case! text-phone md:text-huge">
            {/* Many titles are file names: line breaks after underscores are better than anywhere. */}
            <For each={props.video.title.split(/(?<=_)/)}>
              {(part) => (
                <>
                  {part}
                  <wbr />
                </>
              )}
            </For>
          </h1>
          <button ref={opener} type="button" class="key shrink-0" onClick={() => setEditing(true)}>
            Rename
          </button>
        </div>
      }
    >
      <TitleForm video={props.video} onClose={close} />
    </Show>
  );
}

function TitleForm(props: { video: Video; onClose: () => void }): JSX.Element {
  let input: HTMLInputElement | undefined;
  // The revision when the form was opened: a change by somebody else in the meantime is not overwritten
  // unseen.
  let revision = untrack(() => props.video.revision);
  const save = createAct(async () => {
    const title = input?.value.trim() ?? "";
    const seen = revision;
    // After a refusal the page shows the current title: saving again is then deliberate.
    revision = props.video.revision;
    if (title && title !== props.video.title) putVideo(await updateVideo(props.video.id, { title }, seen));
    props.onClose();
  });
  return (
    <form
      class="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save.run();
      }}
      onKeyDown={(event) => event.key === "Escape" && props.onClose()}
    >
      <div class="flex flex-wrap items-stretch gap-3">
        <input
          ref={(element) => {
            input = element;
            queueMicrotask(() => element.select());
          }}
          class="frame min-h-14 min-w-0 grow basis-60 px-3 text-large font-black"
          aria-label="Title"
          dir="auto"
          value={props.video.title}
          maxlength="300"
          required
        />
        <button type="submit" class="key key-signal" disabled={save.busy()}>
          {save.busy() ? "Saving" : "Save"}
        </button>
        <button type="button" class="key" onClick={props.onClose}>
          Cancel
        </button>
      </div>
      <Show when={save.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
    </form>
  );
}
