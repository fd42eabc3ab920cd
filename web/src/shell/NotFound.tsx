/** The "not found" page. */
import { A } from "@solidjs/router";
import { HttpStatusCode } from "@solidjs/start";
import type { JSX } from "solid-js";
import { t } from "../messages/lost.ts";

export function NotFound(props: { what: string; why: string }): JSX.Element {
  return (
    <main class="gutter grid gap-8 py-10 md:py-16">
      <HttpStatusCode code={404} />
      <div class="grid aspect-[16/10] max-h-[420px] w-full grid-rows-[1fr_auto] border-3 border-ink shadow-drop sm:aspect-[21/9]">
        <div class="hatch grid place-items-center overflow-hidden">
          <p
            class="headline border-3 border-ink bg-paper px-5 py-3 text-[clamp(4rem,18vw,11rem)] leading-none"
            aria-hidden="true"
          >
            404
          </p>
        </div>
        <div class="label flex min-h-10 items-center justify-between border-t-3 border-ink bg-paper px-3">
          <span>{t("lostFootage")}</span>
          <span class="number">0:00 / 0:00</span>
        </div>
      </div>
      <div class="grid gap-4">
        <h1 class="headline text-phone md:text-huge">{props.what}</h1>
        <p class="max-w-prose">{props.why}</p>
        <A href="/" class="button button-signal justify-self-start">
          {t("toLibrary")}
        </A>
      </div>
    </main>
  );
}
