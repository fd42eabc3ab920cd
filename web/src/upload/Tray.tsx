/** The tray: every upload of this tab, on every page, with pause, resume, retry and cancel. */
import { useLocation } from "@solidjs/router";
import { createEffect, createSignal, For, type JSX, Show } from "solid-js";
import { formatPercent } from "../ui/format.ts";
import { Icon } from "../ui/Icon.tsx";
import { StatusBar } from "../ui/StatusBar.tsx";
import { clearRefusals, refusals } from "./choose.ts";
import { cancelUpload, type Upload, uploadAction, uploads } from "./uploads.ts";
import { uploadFacts, uploadStatus } from "./words.ts";

export function Tray(): JSX.Element {
  const location = useLocation();
  const [open, setOpen] = createSignal(true);
  // The unfiltered library shows every upload that has a ticket as a card: there the tray would only cover
  // it. A signal of its own, apart from the router: a sum that changes during navigation would stay with the
  // old page.
  const [inCards, setInCards] = createSignal(true);
  createEffect(() => setInCards(location.pathname === "/" && location.search === ""));
  const shown = () => (inCards() ? uploads.filter(({ videoId }) => videoId === null) : uploads);
  const summary = () => {
    const sent = shown().reduce((sum, upload) => sum + upload.sent, 0);
    const size = shown().reduce((sum, upload) => sum + upload.size, 0);
    const count = shown().length;
    return `${count === 1 ? "1 upload" : `${count} uploads`} · ${formatPercent(sent / size)}`;
  };
  return (
    <Show when={shown().length > 0 || refusals().length > 0}>
      <aside
        aria-label="Uploads"
        class="frame arrive fixed inset-x-4 bottom-4 z-30 shadow-drop md:right-8 md:left-auto md:w-96"
      >
        <Refusals />
        <Show when={shown().length > 0}>
          <button
            type="button"
            class="label flex min-h-11 w-full items-center justify-between bg-ink px-3 text-paper focus-visible:-outline-offset-6 focus-visible:outline-paper"
            aria-expanded={open()}
            onClick={() => setOpen(!open())}
          >
            <span>{summary()}</span>
            <span>{open() ? "Hide" : "Show"}</span>
          </button>
          <Show when={open()}>
            <ul class="max-h-[40vh] overflow-y-auto">
              <For each={shown()}>{(upload) => <TrayEntry upload={upload} />}</For>
            </ul>
          </Show>
        </Show>
      </aside>
    </Show>
  );
}

function TrayEntry(props: { upload: Upload }): JSX.Element {
  return (
    <li class="border-t-3 border-ink first:border-t-0">
      <div class="flex items-center justify-between gap-3 py-1 pl-3">
        <div class="min-w-0">
          <p dir="auto" class="truncate font-bold">
            {props.upload.name}
          </p>
          <p class="number text-mute">{uploadFacts(props.upload)}</p>
        </div>
        <CancelUpload upload={props.upload} />
      </div>
      <Show when={props.upload.reason}>
        <p class="px-3 pb-2 text-small font-bold">{props.upload.reason}</p>
      </Show>
      <div class="border-t-3 border-ink">
        <StatusBar
          words={uploadStatus(props.upload)}
          about={props.upload.name}
          onPress={uploadAction(props.upload)}
        />
      </div>
    </li>
  );
}

/** Cancels an upload for good; in the tray and on its card. */
export function CancelUpload(props: { upload: Upload }): JSX.Element {
  return (
    <button
      type="button"
      class="grid size-11 shrink-0 place-items-center"
      aria-label={`Cancel the upload of ${props.upload.name}`}
      title="Cancel the upload"
      onClick={() => void cancelUpload(props.upload.id)}
    >
      <Icon name="close" />
    </button>
  );
}

function Refusals(): JSX.Element {
  return (
    <Show when={refusals().length > 0}>
      <div
        role="alert"
        class="flex items-start justify-between gap-3 border-b-3 border-ink bg-fail pl-3 text-black"
      >
        <ul class="grid gap-1 py-3 text-small font-bold">
          <For each={refusals()}>{(sentence) => <li class="break-words">{sentence}</li>}</For>
        </ul>
        <button
          type="button"
          class="grid size-11 shrink-0 place-items-center"
          aria-label="Close this message"
          onClick={clearRefusals}
        >
          <Icon name="close" />
        </button>
      </div>
    </Show>
  );
}
