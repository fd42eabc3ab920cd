/** The app around every page: head, router, and what comes with a signed-in account. */
import { MetaProvider, Title } from "@solidjs/meta";
import { Router, useLocation } from "@solidjs/router";
import { FileRoutes } from "@solidjs/start/router";
import { createEffect, createMemo, type JSX, lazy, onCleanup, onMount, Show, untrack } from "solid-js";
import { followNetwork } from "./api/network.ts";
import { findSession, followTabs, me } from "./api/session.ts";
import { Header } from "./shell/Header.tsx";
import { isLinkedPage } from "./shell/open-pages.ts";
import "./styles/app.css";
import { t } from "./messages/shell.ts";
import { LoadedPart, OutdatedNotice } from "./ui/LoadedPart.tsx";

/** Not loaded on a page where nobody has been signed in. */
const Connected = lazy(() => import("./shell/Connected.tsx"));

export default function App(): JSX.Element {
  return (
    <MetaProvider>
      <Title>StorageX</Title>
      <Router root={Frame}>
        <FileRoutes />
      </Router>
    </MetaProvider>
  );
}

function Frame(props: { children?: JSX.Element }): JSX.Element {
  onMount(() => {
    onCleanup(followTabs());
    onCleanup(followNetwork());
  });
  const location = useLocation();
  const isLinked = () => isLinkedPage(location.pathname);
  // Not on the page of an upload link: whoever uploads there does so as nobody.
  createEffect<boolean>((isSought) => {
    if (!isSought && !isLinked()) void untrack(findSession);
    return isSought || !isLinked();
  }, false);
  const wasSignedIn = createMemo<boolean>((was) => was || me() !== undefined, false);
  return (
    <>
      <a href="#content" class="button button-signal fixed top-2 left-2 z-50 not-focus:sr-only">
        {t("skip")}
      </a>
      <Header />
      <OutdatedNotice />
      <div id="content" tabindex="-1" class="outline-none">
        <LoadedPart>{props.children}</LoadedPart>
      </div>
      <Show when={wasSignedIn() && !isLinked()}>
        <LoadedPart>
          <Connected />
        </LoadedPart>
      </Show>
    </>
  );
}
