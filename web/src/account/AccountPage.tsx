/**
 * The layout of login, register and setup: a large sentence on the left, one column of fields on the right.
 */
import { Title } from "@solidjs/meta";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, For, type JSX } from "solid-js";
import { session } from "../api/session.ts";
import { safeNext } from "../shell/next.ts";

const STEPS = [
  "Drop a file of many gigabytes. It goes straight to private storage.",
  "Watch it after seconds, while the rest is still being encoded.",
  "Stop half-way, lose the network: it goes on where it was.",
];

export function AccountPage(props: {
  title: string;
  sentence: JSX.Element;
  children: JSX.Element;
}): JSX.Element {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  createEffect(() => {
    if (session().kind !== "in") return;
    const next = typeof search.next === "string" ? search.next : undefined;
    navigate(safeNext(next), { replace: true });
  });
  return (
    <main class="gutter grid items-start gap-8 py-8 md:gap-12 md:py-16 lg:grid-cols-[1fr_420px]">
      <Title>{`${props.title} · StorageX`}</Title>
      <div class="grid gap-8">
        <p class="headline text-phone md:text-giant">{props.sentence}</p>
        <ol class="hidden max-w-md border-3 border-ink lg:grid">
          <For each={STEPS}>
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
      </div>
      <div class="frame p-5 shadow-drop md:p-8">
        <h1 class="headline mb-6 text-large">{props.title}</h1>
        {props.children}
      </div>
    </main>
  );
}
