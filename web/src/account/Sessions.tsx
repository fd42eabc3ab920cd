/** Where one is signed in; signing out there, one by one or everywhere else. */

import { Key } from "@solid-primitives/keyed";
import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { createAct } from "../api/act.ts";
import { ApiError, reasonOf } from "../api/api-error.ts";
import { queryClient } from "../api/cache.ts";
import { endOtherSessions, endSession, listSessions, type OwnSession } from "../api/calls/own-sessions.ts";
import { useQuery } from "../api/query.ts";
import { t } from "../messages/account.ts";
import { Ago } from "../ui/Ago.tsx";
import { passFocus } from "../ui/pass-focus.ts";
import { Reason, ReasonOf } from "../ui/Reason.tsx";
import { Panel } from "./Panel.tsx";

const KEY = ["sessions"] as const;
/** So many before the others are asked for. */
const SHOWN = 5;

export function Sessions(): JSX.Element {
  const sessions = useQuery(() => ({ queryKey: KEY, queryFn: listSessions }));
  const [isLong, setLong] = createSignal(false);
  const [said, setSaid] = createSignal("");
  let status: HTMLParagraphElement | undefined;
  const end = createAct(async (session?: OwnSession) => {
    await (session ? endSession(session.id) : endOtherSessions()).catch((error: unknown) => {
      // Signed out there meanwhile.
      if (!(error instanceof ApiError && error.code === "session.not_found")) throw error;
    });
    await queryClient.invalidateQueries({ queryKey: KEY });
    setSaid(session ? t("signedOut", nameOf(session)) : t("signedOutOthers"));
    if (!session) status?.focus();
  });
  const known = () => sessions.data?.items;
  // This one first; the API's order is by the last use.
  const all = () => (known() ?? []).toSorted((a, b) => Number(b.current) - Number(a.current));
  const shown = () => (isLong() ? all() : all().slice(0, SHOWN));
  return (
    <Panel title={t("sessions")}>
      <Switch
        fallback={
          <div role="status" aria-label={t("loadingSessions")} class="hatch h-32 border-3 border-ink" />
        }
      >
        <Match when={sessions.isError}>
          <Reason message={reasonOf(sessions.error)} />
        </Match>
        <Match when={known()}>
          <ul class="border-3 border-ink">
            <Key each={shown()} by="id">
              {(session) => (
                <Row
                  session={session()}
                  busy={end.busy()}
                  onEnd={() => end.run(session())}
                  otherwise={() => status}
                />
              )}
            </Key>
          </ul>
          <Show when={all().length > shown().length}>
            <button type="button" class="button justify-self-start" onClick={() => setLong(true)}>
              {t("showAll", all().length)}
            </button>
          </Show>
        </Match>
      </Switch>
      <ReasonOf failure={end.failure()} />
      <Show when={all().length > 1}>
        <button
          type="button"
          class="button justify-self-start"
          aria-disabled={end.busy()}
          onClick={() => end.run()}
        >
          {t("signOutOthers")}
        </button>
      </Show>
      <p ref={status} role="status" tabindex="-1" class="font-bold empty:hidden">
        {said()}
      </p>
    </Panel>
  );
}

const nameOf = ({ client }: OwnSession) => client ?? t("unknownDevice");

function Row(props: {
  session: OwnSession;
  busy: boolean;
  onEnd: () => void;
  otherwise: () => HTMLElement | undefined;
}): JSX.Element {
  let row: HTMLLIElement | undefined;
  passFocus(() => row, props.otherwise);
  return (
    <li
      ref={row}
      class="grid items-center gap-x-4 gap-y-3 border-t-3 border-ink p-3 first:border-t-0 sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div class="grid min-w-0 gap-1">
        <p class="flex flex-wrap items-center gap-2 font-bold wrap-anywhere">
          {nameOf(props.session)}
          <Show when={props.session.current}>
            <span class="label border-3 border-ink bg-signal px-1.5 py-0.5 text-black">
              {t("thisDevice")}
            </span>
          </Show>
        </p>
        <p class="number text-mute">
          {`${t("used")} `}
          <Ago at={props.session.lastUsedAt} />
          {` · ${t("signedIn")} `}
          <Ago at={props.session.createdAt} />
        </p>
      </div>
      <Show when={!props.session.current}>
        <button
          type="button"
          class="button justify-self-start"
          aria-disabled={props.busy}
          aria-label={t("signOutOf", nameOf(props.session))}
          onClick={() => props.onEnd()}
        >
          {t("signOut")}
        </button>
      </Show>
    </li>
  );
}
