/** The forms of a card's menu: a new title, other tags. */
import type { Video } from "@storagex/contract/videos/video";
import { createSignal, type JSX } from "solid-js";
import { createAct } from "../../api/act.ts";
import { putVideo } from "../../api/cache.ts";
import { updateVideo } from "../../api/calls/videos.ts";
import { t as cards } from "../../messages/cards.ts";
import { t } from "../../messages/library.ts";
import { Field } from "../../ui/form/Field.tsx";
import { FormFoot } from "../../ui/form/FormFoot.tsx";

export function RenameForm(props: { video: Video; onDone: () => void }): JSX.Element {
  const save = createAct(async (title: string) => {
    const { id, revision } = props.video;
    if (title !== props.video.title) putVideo(await updateVideo(id, { title }, revision));
    props.onDone();
  });
  return (
    <OneField
      label={cards("title")}
      value={props.video.title}
      maxLength={300}
      missing={cards("enterTitle")}
      act={save}
      onCancel={props.onDone}
    />
  );
}

export function TagsForm(props: { video: Video; onDone: () => void }): JSX.Element {
  const save = createAct(async (text: string) => {
    putVideo(await updateVideo(props.video.id, { tags: tagsIn(text) }, props.video.revision));
    props.onDone();
  });
  return (
    <OneField
      label={t("tags")}
      help={cards("tagsHelp")}
      value={props.video.tags.join(", ")}
      maxLength={1_100}
      act={save}
      onCancel={props.onDone}
    />
  );
}

/** The tags of a text with commas. */
export const tagsIn = (text: string): string[] => [
  ...new Set(text.split(",").flatMap((tag) => tag.trim() || [])),
];

export function OneField(props: {
  label: string;
  help?: string;
  value: string;
  maxLength: number;
  /** The complaint about an empty field; without it nothing is a value, too. */
  missing?: string;
  act: ReturnType<typeof createAct<[string]>>;
  onCancel: () => void;
}): JSX.Element {
  const [complaint, setComplaint] = createSignal<string>();
  let field: HTMLInputElement | undefined;
  const submit = () => {
    const value = field?.value.trim() ?? "";
    setComplaint(value === "" ? props.missing : undefined);
    if (complaint()) field?.focus();
    else props.act.run(value);
  };
  return (
    <form
      class="grid gap-5"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        ref={(input: HTMLInputElement) => {
          field = input;
          queueMicrotask(() => input.select());
        }}
        label={props.label}
        help={props.help}
        name="value"
        dir="auto"
        value={props.value}
        maxlength={props.maxLength}
        complaint={complaint()}
        autocomplete="off"
      />
      <FormFoot act={props.act} label={cards("save")} busyLabel={cards("saving")} onCancel={props.onCancel} />
    </form>
  );
}
