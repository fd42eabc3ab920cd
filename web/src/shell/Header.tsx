/** The head of every page: logo, navigation, theme, who is signed in, the upload button. */
import { A, useLocation } from "@solidjs/router";
import { createEffect, createSignal, type JSX, lazy, on, Show } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { changeMe, logout, me, session } from "../api/session.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/shell.ts";
import { Icon } from "../ui/Icon.tsx";
import { LoadedPart } from "../ui/LoadedPart.tsx";
import { Reason } from "../ui/Reason.tsx";
import { ThemeSwitch } from "../ui/theme/ThemeSwitch.tsx";
import type { Theme } from "../ui/theme/theme.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import { Logo } from "./Logo.tsx";
import { isOpenPage } from "./open-pages.ts";

/** With the whole of the uploads behind it: not for a signed-out page. */
const UploadButton = lazy(async () => ({ default: (await import("./Connected.tsx")).UploadButton }));

const LINK =
  "label flex min-h-14 items-center border-t-3 border-ink px-4 hover:bg-signal md:px-2.5 hover:text-black focus-visible:-outline-offset-6 aria-[current=page]:bg-ink aria-[current=page]:text-paper aria-[current=page]:focus-visible:outline-paper md:min-h-16 md:border-t-0 md:border-r-3 lg:px-5";

export function Header(): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  const signOut = async () => {
    setFailure(undefined);
    await logout().catch((error: unknown) => setFailure(t("stillSignedIn", reasonOf(error))));
  };
  const askToSignOut = async () => {
    // Here already where somebody is signed in, and not for a page where nobody is.
    const connected = await import("./Connected.tsx").catch(() => undefined);
    // Where it does not come, nothing is being sent.
    if (connected) connected.askToSignOut(() => void signOut());
    else await signOut();
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
      <div class="mx-auto flex w-full max-w-[1280px] flex-wrap items-stretch">
        <Logo />
        <nav
          id="main-menu"
          aria-label={t("main")}
          class="order-last w-full md:order-none md:flex md:w-auto"
          classList={{ hidden: !open(), "max-md:block": open() }}
        >
          <Links />
          {/* Where the row has no room for it. */}
          <Show when={me()}>
            <div class="flex min-h-14 items-center justify-between border-t-3 border-ink px-4 sm:hidden">
              <span class="label">{t("theme")}</span>
              <ThemeSwitch onChoose={keepTheme} />
            </div>
          </Show>
        </nav>
        <div class="ml-auto flex items-center gap-2 pr-4 md:pr-8 lg:gap-3">
          <Show when={!me()}>
            <a href="/docs" target="_blank" rel="noopener" class="label px-2 py-3 underline md:hidden">
              {t("api")}
            </a>
          </Show>
          <div classList={{ "max-sm:hidden": me() !== undefined }}>
            <ThemeSwitch onChoose={keepTheme} />
          </div>
          <Show when={me()} fallback={<SignInLink />}>
            {(user) => (
              <>
                <AccountMenu user={user()} onSignOut={() => void askToSignOut()} />
                <button
                  type="button"
                  class="grid size-11 place-items-center border-3 border-ink md:hidden"
                  aria-expanded={open()}
                  aria-controls="main-menu"
                  aria-label={t("menu")}
                  onClick={() => setOpen(!open())}
                >
                  <Icon name={open() ? "close" : "menu"} size={18} />
                </button>
                <LoadedPart
                  fallback={
                    <span class="button button-signal w-[116px] max-sm:w-11 max-sm:p-0" aria-hidden="true" />
                  }
                >
                  <UploadButton />
                </LoadedPart>
              </>
            )}
          </Show>
        </div>
      </div>
      <Show when={failure()}>
        {(message) => (
          <Reason message={message()}>
            <button type="button" class="button mt-4" onClick={() => void signOut()}>
              {t("signOutAgain")}
            </button>
          </Reason>
        )}
      </Show>
    </header>
  );
}

/** With the account, for other browsers. Where that fails, the choice still holds in this one. */
function keepTheme(theme: Theme): void {
  if (me()) void changeMe(() => ({ theme })).catch(() => undefined);
}

/** On pages that anybody may see; the forms have their own links. */
function SignInLink(): JSX.Element {
  const location = useLocation();
  return (
    <Show when={session().kind === "out" && !isOpenPage(location.pathname)}>
      <A href="/login" class="button">
        {t("signIn")}
      </A>
    </Show>
  );
}

function Links(): JSX.Element {
  const location = useLocation();
  const isUnder = (path: string) =>
    (path === "/" ? /^\/(videos\/|$)/.test(location.pathname) : location.pathname.startsWith(path))
      ? "page"
      : undefined;
  return (
    <>
      <Show when={me()}>
        {(user) => (
          <>
            <A href="/" class={LINK} aria-current={isUnder("/")}>
              {common("library")}
            </A>
            <Show when={user().role === "admin"}>
              <A href="/admin" class={LINK} aria-current={isUnder("/admin")}>
                {t("admin")}
              </A>
            </Show>
          </>
        )}
      </Show>
      {/* In a tab of its own: it is another document, and leaving this one would stop uploads. */}
      <a href="/docs" target="_blank" rel="noopener" class={LINK}>
        {t("api")}
        <span class="sr-only">{` ${t("newTab")}`}</span>
      </a>
    </>
  );
}
