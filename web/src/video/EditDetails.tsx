/** The dialog that changes what a person writes about a video. */
import type { VideoDetail } from "@storagex/contract/video";
import { createSignal, type JSX, Show, untrack } from "solid-js";
import { createAct } from "../api/act.ts";
import { putVideo } from "../api/cache.ts";
import { updateVideo } from "../api/videos.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Reason } from "../ui/Reason.tsx";

export function EditDetails(props: {
  video: VideoDetail;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}): JSX.Element {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title="Edit details">
      <Form video={props.video} onClose={() => props.onOpenChange(false)} />
    </Dialog>
  );
}

function Form(props: { video: VideoDetail; onClose: () => void }): JSX.Element {
  // The revision when the form was opened: a change by somebody else in the meantime is not overwritten
  // unseen.
  let revision = untrack(() => props.video.revision);
  const [title, setTitle] = createSignal(untrack(() => props.video.title));
  const [complaint, setComplaint] = createSignal<string>();
  const save = createAct(async () => {
    const wanted = title().trim();
    setComplaint(wanted ? undefined : "Enter a title.");
    if (!wanted) return;
    const seen = revision;
    // After a refusal the page shows the current values: saving again is then deliberate.
    revision = props.video.revision;
    if (wanted !== props.video.title) putVideo(await updateVideo(props.video.id, { title: wanted }, seen));
    props.onClose();
  });
  return (
    <form
      class="grid gap-5"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        save.run();
      }}
    >
      <Field
        label="Title"
        value={title()}
        maxlength="300"
        dir="auto"
        complaint={complaint()}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <Show when={save.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
      <div class="flex flex-wrap gap-4">
        <button type="submit" class="key key-signal" aria-disabled={save.busy()}>
          {save.busy() ? "Saving" : "Save"}
        </button>
        <button type="button" class="key" onClick={props.onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
