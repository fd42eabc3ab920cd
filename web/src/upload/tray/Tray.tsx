/** The tray: every upload of this tab, on every page, and what became of those that are done. */
import { useIsRouting, useLocation, useNavigate } from "@solidjs/router";
import { createEffect, createSignal, For, type JSX, lazy, on, onCleanup, onMount, Show } from "solid-js";
import { t } from "../../messages/upload.ts";
import { formatPercent } from "../../ui/format.ts";
import { LoadedPart } from "../../ui/LoadedPart.tsx";
import { StatusBar } from "../../ui/StatusBar.tsx";
import { askToCancel, uploadAction } from "../actions.ts";
import { refusals } from "../choose/choose-files.ts";
import { answered, question } from "../questions.ts";
import { recoverUploads } from "../resume/recover.ts";
import { statusOfUpload } from "../status/current-status.ts";
import { uploadFacts } from "../status/upload-status.ts";
import { type Upload, uploads } from "../store.ts";
import { CancelUpload } from "./CancelUpload.tsx";
import { DoneEntry, followDone } from "./DoneEntry.tsx";
import { clearDone, done } from "./done.ts";
import { NetworkNotice } from "./NetworkNotice.tsx";
import { askToNotify, canAsk } from "./notify.ts";
import { Refusals } from "./Refusals.tsx";
import { followTabTitle } from "./tab-title.ts";

const Questions = lazy(() => import("./Questions.tsx"));

export function Tray(): JSX.Element {
  const navigate = useNavigate();
  followTabTitle();
  followDone();
  onMount(() => {
    void recoverUploads();
    const open = (event: Event) => {
      if (event instanceof CustomEvent && typeof event.detail === "string") navigate(event.detail);
    };
    window.addEventListener("storagex:open", open);
    onCleanup(() => window.removeEventListener("storagex:open", open));
  });
  return (
    <>
      <div class="pointer-events-none fixed inset-x-4 bottom-4 z-30 grid gap-3 *:pointer-events-auto md:right-8 md:left-auto md:w-96">
        <NetworkNotice />
        <Uploads />
      </div>
      <Show when={question()}>
        <LoadedPart onMissing={answered}>
          <Questions />
        </LoadedPart>
      </Show>
    </>
  );
}

function Uploads(): JSX.Element {
  const location = useLocation();
  const isRouting = useIsRouting();
  // In the library the cards show what is sent, and a video's page needs its space: there the tray is only its head,
  // unless it has something to say. A signal of its own, apart from the router: a sum that changes during navigation would stay with
  // the old page.
  const [isHead, setHead] = createSignal(true);
  // Mounted while signing in leads to the library, it has read the path of the page before: read again at the end.
  createEffect(
    on([() => location.pathname, isRouting], ([path]) =>
      setHead(path === "/" || path.startsWith("/videos/")),
    ),
  );
  const [choice, setChoice] = createSignal<boolean>();
  const needsSomebody = () => uploads.some(({ state }) => state === "failed" || state === "missing");
  const open = () => choice() ?? (!isHead() || needsSomebody());
  return (
    <Show when={uploads.length > 0 || done.length > 0 || refusals().length > 0}>
      <aside aria-label={t("title")} class="frame arrive shadow-drop">
        <Refusals />
        <Show when={uploads.length > 0 || done.length > 0}>
          <button
            type="button"
            class="label flex min-h-11 w-full items-center justify-between gap-3 bg-ink px-3 text-left text-paper focus-visible:-outline-offset-6 focus-visible:outline-paper"
            aria-expanded={open()}
            onClick={() => setChoice(!open())}
          >
            <span>{summary()}</span>
            <span>{t(open() ? "hide" : "show")}</span>
          </button>
          <Show when={open()}>
            <ul class="max-h-[40vh] overflow-y-auto">
              <For each={uploads}>{(upload) => <UploadEntry upload={upload} />}</For>
              <For each={done}>{(video) => <DoneEntry video={video} />}</For>
            </ul>
            <Foot />
          </Show>
        </Show>
      </aside>
    </Show>
  );
}

/** `2 uploads · 43% · 1 uploaded · 1 stopped`. */
function summary(): string {
  const facts: string[] = [];
  if (uploads.length > 0) {
    const sent = uploads.reduce((sum, upload) => sum + upload.sent, 0);
    const size = uploads.reduce((sum, upload) => sum + upload.size, 0);
    facts.push(t("uploads", uploads.length), formatPercent(sent / size));
  }
  const refused = done.filter(({ isRefused }) => isRefused).length;
  if (done.length > refused) facts.push(t("uploaded", done.length - refused));
  if (refused > 0) facts.push(t("refusedMany", refused));
  return facts.join(" · ");
}

function UploadEntry(props: { upload: Upload }): JSX.Element {
  return (
    <li class="border-t-3 border-ink first:border-t-0">
      <div class="flex items-start justify-between gap-3 p-3">
        <div class="min-w-0">
          <p dir="auto" class="truncate font-bold">
            {props.upload.name}
          </p>
          <p class="number text-mute">{uploadFacts(props.upload)}</p>
        </div>
        <CancelUpload name={props.upload.name} onPress={() => askToCancel(props.upload)} />
      </div>
      <Show when={props.upload.reason}>
        <p class="px-3 pb-2 text-small font-bold">{props.upload.reason}</p>
      </Show>
      <div class="border-t-3 border-ink">
        <StatusBar
          words={statusOfUpload(props.upload)}
          about={props.upload.name}
          onPress={uploadAction(props.upload)}
        />
      </div>
    </li>
  );
}

function Foot(): JSX.Element {
  const asks = () => canAsk();
  return (
    <Show when={asks() || done.length > 0}>
      <div class="flex flex-wrap border-t-3 border-ink">
        <Show when={asks()}>
          <button
            type="button"
            class="label min-h-11 grow px-3 text-left hover:bg-ink hover:text-paper focus-visible:-outline-offset-6"
            onClick={() => void askToNotify()}
          >
            {t("notify")}
          </button>
        </Show>
        <Show when={done.length > 0}>
          <button
            type="button"
            class="label min-h-11 px-3 hover:bg-ink hover:text-paper focus-visible:-outline-offset-6"
            onClick={clearDone}
          >
            {t("clearList")}
          </button>
        </Show>
      </div>
    </Show>
  );
}
