/** The head of a library that has videos: one line. The whole window takes files anyway. */
import type { JSX } from "solid-js";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/library.ts";
import { chooseFiles } from "../upload/choose/choose-files.ts";
import { ImportButton } from "./ImportButton.tsx";
import { Stored } from "./Stored.tsx";

/** `count` such as `26 videos`; undefined until it is known. */
export function DropLine(props: { count: string | undefined }): JSX.Element {
  return (
    <section
      aria-labelledby="library-title"
      class="flex min-h-16 flex-wrap items-center justify-between gap-x-6 gap-y-2 border-3 border-dashed border-ink px-4 py-2"
    >
      <div class="grid gap-1 sm:grow sm:basis-44">
        <h1 id="library-title" class="headline text-large">
          {common("library")}
        </h1>
        <p class="number min-h-4.5 text-mute" aria-live="polite">
          {props.count}
          {props.count ? " · " : ""}
          <Stored />
        </p>
      </div>
      <div class="flex flex-wrap items-center gap-3">
        <span class="number max-lg:hidden">{t("dropAnywhere")}</span>
        <button type="button" class="button max-md:hidden" onClick={chooseFiles}>
          {t("chooseFiles")}
        </button>
        <ImportButton />
      </div>
    </section>
  );
}
