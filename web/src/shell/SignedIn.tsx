/** Shows a page only when somebody is signed in; until that is known, its skeleton. */
import { Navigate, useLocation } from "@solidjs/router";
import { QueryClientProvider } from "@tanstack/solid-query";
import { type JSX, Match, Switch } from "solid-js";
import { queryClient } from "../api/cache.ts";
import { findSession, session } from "../api/session.ts";
import { Reason } from "../ui/Reason.tsx";

export function SignedIn(props: { skeleton: JSX.Element; children: JSX.Element }): JSX.Element {
  const location = useLocation();
  const next = () => {
    const now = session();
    const path = location.pathname + location.search;
    return path === "/" || (now.kind === "out" && now.left)
      ? "/login"
      : `/login?next=${encodeURIComponent(path)}`;
  };
  return (
    <Switch fallback={props.skeleton}>
      <Match when={session().kind === "in"}>
        <QueryClientProvider client={queryClient}>{props.children}</QueryClientProvider>
      </Match>
      <Match when={session().kind === "out"}>
        <Navigate href={next()} />
      </Match>
      <Match when={session().kind === "unreachable"}>
        <div class="gutter grid max-w-2xl gap-6 py-16">
          <Reason
            message="StorageX does not answer. It may be starting, or the network is gone."
            code="network.unreachable"
          >
            <button type="button" class="key mt-4" onClick={() => void findSession()}>
              Retry
            </button>
          </Reason>
        </div>
      </Match>
    </Switch>
  );
}
