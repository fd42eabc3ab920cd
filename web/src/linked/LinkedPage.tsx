/** The page of an upload link: a place to drop a file for anybody, then the upload until its video plays. */
import { Title } from "@solidjs/meta";
import { useParams } from "@solidjs/router";
import type { ShownUploadLink } from "@storagex/contract/uploads/upload-links";
import { createSignal, For, type JSX, lazy, Match, onMount, Show, Switch } from "solid-js";
import { createAct } from "../api/act.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/linked.ts";
import { t as uploads } from "../messages/upload.ts";
import { openFileDialog } from "../ui/file-dialog.ts";
import { formatLimit, formatMinute } from "../ui/format.ts";
import { LoadedPart } from "../ui/LoadedPart.tsx";
import { Reason } from "../ui/Reason.tsx";
import { unbroken } from "../ui/unbroken.ts";
import { WindowDrop } from "../upload/choose/WindowDrop.tsx";
import { type ReadLink, type Refused, readLink } from "./read-link.ts";
import { forget, type RememberedUpload, readRemembered } from "./remembered-upload.ts";

/** Player, status bar and engine: with the first file. */
const Sending = lazy(() => import("./Sending.tsx"));

type Begun = { remembered: RememberedUpload; file: File | undefined };

export function LinkedPage(): JSX.Element {
  const params = useParams();
  const token = () => params.token ?? "";
  const [link, setLink] = createSignal<ReadLink>();
  const [begun, setBegun] = createSignal<Begun>();
  /** How the upload ended. */
  const [end, setEnd] = createSignal<"open" | "done" | "refused">("open");
  const [dropped, setDropped] = createSignal<File>();
  const [complaint, setComplaint] = createSignal<string>();
  let titleField: HTMLInputElement | undefined;
  let isSending = () => false;
  const reading = createAct(async () => setLink(await readLink(token())));
  onMount(() => {
    const remembered = readRemembered(token());
    if (remembered) setBegun({ remembered, file: undefined });
    reading.run();
  });
  const begin = async (file: File) => {
    // What is shown next is loaded here: a page from before an update finds it nowhere, and says so.
    const pieces = await Promise.all([import("../upload/choose/accept.ts"), import("./Sending.tsx")]).catch(
      () => undefined,
    );
    if (!pieces) return setComplaint(common("pageFailed"));
    const [{ refusal }] = pieces;
    const wrong = refusal(file, link()?.link?.maxBytes);
    setComplaint(wrong);
    if (wrong) return;
    const { name, size, lastModified } = file;
    const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const title = titleField?.value.trim() ?? "";
    setBegun({ file, remembered: { key, title, name, size, lastModified, ticket: null } });
  };
  const drop = (file: File | undefined, folder: string | undefined) => {
    if (!file && folder !== undefined) setComplaint(uploads("folder", folder));
    if (!file) return;
    setDropped(() => file);
    if (!begun() && link()?.refused === undefined && link()) void begin(file);
  };
  const lines = () => {
    if (begun()) return ({ done: "doneLines", refused: "failedLines", open: "sendingLines" } as const)[end()];
    const refused = link()?.refused;
    return refused === "unknown" ? "unknownLines" : refused ? "refusedLines" : "lines";
  };
  const toLink = () => {
    isSending = () => false;
    setEnd("open");
    setBegun(undefined);
    reading.run();
  };
  const again = () => {
    forget(token());
    toLink();
  };
  return (
    <main
      class="gutter grid items-start gap-8 py-8 md:gap-12 md:py-16 lg:pt-[12svh]"
      classList={{
        "lg:grid-cols-[minmax(0,1fr)_minmax(0,560px)]": !begun(),
        "lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]": begun() !== undefined,
      }}
    >
      <Title>{common("pageTitle", t("title"))}</Title>
      <WindowDrop onFiles={([first], [folder]) => drop(first?.file, folder)} isSending={() => isSending()} />
      <Lines lines={t(lines())} />
      <Show
        when={begun()}
        keyed
        fallback={
          <div class="frame p-5 shadow-drop md:p-8">
            <h1 class="headline mb-6 text-large">{t("title")}</h1>
            <Switch
              fallback={
                <div role="status" aria-label={t("reading")} class="hatch h-48 border-3 border-ink" />
              }
            >
              <Match when={reading.failure()}>
                {(failure) => (
                  <Reason message={failure().message} code={failure().code}>
                    <button type="button" class="button mt-4" onClick={reading.run}>
                      {common("retry")}
                    </button>
                  </Reason>
                )}
              </Match>
              <Match when={link()?.refused}>
                {(refused) => <Refusal refused={refused()} onRetry={reading.run} />}
              </Match>
              <Match when={link()?.link}>
                {(open) => (
                  <Choice
                    link={open()}
                    complaint={complaint()}
                    titleRef={(field) => {
                      titleField = field;
                    }}
                    onChoose={() => chooseFile((file) => void begin(file))}
                  />
                )}
              </Match>
            </Switch>
          </div>
        }
      >
        {({ remembered, file }) => (
          <LoadedPart fallback={<div class="hatch h-48 border-3 border-ink" />}>
            <Sending
              link={token()}
              remembered={remembered}
              file={file}
              dropped={dropped}
              choose={chooseFile}
              onRefused={toLink}
              onSent={(isRefused) => {
                setEnd(isRefused ? "refused" : "done");
                reading.run();
              }}
              onSending={(ask) => {
                isSending = ask;
              }}
              takesMore={[undefined, "busy"].includes(link()?.refused)}
              onDone={again}
            />
          </LoadedPart>
        )}
      </Show>
    </main>
  );
}

