/** The app around every page: head, router, uploads, and the live connection while somebody is signed in. */
import { MetaProvider, Title } from "@solidjs/meta";
import { Router } from "@solidjs/router";
import { FileRoutes } from "@solidjs/start/router";
import { QueryClientProvider } from "@tanstack/solid-query";
import { createEffect, type JSX, onCleanup, onMount, Show, Suspense } from "solid-js";
import { queryClient } from "./api/cache.ts";
import { followNetwork } from "./api/network.ts";
import { findSession, followTabs, me, session } from "./api/session.ts";
import { followChanges } from "./live/follow.ts";
import { Header } from "./shell/Header.tsx";
import { Toasts } from "./ui/Toasts.tsx";
import { Tray } from "./upload/Tray.tsx";
import { stopAll } from "./upload/uploads.ts";
import { WindowDrop } from "./upload/WindowDrop.tsx";
import "./styles/app.css";

export default function App(): JSX.Element {
  return (
    <QueryClientProvider client={queryClient}>
      <MetaProvider>
        <Title>StorageX</Title>
        <Router root={Frame}>
          <FileRoutes />
        </Router>
      </MetaProvider>
    </QueryClientProvider>
  );
}

function Frame(props: { children?: JSX.Element }): JSX.Element {
  onMount(() => {
    onCleanup(followTabs());
    onCleanup(followNetwork());
    void findSession();
  });
  // No data of one account may stay for the next. Where a session ended by itself, its uploads wait for it.
  createEffect<string | undefined>((before) => {
    const state = session();
    if (state.kind === "unknown" || state.kind === "unreachable") return before;
    const now = me()?.id;
    if (!before || before === now) return now ?? before;
    queryClient.clear();
    if (state.kind === "out" && state.ended) return before;
    stopAll();
    return now;
  });
  return (
    <>
      <a href="#content" class="key key-signal fixed top-2 left-2 z-50 not-focus:sr-only">
        Skip to content
      </a>
      <Header />
      <div id="content" tabindex="-1" class="outline-none">
        <Suspense>{props.children}</Suspense>
      </div>
      <Show when={me()?.id} keyed>
        <Connected />
      </Show>
    </>
  );
}

function Connected(): JSX.Element {
  onMount(() => onCleanup(followChanges()));
  return (
    <>
      <WindowDrop />
      <Tray />
      <Toasts />
    </>
  );
}
