/** The head of the library: a dashed box with a large sentence. The whole window accepts drops. */
import { For, type JSX, Show } from "solid-js";
import { me } from "../api/session.ts";
import { t } from "../messages/library.ts";
import { formatLimit } from "../ui/format.ts";
import { chooseFiles } from "../upload/choose/choose-files.ts";
import { ImportButton, UploadLinksLink } from "./ImportButton.tsx";
import { Stored } from "./Stored.tsx";

export function LibraryHead(): JSX.Element {
  return (
    <section
      aria-labelledby="library-title"
      class="flex flex-col gap-6 border-3 border-dashed border-ink p-5 md:p-8 lg:flex-row lg:items-center lg:justify-between"
    >
      <h1 id="library-title" class="headline text-phone md:text-giant">
        <For each={t("headLines")}>
          {(line, index) => (
            <>
              <Show when={index() > 0}>
                <br />
              </Show>
              {line}
            </>
          )}
        </For>
      </h1>
      <div class="flex shrink-0 flex-wrap items-center justify-between gap-4 lg:flex-col lg:items-end">
        <p class="number lg:text-right">
          MP4 MOV MKV WEBM TS AVI
          <br />
          <Show when={me()}>{(user) => t("upTo", formatLimit(user().maxUploadBytes))}</Show>
          {t("straight")}
          <br />
          <Stored />
        </p>
        <div class="flex flex-wrap gap-3 lg:justify-end">
          <ImportButton />
          <UploadLinksLink />
          <button type="button" class="button" onClick={chooseFiles}>
            {t("chooseFiles")}
          </button>
        </div>
      </div>
    </section>
  );
}
