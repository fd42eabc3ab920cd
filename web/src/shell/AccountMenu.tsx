/** Who is signed in; opened, the way to the account and out. */
import { A, useLocation } from "@solidjs/router";
import type { Me } from "@storagex/contract/accounts/account";
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { t } from "../messages/shell.ts";
import { Icon } from "../ui/Icon.tsx";

export function AccountMenu(props: { user: Me; onSignOut: () => void }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  let box: HTMLDivElement | undefined;
  let opener: HTMLButtonElement | undefined;
  const location = useLocation();
  createEffect(
    on(
      () => location.pathname,
      () => setOpen(false),
    ),
  );
  const close = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen()) return;
    setOpen(false);
    opener?.focus();
  };
  onMount(() => {
    const outside = (event: Event) => {
      if (event.target instanceof Node && !box?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    document.addEventListener("keydown", close);
    onCleanup(() => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
      document.removeEventListener("keydown", close);
    });
  });
  const shown = () => props.user.name ?? props.user.email;
  return (
    <div ref={box} class="sm:relative">
      <button
        ref={opener}
        type="button"
        class="flex min-h-11 max-w-56 items-center gap-2 border-3 border-ink px-3 hover:bg-signal hover:text-black aria-expanded:bg-ink aria-expanded:text-paper max-lg:size-11 max-lg:justify-center max-lg:p-0"
        aria-expanded={isOpen()}
        aria-controls="account-menu"
        onClick={() => setOpen(!isOpen())}
      >
        <span class="sr-only">{`${t("accountOf")} `}</span>
        <span dir="auto" class="truncate font-bold max-lg:sr-only">
          {shown()}
        </span>
        <span aria-hidden="true" class="lg:hidden">
          <Icon name="user" size={16} />
        </span>
      </button>
      <Show when={isOpen()}>
        <div
          id="account-menu"
          class="frame arrive absolute top-full right-0 z-30 mt-2 grid w-72 max-w-[calc(100vw-32px)] shadow-drop max-sm:right-4"
        >
          <p class="number p-4 break-all">{props.user.email}</p>
          <A
            href="/account"
            class="label flex min-h-12 items-center border-t-3 border-ink px-4 hover:bg-signal hover:text-black focus-visible:-outline-offset-6"
          >
            {t("account")}
          </A>
          <button
            type="button"
            class="label flex min-h-12 items-center border-t-3 border-ink px-4 text-left hover:bg-signal hover:text-black focus-visible:-outline-offset-6"
            onClick={() => {
              setOpen(false);
              // Where it is asked whether to, the focus comes back here.
              opener?.focus();
              props.onSignOut();
            }}
          >
            {t("signOut")}
          </button>
        </div>
      </Show>
    </div>
  );
}
