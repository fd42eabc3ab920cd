/**
 * What comes with a signed-in account on every page, in one request: live changes, the window's drop, the
 * tray of uploads, the header's upload button, the question before uploads are left.
 */
import { createEffect, type JSX, onCleanup, onMount, Show } from "solid-js";
import { queryClient } from "../api/cache.ts";
import { me, session } from "../api/session.ts";
import { followChanges } from "../live/follow.ts";
import { t } from "../messages/shell.ts";
import { Icon } from "../ui/Icon.tsx";
import { adoptTheme } from "../ui/theme/theme.ts";
import { Toasts } from "../ui/toasts/Toasts.tsx";
import { chooseFiles, takeFiles } from "../upload/choose/choose-files.ts";
import { WindowDrop } from "../upload/choose/WindowDrop.tsx";
import { ask } from "../upload/questions.ts";
import { isSending } from "../upload/store.ts";
import { Tray } from "../upload/tray/Tray.tsx";
import { forgetAccount } from "./forget-account.ts";

/** Stays once somebody was signed in: it ends what is of one account before the next. */
export default function Connected(): JSX.Element {
  // No data of one account may stay for the next. Where a session ended by itself, its uploads wait for it.
  createEffect<string | undefined>((before) => {
    const state = session();
    if (state.kind === "unknown" || state.kind === "unreachable") return before;
    const now = me()?.id;
    if (!before || before === now) return now ?? before;
    queryClient.clear();
    if (state.kind === "out" && state.ended) return before;
    forgetAccount();
    return now;
  });
  return (
    <Show when={me()?.id} keyed>
      <Live />
    </Show>
  );
}

function Live(): JSX.Element {
  onMount(() => {
    adoptTheme(me()?.theme ?? "system");
    onCleanup(followChanges());
    // What is shown is read again when the window is looked at again, or the network is back.
    queryClient.mount();
    onCleanup(() => queryClient.unmount());
  });
  return (
    <>
      <WindowDrop onFiles={(files, folders) => void takeFiles(files, folders)} isSending={isSending} />
      <Tray />
      <Toasts />
    </>
  );
}

/** Signs out; asks before, where something is being sent. */
export function askToSignOut(signOut: () => void): void {
  if (isSending()) ask({ kind: "sign-out", signOut });
  else signOut();
}

export function UploadButton(): JSX.Element {
  return (
    <button type="button" class="button button-signal max-sm:w-11 max-sm:p-0" onClick={chooseFiles}>
      <Icon name="plus" size={12} />
      <span class="max-sm:sr-only">{t("upload")}</span>
    </button>
  );
}
