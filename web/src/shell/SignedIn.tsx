/** Shows a page only when somebody is signed in; until that is known, its skeleton. */
import { Navigate, useLocation } from "@solidjs/router";
import { type JSX, Match, Show, Suspense, Switch } from "solid-js";
import { findSession, session } from "../api/session.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/shell.ts";
import { Reason } from "../ui/Reason.tsx";

export function SignedIn(props: { skeleton: JSX.Element; children: JSX.Element }): JSX.Element {
  const location = useLocation();
  // Where one comes from another page, the router keeps that one until this one has its data.
  const isFirst = session().kind !== "in";
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
        <Show when={isFirst} fallback={props.children}>
          <Suspense fallback={props.skeleton}>{props.children}</Suspense>
        </Show>
      </Match>
      <Match when={session().kind === "out"}>
        <Navigate href={next()} />
      </Match>
      <Match when={session().kind === "unreachable"}>
        <div class="gutter grid max-w-2xl gap-6 py-16">
          <Reason message={t("down")} code="network.unreachable">
            <button type="button" class="button mt-4" onClick={() => void findSession()}>
              {common("retry")}
            </button>
          </Reason>
        </div>
      </Match>
    </Switch>
  );
}
