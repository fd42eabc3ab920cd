/** The logo. */
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";

export function Mark(): JSX.Element {
  return (
    <A
      href="/"
      aria-label="StorageX library"
      class="headline flex min-h-16 items-center gap-1 bg-ink px-3 text-title max-[359px]:px-2 max-[359px]:text-base text-paper focus-visible:-outline-offset-6 focus-visible:outline-paper md:px-8 md:text-large"
    >
      Storage
      <span class="bg-signal px-2 py-1.5 text-black">X</span>
    </A>
  );
}
