/** The dialog of a question about uploads: the wrong file, the same file again, cancelling. */
import { For, type JSX, Match, Switch } from "solid-js";
import { Dialog } from "../ui/Dialog.tsx";
import { formatSize } from "../ui/format.ts";
import { answered, type Question, question } from "./questions.ts";
import { addFiles } from "./uploads.ts";

type Of<K extends Question["kind"]> = Extract<Question, { kind: K }>;

const TITLES = {
  "other-file": "Another file",
  again: "Uploaded before",
  cancel: "Cancel this upload?",
  "sign-out": "Sign out while uploading?",
} as const;

export default function Questions(): JSX.Element {
  const asked = <K extends Question["kind"]>(kind: K) => {
    const now = question();
    return now?.kind === kind ? (now as Of<K>) : undefined;
  };
  return (
    <Dialog
      open={question() !== undefined}
      onOpenChange={(open) => !open && answered()}
      title={TITLES[question()?.kind ?? "cancel"]}
    >
      <Switch>
        <Match when={asked("other-file")}>{(it) => <OtherFile asked={it()} />}</Match>
        <Match when={asked("again")}>{(it) => <Again asked={it()} />}</Match>
        <Match when={asked("cancel")}>{(it) => <Cancel asked={it()} />}</Match>
        <Match when={asked("sign-out")}>{(it) => <SignOut asked={it()} />}</Match>
      </Switch>
    </Dialog>
  );
}

function OtherFile(props: { asked: Of<"other-file"> }): JSX.Element {
  return (
    <>
      <p class="wrap-anywhere">
        <bdi class="font-bold">{props.asked.file.name}</bdi> ({formatSize(props.asked.file.size)}) is not{" "}
        <bdi class="font-bold">{props.asked.name}</bdi> ({formatSize(props.asked.size)}), or it was changed
        since. Upload it as a new video?
      </p>
      <Answers
        primary="Choose another file"
        onPrimary={props.asked.again}
        second="Upload as a new video"
        onSecond={() => void addFiles([{ file: props.asked.file }])}
      />
    </>
  );
}

function Again(props: { asked: Of<"again"> }): JSX.Element {
  return (
    <>
      <p>In your library already:</p>
      <ul class="mt-2 grid max-h-60 gap-1 overflow-y-auto">
        <For each={props.asked.files}>
          {({ file }) => (
            <li dir="auto" class="font-bold wrap-anywhere">
              {file.name}
            </li>
          )}
        </For>
      </ul>
      <Answers
        primary="Do not upload"
        second="Upload again"
        onSecond={() => void addFiles(props.asked.files)}
      />
    </>
  );
}

function Cancel(props: { asked: Of<"cancel"> }): JSX.Element {
  return (
    <>
      <p dir="auto" class="text-title leading-snug font-bold wrap-anywhere">
        {props.asked.name}
      </p>
      <p class="mt-3">
        {formatSize(props.asked.stored)} of {formatSize(props.asked.size)} are uploaded, and will be deleted.
      </p>
      <Answers primary="Keep uploading" second="Cancel the upload" onSecond={props.asked.cancel} isLoss />
    </>
  );
}

function SignOut(props: { asked: Of<"sign-out"> }): JSX.Element {
  return (
    <>
      <p>
        Your uploads stop. What has been sent is kept for 24 hours: sign in again and choose the same files to
        go on.
      </p>
      <Answers primary="Stay signed in" second="Sign out" onSecond={props.asked.signOut} isLoss />
    </>
  );
}

/** The safe answer first; it has the focus. */
function Answers(props: {
  primary: string;
  onPrimary?: () => void;
  second: string;
  onSecond: () => void;
  isLoss?: boolean;
}): JSX.Element {
  const answer = (act?: () => void) => {
    answered();
    act?.();
  };
  return (
    <div class="mt-6 flex flex-wrap gap-4">
      <button type="button" class="key" autofocus onClick={() => answer(props.onPrimary)}>
        {props.primary}
      </button>
      <button
        type="button"
        class="key"
        classList={{ "key-fail-full": props.isLoss ?? false }}
        onClick={() => answer(props.onSecond)}
      >
        {props.second}
      </button>
    </div>
  );
}
