/** Where one is signed in; signing out there, one by one or everywhere else. */
import { Key } from "@solid-primitives/keyed";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { createAct } from "../api/act.ts";
import { ApiError, reasonOf } from "../api/api-error.ts";
import { endOtherSessions, endSession, listSessions, type OwnSession } from "../api/own-sessions.ts";
import { Ago } from "../ui/Ago.tsx";
import { passFocus } from "../ui/pass-focus.ts";
import { Reason } from "../ui/Reason.tsx";
import { Panel } from "./Panel.tsx";

const KEY = ["sessions"] as const;
/** So many before the others are asked for. */
const SHOWN = 5;

export function Sessions(): JSX.Element {
  const client = useQueryClient();
  const sessions = useQuery(() => ({ queryKey: KEY, queryFn: listSessions }));
  const [isLong, setLong] = createSignal(false);
  const [said, setSaid] = createSignal("");
  let status: HTMLParagraphElement | undefined;
  const end = createAct(async (session?: OwnSession) => {
    await (session ? endSession(session.id) : endOtherSessions()).catch((error: unknown) => {
      // Signed out there meanwhile.
      if (!(error instanceof ApiError && error.code === "session.not_found")) throw error;
    });
    await client.invalidateQueries({ queryKey: KEY });
    setSaid(session ? `Signed out: ${nameOf(session)}.` : "Signed out everywhere else.");
    if (!session) status?.focus();
  });
  const known = () => (sessions.isSuccess ? sessions.data.items : undefined);
  // This one first; the API's order is by the last use.
  const all = () => (known() ?? []).toSorted((a, b) => Number(b.current) - Number(a.current));
  const shown = () => (isLong() ? all() : all().slice(0, SHOWN));
  return (
    <Panel title="Sessions">
      <Switch
        fallback={<div role="status" aria-label="Loading sessions" class="hatch h-32 border-3 border-ink" />}
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
            <button type="button" class="key justify-self-start" onClick={() => setLong(true)}>
              {`Show all ${all().length}`}
            </button>
          </Show>
        </Match>
      </Switch>
      <Show when={end.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
      <Show when={all().length > 1}>
        <button
          type="button"
          class="key justify-self-start"
          aria-disabled={end.busy()}
          onClick={() => end.run()}
        >
          Sign out everywhere else
        </button>
      </Show>
      <p ref={status} role="status" tabindex="-1" class="font-bold empty:hidden">
        {said()}
      </p>
    </Panel>
  );
}

const nameOf = ({ client }: OwnSession) => client ?? "Unknown device";

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
      class="flex flex-wrap items-center justify-between gap-3 border-t-3 border-ink p-3 first:border-t-0"
    >
      <div class="grid min-w-0 gap-1">
        <p class="flex flex-wrap items-center gap-2 font-bold wrap-anywhere">
          {nameOf(props.session)}
          <Show when={props.session.current}>
            <span class="label border-3 border-ink bg-signal px-1.5 py-0.5 text-black">This device</span>
          </Show>
        </p>
        <p class="number text-mute">
          {"used "}
          <Ago at={props.session.lastUsedAt} />
          {" · signed in "}
          <Ago at={props.session.createdAt} />
        </p>
      </div>
      <Show when={!props.session.current}>
        <button type="button" class="key" aria-disabled={props.busy} onClick={() => props.onEnd()}>
          Sign out
          <span class="sr-only">{` ${nameOf(props.session)}`}</span>
        </button>
      </Show>
    </li>
  );
}
