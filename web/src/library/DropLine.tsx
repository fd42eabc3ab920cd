/** The head of a library that has videos: one line. The whole window takes files anyway. */
import type { JSX } from "solid-js";
import { chooseFiles } from "../upload/choose.ts";
import { Stored } from "./Stored.tsx";

/** `count` such as `24+ videos`; undefined until it is known. */
export function DropLine(props: { count: string | undefined }): JSX.Element {
  return (
    <section
      aria-labelledby="library-title"
      class="flex min-h-16 flex-wrap items-center justify-between gap-x-6 gap-y-2 border-3 border-dashed border-ink px-4 py-2"
    >
      <div class="flex flex-wrap items-baseline gap-x-4">
        <h1 id="library-title" class="headline text-large">
          Library
        </h1>
        <p class="number text-mute" aria-live="polite">
          {props.count}
          {props.count ? " · " : ""}
          <Stored />
        </p>
      </div>
      <div class="flex flex-wrap items-center gap-3">
        <span class="number max-lg:hidden">Drop videos anywhere, or</span>
        <button type="button" class="key max-md:hidden" onClick={chooseFiles}>
          Choose files
        </button>
      </div>
    </section>
  );
}