function Lines(props: { lines: readonly string[] }): JSX.Element {
  return (
    <p class="headline text-phone md:text-giant lg:text-[clamp(2.375rem,5vw,4rem)]">
      <For each={props.lines}>
        {(line, index) => (
          <>
            <Show when={index() > 0}>
              <br />
            </Show>
            {line}
          </>
        )}
      </For>
    </p>
  );
}

function Choice(props: {
  link: ShownUploadLink;
  complaint: string | undefined;
  titleRef: (field: HTMLInputElement) => void;
  onChoose: () => void;
}): JSX.Element {
  return (
    <div class="grid gap-5">
      <p>{t("help")}</p>
      <Show
        when={props.link.title}
        fallback={
          <label class="grid gap-2">
            <span class="label">{t("titleField")}</span>
            <input
              ref={props.titleRef}
              class="frame field min-h-12 w-full min-w-0 px-3 text-base"
              maxlength={300}
              dir="auto"
              autocomplete="off"
            />
          </label>
        }
      >
        {(title) => (
          <p dir="auto" class="text-title font-bold wrap-anywhere">
            {t("forTitle", title())}
          </p>
        )}
      </Show>
      <div class="grid justify-items-center gap-4 border-3 border-dashed border-ink p-6 text-center md:py-10">
        <button type="button" class="button button-signal" onClick={() => props.onChoose()}>
          {t("choose")}
        </button>
        <p class="max-lg:hidden">{t("orDrop")}</p>
        <p class="number text-mute">
          {[
            t("limit", formatLimit(props.link.maxBytes)),
            t("left", props.link.uploadsLeft),
            t("until", formatMinute(Date.parse(props.link.expiresAt))),
          ]
            .map(unbroken)
            .join(" · ")}
        </p>
      </div>
      <Show when={props.complaint}>
        <p role="alert" class="border-l-[6px] border-fail pl-2 font-bold wrap-anywhere">
          {props.complaint}
        </p>
      </Show>
    </div>
  );
}

function Refusal(props: { refused: Refused; onRetry: () => void }): JSX.Element {
  const words = () => t("states")[props.refused];
  return (
    <div class="grid gap-4" role="status">
      <p class="hatch grid place-items-center border-3 border-ink p-6 text-center">
        <strong class="frame inline-block p-3 text-title">{words().title}</strong>
      </p>
      <p>{words().why}</p>
      <Show when={props.refused === "busy"}>
        <button type="button" class="button justify-self-start" onClick={() => props.onRetry()}>
          {common("retry")}
        </button>
      </Show>
    </div>
  );
}

/** For any file: what is no video is said so. */
function chooseFile(take: (file: File) => void): void {
  openFileDialog("", ([file]) => {
    if (file) take(file);
  });
}
