/**
 * The form that adds captions: a file, its language and name; a preview, and what was repaired, before it is
 * added.
 */
import { captionsRequestSchema } from "@storagex/contract/videos/captions";
import {
  decodeAs,
  ENCODING_NAMES,
  ENCODINGS,
  type Encoding,
  encodingOf,
} from "@storagex/contract/webvtt/decode";
import { createMemo, createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { createAct } from "../../api/act.ts";
import { rereadVideo } from "../../api/cache.ts";
import { addCaptions } from "../../api/calls/videos.ts";
import { t } from "../../messages/video.ts";
import { Field } from "../../ui/form/Field.tsx";
import { FormFoot } from "../../ui/form/FormFoot.tsx";
import { Reason } from "../../ui/Reason.tsx";
import { CaptionsPreview } from "./CaptionsPreview.tsx";
import { readFile } from "./captions-file.ts";
import { LanguageChoice } from "./LanguageChoice.tsx";

/** More bytes than any file of 900,000 characters has. */
const MAX_BYTES = 4 * 1024 * 1024;

export function CaptionsForm(props: { id: string; onAdded: () => void }): JSX.Element {
  const [bytes, setBytes] = createSignal<Uint8Array>();
  const [language, setLanguage] = createSignal("en");
  const [label, setLabel] = createSignal("");
  const [chosen, setChosen] = createSignal<Encoding>();
  const [complaint, setComplaint] = createSignal<string>();
  const [isMissing, setMissing] = createSignal(false);

  const found = createMemo(() => encodingOf(bytes() ?? new Uint8Array(), language().trim()));
  const encoding = () => chosen() ?? found();
  const text = createMemo(() => decodeAs(bytes() ?? new Uint8Array(), encoding()));
  const file = createMemo(() => (bytes() ? readFile(text()) : undefined));

  const take = async (picked: File | undefined) => {
    setChosen(undefined);
    setComplaint(undefined);
    setMissing(false);
    const isTooLarge = picked !== undefined && picked.size > MAX_BYTES;
    if (isTooLarge) setComplaint(complaintOf("content"));
    setBytes(picked && !isTooLarge ? new Uint8Array(await picked.arrayBuffer()) : undefined);
  };
  const add = createAct(async () => {
    setMissing(bytes() === undefined);
    if (bytes() === undefined || file()?.fault !== undefined) return;
    const request = captionsRequestSchema.safeParse({
      language: language().trim(),
      label: label().trim() || nameOf(language().trim()),
      content: text(),
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
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        add.run();
      }}
    >
      <Field
        label={t("file")}
        type="file"
        accept=".srt,.vtt,.ass,.ssa,text/vtt"
        complaint={isMissing() ? t("chooseFile") : undefined}
        help={t("captionsRule")}
        onChange={(event) => take(event.currentTarget.files?.[0])}
      />
      <LanguageChoice value={language()} onChoose={setLanguage} />
      <Field
        label={t("label")}
        value={label()}
        maxlength="60"
        placeholder={nameOf(language())}
        onInput={(event) => setLabel(event.currentTarget.value)}
      />
      <Show when={file()}>
        {(read) => (
          <>
            <EncodingChoice found={found()} chosen={chosen()} onChoose={setChosen} />
            <CaptionsPreview file={read()} language={language().trim()} />
          </>
        )}
      </Show>
      <Show when={complaint()}>{(message) => <Reason message={message()} />}</Show>
      <FormFoot
        act={add}
        label={t("addCaptions")}
        busyLabel={t("addingCaptions")}
        disabled={file()?.fault !== undefined}
      />
    </form>
  );
}

/** The encoding that the file is read as; by default the detected one. */
function EncodingChoice(props: {
  found: Encoding;
  chosen: Encoding | undefined;
  onChoose: (encoding: Encoding | undefined) => void;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="grid gap-2">
      <label for={id} class="label">
        {t("encodingOfText")}
      </label>
      <select
        id={id}
        class="frame min-h-12 w-full px-3 text-base"
        aria-describedby={`${id}-help`}
        onChange={(event) =>
          props.onChoose(ENCODING_NAMES.find((name) => name === event.currentTarget.value))
        }
      >
        <option value="" selected={props.chosen === undefined}>
          {t("detected", ENCODINGS[props.found])}
        </option>
        <For each={ENCODING_NAMES}>
          {(name) => (
            <option value={name} selected={props.chosen === name}>
              {ENCODINGS[name]}
            </option>
          )}
        </For>
      </select>
      <p id={`${id}-help`} class="text-small text-mute">
        {t("encodingHelp")}
      </p>
    </div>
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
  if (field === "language") return t("languageRule");
  if (field === "content") return t("contentRule");
  return t("labelRule");
}
