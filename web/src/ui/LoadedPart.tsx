/**
 * Parts of a page whose script is loaded when they are shown. After an update of the server, the scripts of a page from
 * before it are gone: that is said in one place, and takes nothing else of the page with it.
 */
import { useLocation } from "@solidjs/router";
import {
  createEffect,
  createSignal,
  ErrorBoundary,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
  Suspense,
} from "solid-js";
import { t } from "../messages/shell.ts";
import { Reason } from "./Reason.tsx";

/** Whether an import has failed on this page, whoever asked for it. */
const [hasFailed, setFailed] = createSignal(false);
/** How many parts are left out now. */
const [missing, setMissing] = createSignal(0);
/** What failed imports threw: other errors are none of an update. */
const ofImports = new WeakSet<WeakKey>();

/** Said while something of the page is missing. The browser asks before it leaves uploads. */
export function OutdatedNotice(): JSX.Element {
  // Vite's own event, of every import.
  onMount(() =>
    addEventListener("vite:preloadError", ({ payload }) => {
      ofImports.add(payload);
      setFailed(true);
    }),
  );
  const location = useLocation();
  // The next page may be whole.
  createEffect(
    on(
      () => location.pathname,
      () => setFailed(false),
      { defer: true },
    ),
  );
  return (
    <Show when={hasFailed() || missing() > 0}>
      <div class="sticky top-0 z-10">
        <Reason message={t("outdated")}>
          <button type="button" class="button mt-4" onClick={() => window.location.reload()}>
            {t("reload")}
          </button>
        </Reason>
      </div>
    </Show>
  );
}

/**
 * A lazy component, or a page with some. Without its script it is left out until the path changes; other errors are
 * the whole page's.
 */
export function LoadedPart(props: {
  fallback?: JSX.Element;
  /** Called where it is left out. */
  onMissing?: () => void;
  children: JSX.Element;
}): JSX.Element {
  const leaveOut = (error: unknown) => {
    if (!isOfImport(error)) throw error;
    return <Missing onMissing={() => props.onMissing?.()} />;
  };
  return (
    <ErrorBoundary fallback={leaveOut}>
      <Suspense fallback={props.fallback}>{props.children}</Suspense>
    </ErrorBoundary>
  );
}

const isOfImport = (error: unknown): boolean =>
  typeof error === "object" && error !== null && ofImports.has(error);

function Missing(props: { onMissing: () => void }): JSX.Element {
  onMount(() => {
    setMissing((count) => count + 1);
    onCleanup(() => setMissing((count) => count - 1));
    props.onMissing();
  });
  return undefined;
}
