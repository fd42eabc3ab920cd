/** The dialog that changes what a person writes about a video. */

import type { VideoDetail } from "@storagex/contract/videos/video";
import {
  descriptionSchema,
  MAX_DESCRIPTION,
  tagsSchema,
  titleSchema,
} from "@storagex/contract/videos/video-fields";
import { createSignal, createUniqueId, type JSX, untrack } from "solid-js";
import { createAct } from "../../api/act.ts";
import { putVideo, rereadVideo } from "../../api/cache.ts";
import { updateVideo } from "../../api/calls/videos.ts";
import { t } from "../../messages/video.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/form/Field.tsx";
import { FormFoot } from "../../ui/form/FormFoot.tsx";
import { focusFirstWrong } from "../../ui/pass-focus.ts";
import { tagsIn } from "./description.ts";

export function EditDetails(props: {
  video: VideoDetail;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}): JSX.Element {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={t("editDetails")}>
      <Form video={props.video} onClose={() => props.onOpenChange(false)} />
    </Dialog>
  );
}

type Complaints = { title?: string | undefined; tags?: string | undefined };

function Form(props: { video: VideoDetail; onClose: () => void }): JSX.Element {
  const first = untrack(() => props.video);
  // The revision when the form was opened: a change by somebody else in the meantime is not overwritten
  // unseen.
  let revision = first.revision;
  const [title, setTitle] = createSignal(first.title);
  const [description, setDescription] = createSignal(first.description);
  const [tags, setTags] = createSignal(first.tags.join(", "));
  const [complaints, setComplaints] = createSignal<Complaints>({});
  const save = createAct(async (form: HTMLFormElement) => {
    const wanted = {
      title: titleSchema.safeParse(title()),
      description: descriptionSchema.safeParse(description().trim()),
      tags: tagsSchema.safeParse(tagsIn(tags())),
    };
    setComplaints({
      title: wanted.title.success ? undefined : t("enterTitle"),
      tags: wanted.tags.success ? undefined : t("tagsRule"),
    });
    if (!wanted.title.success || !wanted.description.success || !wanted.tags.success)
      return focusFirstWrong(form);
    const seen = revision;
    // After a refusal the page shows the current values: saving again is then deliberate.
    revision = props.video.revision;
    const changes = {
      title: wanted.title.data,
      description: wanted.description.data,
      tags: wanted.tags.data,
    };
    putVideo(await updateVideo(props.video.id, changes, seen));
    await rereadVideo(props.video.id);
    props.onClose();
  });
  return (
    <form
      class="grid gap-5"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        save.run(event.currentTarget);
      }}
    >
      <Field
        label={t("title")}
        value={title()}
        maxlength="300"
        dir="auto"
        complaint={complaints().title}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <DescriptionField value={description()} onInput={setDescription} />
      <Field
        label={t("tags")}
        value={tags()}
        dir="auto"
        help={t("tagsHelp")}
        complaint={complaints().tags}
        onInput={(event) => setTags(event.currentTarget.value)}
      />
      <FormFoot act={save} label={t("save")} busyLabel={t("saving")} onCancel={props.onClose} />
    </form>
  );
}

function DescriptionField(props: { value: string; onInput: (text: string) => void }): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="grid gap-2">
      <label for={id} class="label">
        {t("description")}
      </label>
      <textarea
        id={id}
        class="frame min-h-32 w-full px-3 py-2 text-base"
        rows="5"
        dir="auto"
        maxlength={MAX_DESCRIPTION}
        aria-describedby={`${id}-help`}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <p id={`${id}-help`} class="text-small text-mute">
        {t("descriptionHelp")}
      </p>
    </div>
  );
}
