/**
 * The layout of login, register, setup, join and reset: a large sentence on the left, one column of fields on
 * the right. `steps` for people who do not know StorageX yet.
 */
import { Title } from "@solidjs/meta";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, For, type JSX, Show } from "solid-js";
import { session } from "../api/session.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/entry.ts";
import { safeNext } from "../shell/next.ts";
import { PageLanguage } from "./PageLanguage.tsx";

export function AccountPage(props: {
  title: string;
  /** The large sentence, line by line. */
  lines: readonly string[];
  steps?: boolean;
  /** Shown to who is signed in, too. */
  stays?: boolean;
  children: JSX.Element;
}): JSX.Element {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  createEffect(() => {
    if (props.stays || session().kind !== "in") return;
    const next = typeof search.next === "string" ? search.next : undefined;
    navigate(safeNext(next), { replace: true });
  });
  return (
    <main class="gutter grid items-start gap-8 py-8 md:gap-12 md:py-16 lg:grid-cols-[1fr_480px] lg:pt-[12svh]">
      <Title>{common("pageTitle", props.title)}</Title>
      <div class="grid gap-8">
        <p class="headline text-phone md:text-giant">
          <For each={props.lines}>
            {(line, index) => (
              <>
                <Show when={index() > 0}>
                  <br />
                </Show>
                {line}
              </>
            )}
          </For>
        </p>
        <Show when={props.steps}>
          <ol class="hidden border-3 border-ink lg:grid">
            <For each={t("steps")}>
              {(step, index) => (
                <li class="flex items-center gap-4 border-t-3 border-ink first:border-t-0">
                  <span class="headline grid w-14 shrink-0 place-items-center self-stretch bg-signal text-large text-black">
                    {index() + 1}
                  </span>
                  <span class="py-3 pr-4">{step}</span>
                </li>
              )}
            </For>
          </ol>
        </Show>
      </div>
      <div class="frame p-5 shadow-drop md:p-8">
        <h1 class="headline mb-6 text-large">{props.title}</h1>
        {props.children}
        <PageLanguage />
      </div>
    </main>
  );
}
