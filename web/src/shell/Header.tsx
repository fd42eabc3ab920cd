/** The head of every page: logo, navigation, who is signed in, the upload button. */
import { A, useLocation } from "@solidjs/router";
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { logout, me } from "../api/session.ts";
import { Icon } from "../ui/Icon.tsx";
import { Reason } from "../ui/Reason.tsx";
import { ThemeSwitch } from "../ui/ThemeSwitch.tsx";
import { chooseFiles } from "../upload/choose.ts";
import { Mark } from "./Mark.tsx";

const LINK =
  "label flex min-h-14 items-center border-ink px-4 hover:bg-signal hover:text-black lg:min-h-16 lg:border-r-3 lg:px-5 focus-visible:-outline-offset-6 aria-[current=page]:bg-ink aria-[current=page]:text-paper aria-[current=page]:focus-visible:outline-paper border-t-3 lg:border-t-0";

export function Header(): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  const signOut = async () => {
    setFailure(undefined);
    await logout().catch((error: unknown) => setFailure(`You are still signed in. ${reasonOf(error)}`));
  };
  const location = useLocation();
  createEffect(
    on(
      () => location.pathname,
      () => setOpen(false),
    ),
  );
  return (
    <header class="relative z-20 border-b-3 border-ink bg-paper">
      <div class="flex flex-wrap items-stretch">
        <Mark />
        <nav
          id="places"
          aria-label="Main"
          class="order-last w-full lg:order-none lg:flex lg:w-auto"
          classList={{ hidden: !open(), "max-lg:block": open() }}
        >
          <Places onSignOut={() => void signOut()} />
        </nav>
        <div class="ml-auto flex items-center gap-2 pr-4 md:gap-4 md:pr-8">
          <span class="max-lg:hidden">
            <ThemeSwitch />
          </span>
          <Show when={me()}>
            <button
              type="button"
              class="grid size-11 place-items-center border-3 border-ink lg:hidden"
              aria-expanded={open()}
              aria-controls="places"
              aria-label="Menu"
              onClick={() => setOpen(!open())}
            >
              <Icon name={open() ? "close" : "menu"} size={18} />
            </button>
            <button type="button" class="key key-signal max-md:px-3" onClick={chooseFiles}>
              <Icon name="plus" size={12} />
              <span class="max-[359px]:sr-only">Upload</span>
            </button>
          </Show>
          <Show when={!me()}>
            <span class="lg:hidden">
              <ThemeSwitch />
            </span>
          </Show>
        </div>
      </div>
      <Show when={failure()}>
        {(message) => (
          <Reason message={message()}>
            <button type="button" class="key mt-4" onClick={() => void signOut()}>
              Sign out again
            </button>
          </Reason>
        )}
      </Show>
    </header>
  );
}

function Places(props: { onSignOut: () => void }): JSX.Element {
  const location = useLocation();
  const here = (path: string) => (location.pathname === path ? "page" : undefined);
  return (
    <Show
      when={me()}
      fallback={
        <a href="/docs" rel="external" class={LINK}>
          API
        </a>
      }
    >
      {(user) => (
        <>
          <A href="/" class={LINK} aria-current={here("/")}>
            Library
          </A>
          <Show when={user().role === "admin"}>
            <A href="/admin" class={LINK} aria-current={here("/admin")}>
              Admin
            </A>
          </Show>
          <a href="/docs" rel="external" class={LINK}>
            API
          </a>
          <A href="/account" class={LINK} aria-current={here("/account")}>
            You
          </A>
          <button type="button" class={`${LINK} max-lg:w-full`} onClick={() => props.onSignOut()}>
            Sign out
          </button>
          <div class="flex items-center justify-between border-t-3 border-ink px-4 lg:hidden">
            <span class="number break-all">{user().email}</span>
            <ThemeSwitch />
          </div>
        </>
      )}
    </Show>
  );
}
