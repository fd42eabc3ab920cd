/** The corner of the notices. A notice stays while the pointer or the focus is on it. */
import { createSignal, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import { t as common } from "../../messages/common.ts";
import { Icon } from "../Icon.tsx";
import { dismissToast, type Toast, toasts } from "./toasts.ts";

/** As long as a deletion can be undone. Milliseconds. */
const SHOWN_FOR = 10_000;

export function Toasts(): JSX.Element {
  return (
    <ol
      aria-live="polite"
      aria-label={common("notices")}
      class="pointer-events-none fixed inset-x-4 bottom-20 z-40 grid justify-items-start gap-3 md:right-auto md:bottom-4 md:left-8 md:w-104"
    >
      <For each={toasts()}>{(toast) => <Notice toast={toast} />}</For>
    </ol>
  );
}

function Notice(props: { toast: Toast }): JSX.Element {
  const [held, setHeld] = createSignal(false);
  let timer: ReturnType<typeof setTimeout>;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (held() ? start() : dismissToast(props.toast.id)), SHOWN_FOR);
  };
  onMount(start);
  onCleanup(() => clearTimeout(timer));
  return (
    <li
      class="arrive pointer-events-auto flex w-full border-3 border-ink items-center gap-3 bg-ink pl-3 text-paper"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <span dir="auto" class="line-clamp-2 min-w-0 grow py-2 font-bold wrap-anywhere">
        {props.toast.text}
      </span>
      <Show when={props.toast.act}>
        {(act) => (
          <button
            type="button"
            class="label min-h-11 shrink-0 bg-signal px-3 text-black focus-visible:-outline-offset-6 focus-visible:outline-black"
            onClick={() => {
              dismissToast(props.toast.id);
              act().run();
            }}
          >
            {act().label}
          </button>
        )}
      </Show>
      <button
        type="button"
        class="grid size-11 shrink-0 place-items-center focus-visible:-outline-offset-6 focus-visible:outline-paper"
        aria-label={common("closeNotice")}
        onClick={() => dismissToast(props.toast.id)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
