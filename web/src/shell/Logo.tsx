/** The logo. */
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { t } from "../messages/shell.ts";

export function Logo(): JSX.Element {
  return (
    <A
      href="/"
      aria-label={t("home")}
      class="headline flex min-h-16 items-center gap-1 bg-ink px-3 text-title max-[359px]:px-2 max-[359px]:text-base text-paper focus-visible:-outline-offset-6 focus-visible:outline-paper md:border-r-3 md:border-paper md:px-8 md:text-large"
    >
      Storage
      <span class="bg-signal px-2 py-1.5 text-black">X</span>
    </A>
  );
}
