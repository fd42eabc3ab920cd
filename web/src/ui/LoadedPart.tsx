/**
 * Parts of a page whose script is loaded when they are shown. After an update of the server, the scripts of a page from
 * before it are gone: that is said in one place, and takes nothing else of the page with it.
 */
import { createSignal, ErrorBoundary, type JSX, onMount, Show, Suspense } from "solid-js";
import { t } from "../messages/shell.ts";
import { Reason } from "./Reason.tsx";

const [isOutdated, setOutdated] = createSignal(false);

/** Said once an import has failed, whoever asked for it. The browser asks before it leaves uploads. */
export function OutdatedNotice(): JSX.Element {
  // Vite's own event, of every import.
  onMount(() => addEventListener("vite:preloadError", () => setOutdated(true)));
  return (
    <Show when={isOutdated()}>
      <div class="sticky top-0 z-10">
        <Reason message={t("outdated")}>
          <button type="button" class="key mt-4" onClick={() => location.reload()}>
            {t("reload")}
          </button>
        </Reason>
      </div>
    </Show>
  );
}

/** A lazy component, or a page with some. Without its script it is left out; other errors are the whole page's. */
export function LoadedPart(props: { fallback?: JSX.Element; children: JSX.Element }): JSX.Element {
  const leaveOut = (error: unknown) => {
    if (!isOutdated()) throw error;
    return undefined;
  };
  return (
    <ErrorBoundary fallback={leaveOut}>
      <Suspense fallback={props.fallback}>{props.children}</Suspense>
    </ErrorBoundary>
  );
}
