/** The forms of a card's menu: a new title, other tags. */
import type { Video } from "@storagex/contract/video";
import { createSignal, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { putVideo } from "../api/cache.ts";
import { updateVideo } from "../api/videos.ts";
import { Field } from "../ui/Field.tsx";
import { Reason } from "../ui/Reason.tsx";

export function RenameForm(props: { video: Video; onDone: () => void }): JSX.Element {
  const save = createAct(async (title: string) => {
    const { id, revision } = props.video;
    if (title !== props.video.title) putVideo(await updateVideo(id, { title }, revision));
    props.onDone();
  });
  return (
    <OneField
      label="Title"
      value={props.video.title}
      maxLength={300}
      missing="Enter a title."
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
      label="Tags"
      help="Separated by commas, at most 20."
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
      <Show when={props.act.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
      <div class="flex flex-wrap gap-4">
        <button type="submit" class="key key-signal" aria-disabled={props.act.busy()}>
          {props.act.busy() ? "Saving" : "Save"}
        </button>
        <button type="button" class="key" onClick={() => props.onCancel()}>
          Cancel
        </button>
      </div>
    </form>
  );
}
