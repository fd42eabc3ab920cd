/** The dialog of a question about uploads: the wrong file, the same file again, cancelling; and the form of an import. */
import { For, type JSX, Match, Switch } from "solid-js";
import { t as common } from "../../messages/common.ts";
import { t } from "../../messages/questions.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { formatSize } from "../../ui/format.ts";
import { uploadFiles } from "../choose/choose-files.ts";
import { ImportVideo } from "../choose/ImportVideo.tsx";
import { answered, type Question, question } from "../questions.ts";

type Of<K extends Question["kind"]> = Extract<Question, { kind: K }>;

export default function Questions(): JSX.Element {
  const asked = <K extends Question["kind"]>(kind: K) => {
    const now = question();
    return now?.kind === kind ? (now as Of<K>) : undefined;
  };
  return (
    <Dialog
      open={question() !== undefined}
      onOpenChange={(open) => !open && answered()}
      title={titleOf(question()?.kind ?? "cancel")}
    >
      <Switch>
        <Match when={asked("other-file")}>{(it) => <OtherFile asked={it()} />}</Match>
        <Match when={asked("again")}>{(it) => <Again asked={it()} />}</Match>
        <Match when={asked("cancel")}>{(it) => <Cancel asked={it()} />}</Match>
        <Match when={asked("import")}>
          <ImportVideo />
        </Match>
        <Match when={asked("sign-out")}>{(it) => <SignOut asked={it()} />}</Match>
      </Switch>
    </Dialog>
  );
}

const titleOf = (kind: Question["kind"]) =>
  kind === "import" ? common("importFromUrl") : t("questions")[kind];

function OtherFile(props: { asked: Of<"other-file"> }): JSX.Element {
  return (
    <>
      <p class="wrap-anywhere">
        {t(
          "isNot",
          <bdi class="font-bold">{props.asked.file.name}</bdi>,
          formatSize(props.asked.file.size),
          <bdi class="font-bold">{props.asked.name}</bdi>,
          formatSize(props.asked.size),
        )}
      </p>
      <Answers
        primary={t("chooseAnother")}
        onPrimary={props.asked.again}
        second={t("uploadAsNew")}
        onSecond={() => void uploadFiles([{ file: props.asked.file }])}
      />
    </>
  );
}

function Again(props: { asked: Of<"again"> }): JSX.Element {
  return (
    <>
      <p>{t("inLibrary")}</p>
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
        primary={t("doNotUpload")}
        second={t("uploadAgain")}
        onSecond={() => void uploadFiles(props.asked.files)}
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
      <p class="mt-3">{t("cancelWarning", formatSize(props.asked.stored), formatSize(props.asked.size))}</p>
      <Answers primary={t("keepUploading")} second={t("cancelUpload")} onSecond={props.asked.cancel} isLoss />
    </>
  );
}

function SignOut(props: { asked: Of<"sign-out"> }): JSX.Element {
  return (
    <>
      <p>{t("signOutWarning")}</p>
      <Answers primary={t("staySignedIn")} second={t("signOut")} onSecond={props.asked.signOut} isLoss />
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
      <button type="button" class="button" autofocus onClick={() => answer(props.onPrimary)}>
        {props.primary}
      </button>
      <button
        type="button"
        class="button"
        classList={{ "button-fail-full": props.isLoss ?? false }}
        onClick={() => answer(props.onSecond)}
      >
        {props.second}
      </button>
    </div>
  );
}
