/** Captions: the tracks there are, a way to add one from a file, a way to take one away. */
import { type CaptionTrack, captionsRequestSchema } from "@storagex/contract/captions";
import type { VideoDetail } from "@storagex/contract/video";
import { createSignal, For, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { rereadVideo } from "../api/cache.ts";
import { addCaptions, deleteCaptions } from "../api/videos.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Reason } from "../ui/Reason.tsx";

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
        <span class="block truncate font-bold">{props.track.label}</span>
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

function CaptionsForm(props: { id: string; onAdded: () => void }): JSX.Element {
  const [file, setFile] = createSignal<File>();
  const [language, setLanguage] = createSignal("en");
  const [label, setLabel] = createSignal("");
  const [complaint, setComplaint] = createSignal<string>();
  const add = createAct(async () => {
    const request = captionsRequestSchema.safeParse({
      language: language().trim(),
      label: label().trim() || nameOf(language().trim()),
      content: (await file()?.text()) ?? "",
    });
    setComplaint(request.success ? undefined : complaintOf(request.error.issues[0]?.path[0]));
    if (!request.success) return;
    await addCaptions(props.id, request.data);
    await rereadVideo(props.id);
    props.onAdded();
  });
  return (
    <form
      class="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        add.run();
      }}
    >
      <Field
        label="File"
        type="file"
        accept=".srt,.vtt,text/vtt"
        required
        help="SRT or WebVTT, at most 900 kB."
        onChange={(event) => setFile(event.currentTarget.files?.[0])}
      />
      <Field
        label="Language"
        value={language()}
        required
        maxlength="35"
        help="A tag such as en, de or pt-BR."
        onInput={(event) => setLanguage(event.currentTarget.value)}
      />
      <Field
        label="Name in the menu"
        value={label()}
        maxlength="60"
        placeholder={nameOf(language())}
        onInput={(event) => setLabel(event.currentTarget.value)}
      />
      <Show when={complaint()}>{(message) => <Reason message={message()} />}</Show>
      <Show when={add.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
      <button type="submit" class="key key-signal" disabled={add.busy()}>
        {add.busy() ? "Adding" : "Add them"}
      </button>
    </form>
  );
}

/** The language's own name (`de` → `Deutsch`), or the tag. */
function nameOf(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

function complaintOf(field: PropertyKey | undefined): string {
  if (field === "language") return "The language must be a tag such as en, de or pt-BR.";
  if (field === "content") return "The file is empty or larger than 900 kB.";
  return "Give the captions a name of at most 60 letters.";
}
